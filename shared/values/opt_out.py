"""What a withdrawal means in Dataverse: which consent rows say no from then on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from shared.values.consent_reason import opt_out_reason
from shared.values.form import Form
from shared.values.keyed_digest import keyed_uuid
from shared.values.mailbox import canonical
from shared.values.record import Record

PurposeAndTopic = tuple[str, str | None]


@dataclass(frozen=True, kw_only=True)
class EndedConsent:
    """A purpose, or a topic of a purpose. `new_id` is for a row that does not exist yet.

    `spares_topics`: the row of a purpose that only a topic was asked for. It stays as it is while
    the address has opted in to another topic of that purpose, which would count no more without it.
    """

    new_id: str
    purpose_id: str
    topic_id: str | None
    spares_topics: bool = False


@dataclass(frozen=True, kw_only=True)
class Withdrawal:
    """When; and whether a mail program did so for the person (RFC 8058)."""

    at: datetime
    one_click: bool


@dataclass(frozen=True, kw_only=True)
class OptOut:
    """The address withdraws these consents; `row_ids` are rows that are ended by their ids."""

    email: str
    consents: tuple[EndedConsent, ...]
    row_ids: tuple[str, ...]
    reason: str
    withdrawal: Withdrawal


def opt_out_of(
    record: Record,
    others: Iterable[Record],
    withdrawal: Withdrawal,
    forms: Mapping[str, Form],
    pepper: str,
) -> OptOut:
    """What `record` opted in to ends. `others` are the other records of the mailbox.

    Where the record's form does not tell any more what was consented to, the rows end that were
    written at the time.
    """
    ended = consented_to(record, forms)
    lasting: set[PurposeAndTopic] = set()
    for other in others:
        if other.was_confirmed and not other.was_withdrawn and _same_address(record, other):
            lasting |= consented_to(other, forms)
    still_needed = {purpose for purpose, _ in lasting - ended}
    rows: dict[PurposeAndTopic, bool] = {
        (purpose, None): True for purpose, topic in ended if topic and purpose not in still_needed
    }
    rows |= dict.fromkeys(ended, False)
    address = canonical(record.email)
    return OptOut(
        email=record.email,
        consents=tuple(
            EndedConsent(
                new_id=keyed_uuid(pepper, "consent", address, purpose, topic or ""),
                purpose_id=purpose,
                topic_id=topic,
                spares_topics=spares,
            )
            for (purpose, topic), spares in sorted(rows.items(), key=str)
        ),
        row_ids=_written_rows(record, forms),
        reason=opt_out_reason(record.registration_id, withdrawal.at),
        withdrawal=withdrawal,
    )


def consented_later(record: Record, others: Iterable[Record], forms: Mapping[str, Form]) -> bool:
    """Whether the address has said yes to any of it again since the record was withdrawn."""
    latest = max(note.at for note in record.withdrawals)
    ended = consented_to(record, forms)
    return any(
        other.click is not None
        and other.click.at > latest
        and _same_address(record, other)
        and not ended.isdisjoint(consented_to(other, forms))
        for other in others
    )


def consented_to(record: Record, forms: Mapping[str, Form]) -> set[PurposeAndTopic]:
    """Purposes and topics of the given consents, as far as the form still has them."""
    form = forms.get(record.form)
    given = {consent.id for consent in record.consents}
    consents = form.consents if form else ()
    return {(one.purpose_id, one.topic_id) for one in consents if one.id in given}


def _written_rows(record: Record, forms: Mapping[str, Form]) -> tuple[str, ...]:
    """Needed only where the form, or a consent of it, was removed since."""
    form = forms.get(record.form)
    known = {consent.id for consent in form.consents} if form else set()
    told = all(given.id in known for given in record.consents)
    return () if told or record.promotion is None else record.promotion.consent_ids


def _same_address(one: Record, other: Record) -> bool:
    """A mailbox has several addresses, and each consented for itself."""
    return canonical(one.email) == canonical(other.email)
