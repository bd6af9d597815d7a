"""What to write for a person who confirmed, given what Dataverse already has."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from shared.adapters.consent_rows import (
    OPTED_IN,
    FoundConsent,
    consent_creation,
    consent_identity,
    consent_update,
    free_id,
    patch,
)
from shared.adapters.contact_look_up import CONTACTS, EMAIL, FoundRows
from shared.adapters.dataverse_batch import Operation
from shared.adapters.journey_rows import FoundJourneyRow, journey_row_creation
from shared.failures import PermanentFailure
from shared.ports import WrittenContact
from shared.values.consent_reason import word_in
from shared.values.contact import ConsentRow, ContactWithConsents

_OPTED_IN: Final = {
    "msdynmkt_value": OPTED_IN,
    "msdynmkt_source": 534120000,  # Internal
    "msdynmkt_logicalreason": 534120001,  # Opt-in - Landing page
}


@dataclass(frozen=True, kw_only=True)
class Changes:
    """Operations for one change set, maybe none, and what comes out of them."""

    operations: tuple[Operation, ...]
    written: WrittenContact


@dataclass(frozen=True, kw_only=True)
class _OptIn:
    """The rows of one consent, and what to do to them."""

    ids: tuple[str, ...]
    operations: tuple[Operation, ...]


def changes(
    contact: ContactWithConsents, found: FoundRows, navigation: Mapping[str, str]
) -> Changes:
    """Create or update the contact, opt its address in, and create the journey row if any.

    New rows have derived ids and are only ever created; rows that were found are only updated.
    So whatever somebody else did since the look-up refuses the change set as a whole, and a new
    look-up can decide. `navigation` names the lookups' navigation properties by column.
    Raises PermanentFailure.
    """
    if found.journey_row:
        return Changes(operations=(), written=_written_before(contact, found, found.journey_row))
    opt_ins = [_opt_in(contact, consent, found, navigation) for consent in contact.consents]
    operations = [operation for opt_in in opt_ins for operation in opt_in.operations]
    # The change set is atomic: with all consents, the contact was written as well.
    written_before = bool(opt_ins) and not operations
    if not found.contact_ids:
        contact_id = free_id(contact.new_id, found.taken_ids)
        created = patch(CONTACTS, contact_id, {"If-None-Match": "*"}, _new_columns(contact))
        operations.insert(0, created)
    else:
        contact_id = found.contact_ids[0]
        columns = _changed_columns(contact)
        if columns and not written_before:
            operations.insert(0, patch(CONTACTS, contact_id, {"If-Match": "*"}, columns))
    if contact.journey_row:
        operations.append(journey_row_creation(contact.journey_row, contact_id))
    written = WrittenContact(
        contact_id=contact_id,
        created=not found.contact_ids,
        consent_ids=tuple(row_id for opt_in in opt_ins for row_id in opt_in.ids),
    )
    return Changes(operations=tuple(operations), written=written)


def _written_before(
    contact: ContactWithConsents, found: FoundRows, journey_row: FoundJourneyRow
) -> WrittenContact:
    """The change set is atomic: with the row, everything was written, whatever happened since."""
    if journey_row.contact_id is None:
        raise PermanentFailure(
            "Dataverse: the row that started the journey names no contact any more: the contact was"
            " deleted since. To start anew, delete the row as well, then replay"
        )
    consented = [
        row.id
        for consent in contact.consents
        for row in found.consents
        if row.concerns(consent.purpose_id, consent.topic_id)
    ]
    return WrittenContact(
        contact_id=journey_row.contact_id, created=False, consent_ids=tuple(consented)
    )


def _new_columns(contact: ContactWithConsents) -> dict[str, Any]:
    return {**contact.columns, EMAIL: contact.email}


def _changed_columns(contact: ContactWithConsents) -> dict[str, Any]:
    """Without the address: it is the same one, and the contact keeps its spelling."""
    return {name: value for name, value in contact.columns.items() if name != EMAIL}


def _opt_in(
    contact: ContactWithConsents,
    consent: ConsentRow,
    found: FoundRows,
    navigation: Mapping[str, str],
) -> _OptIn:
    """Update all rows there are, as CIJ's own recipe does; create one where there is none.

    learn.microsoft.com/dynamics365/customer-insights/journeys/consent-record-creation
    """
    opted_in = {**_OPTED_IN, "msdynmkt_reason": consent.reason}
    existing = [row for row in found.consents if row.concerns(consent.purpose_id, consent.topic_id)]
    ids = tuple(row.id for row in existing)
    if any(row.reason == consent.reason or _superseded(row, consent) for row in existing):
        # Written by an attempt whose answer got lost, and maybe opted out since; or the person
        # has said something else before we came to write it.
        return _OptIn(ids=ids, operations=())
    if existing:
        operations = tuple(consent_update(row, opted_in) for row in existing)
        return _OptIn(ids=ids, operations=operations)
    new_id = free_id(consent.new_id, found.taken_ids)
    identity = consent_identity(contact.email, consent.purpose_id, consent.topic_id, navigation)
    return _OptIn(ids=(new_id,), operations=(consent_creation(new_id, {**opted_in, **identity}),))


def _superseded(row: FoundConsent, consent: ConsentRow) -> bool:
    said, last = word_in(consent.reason), row.word
    return bool(said and last and last.supersedes(said))
