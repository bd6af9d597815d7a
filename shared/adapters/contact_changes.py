"""What to write for a person who confirmed, given what Dataverse already has."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from shared.adapters.contact_look_up import (
    CONSENTS,
    CONTACT_POINT_IS_EMAIL,
    CONTACTS,
    EMAIL,
    FoundRows,
)
from shared.adapters.dataverse_batch import Operation
from shared.adapters.dataverse_query import row
from shared.adapters.journey_rows import FoundJourneyRow, journey_row_creation
from shared.failures import PermanentFailure
from shared.ports import WrittenContact
from shared.values.contact import ConsentRow, ContactWithConsents

# Columns and option values of the consent table: https://learn.microsoft.com/en-us/dynamics365/
# developer/reference/entities/msdynmkt_contactpointconsent4
_OPTED_IN: Final = {
    "msdynmkt_value": 534120001,
    "msdynmkt_source": 534120000,  # Internal
    "msdynmkt_logicalreason": 534120001,  # Opt-in, landing page
}
_IS_PURPOSE = 534120000
_IS_TOPIC = 534120001


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
        contact_id = _free_id(contact.new_id, found)
        operations.insert(0, _create(CONTACTS, contact_id, _new_columns(contact)))
    else:
        contact_id = found.contact_ids[0]
        columns = _changed_columns(contact)
        if columns and not written_before:
            operations.insert(0, _update(CONTACTS, contact_id, columns))
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
        row.id for consent in contact.consents for row in found.consents if row.concerns(consent)
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
    existing = [row for row in found.consents if row.concerns(consent)]
    ids = tuple(row.id for row in existing)
    if any(row.reason == consent.reason for row in existing):
        # Written by an attempt whose answer got lost. The person may have opted out since.
        return _OptIn(ids=ids, operations=())
    if existing:
        operations = tuple(_update(CONSENTS, row_id, opted_in) for row_id in ids)
        return _OptIn(ids=ids, operations=operations)
    new_id = _free_id(consent.new_id, found)
    columns = {**opted_in, **_identity(contact, consent, navigation)}
    return _OptIn(ids=(new_id,), operations=(_create(CONSENTS, new_id, columns),))


def _identity(
    contact: ContactWithConsents, consent: ConsentRow, navigation: Mapping[str, str]
) -> dict[str, Any]:
    """Whose consent, and to what. A topic's row names the purpose as well."""
    columns = {
        "msdynmkt_contactpointvalue": contact.email,
        "msdynmkt_contactpointtype": CONTACT_POINT_IS_EMAIL,
        "msdynmkt_contactpointconsenttype": _IS_TOPIC if consent.topic_id else _IS_PURPOSE,
        _bind(navigation, "msdynmkt_purposeid"): f"/{row('msdynmkt_purposes', consent.purpose_id)}",
    }
    if consent.topic_id:
        bound = f"/{row('msdynmkt_topics', consent.topic_id)}"
        columns[_bind(navigation, "msdynmkt_topicid")] = bound
    return columns


def _bind(navigation: Mapping[str, str], column: str) -> str:
    name = navigation.get(column)
    if name is None:
        raise PermanentFailure(
            f"Dataverse: table msdynmkt_contactpointconsent4 has no lookup {column};"
            " Customer Insights - Journeys has to be installed in the environment"
        )
    return f"{name}@odata.bind"


def _free_id(new_id: str, found: FoundRows) -> str:
    free = found.free_id(new_id)
    if free is None:
        raise PermanentFailure(
            "Dataverse: every id for a new row is taken by rows that are inactive or have got"
            f" another address, the first of them {new_id}; delete one of them"
        )
    return free


def _create(entity_set: str, row_id: str, columns: Mapping[str, Any]) -> Operation:
    return _patch(entity_set, row_id, {"If-None-Match": "*"}, columns)


def _update(entity_set: str, row_id: str, columns: Mapping[str, Any]) -> Operation:
    return _patch(entity_set, row_id, {"If-Match": "*"}, columns)


def _patch(
    entity_set: str, row_id: str, headers: Mapping[str, str], columns: Mapping[str, Any]
) -> Operation:
    # The condition tells creating from updating: learn.microsoft.com/power-apps/developer/
    # data-platform/webapi/perform-conditional-operations-using-web-api
    path = row(entity_set, row_id)
    return Operation(method="PATCH", path=path, headers=headers, body=columns)
