"""Everything that is stored about one address, as a document (GDPR Art. 15 and 20)."""

from collections.abc import Iterator
from typing import Any

from shared.known_person import KnownPerson
from shared.person_messages import QueuedMessage, messages_of
from shared.ports import Outside
from shared.values.base import Value
from shared.values.dataverse.person_rows import PersonRow, PersonRows
from shared.values.lead_row import LeadRow

# What opens something and says nothing of the person; and what is told in plain words besides.
_LEFT_OUT = frozenset({"slots", "origins"})


def export_of(
    person: KnownPerson, outside: Outside, dataverse: PersonRows | None = None
) -> dict[str, Any]:
    """JSON, by the names of the tables. Nothing of other addresses of the mailbox.

    `dataverse` is None where it was not asked. Raises TemporaryFailure.
    """
    mailbox = person.mailbox.value
    note = mailbox.erased.get(person.digest)
    until = mailbox.suppressed_until
    return {
        "address": person.address,
        "exportedAt": outside.now().isoformat(),
        "registrations": [_told(stored.value) for stored in person.records],
        "mailbox": {
            "mailedAt": [at.isoformat() for at in mailbox.mailed_at],
            "suppressedUntil": until.isoformat() if until else None,
            "erased": _told(note) if note else None,
        },
        "leftOfErased": [_told(proof) for proof in person.proofs],
        "messages": [_message(one) for one in messages_of(person, outside)],
        "leads": [_told(row) for row in _leads(person, outside)],
        "dataverse": None if dataverse is None else _rows(dataverse),
    }


def _leads(person: KnownPerson, outside: Outside) -> Iterator[LeadRow]:
    leads = [stored.value.lead for stored in person.records]
    for lead in filter(None, leads):
        if row := outside.lead_rows.find(lead.lead_id):
            yield row.value


def _message(one: QueuedMessage) -> dict[str, Any]:
    """What cannot be read could name anybody else as well: an operator has to look at it."""
    return {
        "queue": one.queue,
        "id": one.message.id,
        "putAt": one.message.put_at.isoformat(),
        "content": _told(one.content) if one.content else None,
    }


def _rows(found: PersonRows) -> dict[str, Any]:
    def told(rows: tuple[PersonRow, ...]) -> list[dict[str, Any]]:
        return [dict(row.columns) for row in rows]

    return {
        "contacts": told(found.contacts),
        "consents": told(found.consents),
        "journeyRows": told(found.journey_rows),
    }


def _told(value: Value) -> dict[str, Any]:
    told: dict[str, Any] = _told_of(value.model_dump(mode="json", by_alias=True))
    return told


def _told_of(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _told_of(one) for name, one in value.items() if name not in _LEFT_OUT}
    if isinstance(value, list):
        return [_told_of(one) for one in value]
    return value
