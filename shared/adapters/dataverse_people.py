"""Contacts, consents and journey rows of one address: for who answers or erases a person."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import requests

from shared.adapters.access_token import AccessTokens
from shared.adapters.consent_rows import CONSENT_ID, CONSENTS, CONTACT_POINT, of_address
from shared.adapters.contact_look_up import CONTACTS, EMAIL
from shared.adapters.dataverse_batch import Operation
from shared.adapters.dataverse_failure import Step
from shared.adapters.dataverse_query import query, row, text
from shared.adapters.dataverse_session import DataverseSession, Row, utc_now
from shared.dataverse.failures import NotThere
from shared.failures import TemporaryFailure
from shared.ports import Deadline
from shared.values.consent_reason import registration_in
from shared.values.dataverse.person_rows import (
    JourneyTable,
    PersonRow,
    PersonRows,
    SoughtPerson,
)
from shared.values.mailbox import canonical

_ROLE = "docs/dataverse.md lists what a login needs to answer and to erase people"
_LOOKING_UP = Step(
    name="looking for a person",
    if_refused="the address is none that Dataverse can look up",
    if_missing="Customer Insights - Journeys has to be installed in the environment",
    if_forbidden=_ROLE,
)
_DELETING = Step(
    name="deleting a person",
    if_refused="something in the environment keeps the contact; delete it there by hand, where"
    " Dataverse says what it is, then repeat the command",
    if_missing="repeat the command",
    if_forbidden=_ROLE,
)
_ATTEMPTS = 3
_CHANGED_MEANWHILE = frozenset({404, 412})
# Dataverse limits the conditions of a query to 500, and a request in a batch to 64 KB.
# learn.microsoft.com/power-apps/developer/data-platform/webapi/query/filter-rows
_IDS_AT_ONCE: Final = 100
_ETAG = "@odata.etag"


class EnvironmentPeople:
    """Implements dataverse.ports.DataversePeople for the environment at `url`."""

    def __init__(
        self,
        url: str,
        tokens: AccessTokens,
        http: requests.Session,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._dataverse = DataverseSession(url, tokens, http, now)

    def known(self, person: SoughtPerson, deadline: Deadline) -> PersonRows:
        """See dataverse.ports.DataversePeople."""
        queries = [
            query(CONTACTS, filter=f"{EMAIL} eq {text(person.address)}"),
            query(CONSENTS, filter=of_address(person.address)),
        ]
        contacts, consents = self._dataverse.query(queries, _LOOKING_UP, deadline)
        own = _exactly(consents, CONTACT_POINT, person)
        reasons = (registration_in(found.get("msdynmkt_reason")) for found in own)
        registrations = dict.fromkeys([*person.registrations, *filter(None, reasons)])
        return PersonRows(
            contacts=_rows(CONTACTS, "contactid", _exactly(contacts, EMAIL, person)),
            consents=_rows(CONSENTS, CONSENT_ID, own),
            journey_rows=tuple(
                found
                for table in person.journey_tables
                for found in self._journey_rows(table, [*registrations], deadline)
            ),
        )

    def delete(self, person: SoughtPerson, deadline: Deadline) -> PersonRows:
        """See dataverse.ports.DataversePeople. One change set, of the rows as they were seen."""
        for _ in range(_ATTEMPTS):
            found = self.known(person, deadline)
            if not found:
                return found
            operations = [
                Operation(method="DELETE", path=one.path, headers={"If-Match": one.etag})
                for one in found
            ]
            refusal = self._dataverse.change(operations, _DELETING, deadline)
            if refusal is None:
                return found
            if refusal.status not in _CHANGED_MEANWHILE:
                raise self._dataverse.failure(refusal, _DELETING)
        raise TemporaryFailure(f"Dataverse, {_DELETING.name}: somebody else is writing the rows")

    def _journey_rows(
        self, table: JourneyTable, registrations: Sequence[str], deadline: Deadline
    ) -> Iterator[PersonRow]:
        """By the registrations' ids. A table that is not there (any more) has none."""
        for ids in _chunks(registrations, _IDS_AT_ONCE):
            wanted = " or ".join(f"{table.key_column} eq {text(one)}" for one in ids)
            try:
                rows = self._dataverse.get(
                    query(table.entity_set, filter=wanted), _LOOKING_UP, deadline
                )
            except NotThere:
                return
            for found in rows:
                key = str(found[table.key_column]).replace("'", "''")
                path = f"{table.entity_set}({table.key_column}='{key}')"
                yield _person_row(path, found)


def _exactly(rows: Sequence[Row], column: str, person: SoughtPerson) -> list[Row]:
    """Dataverse finds muller@ when asked for müller@: these are different people."""
    address = canonical(person.address)
    return [found for found in rows if canonical(found[column] or "") == address]


def _rows(entity_set: str, id_column: str, rows: Iterable[Row]) -> tuple[PersonRow, ...]:
    return tuple(_person_row(row(entity_set, found[id_column]), found) for found in rows)


def _person_row(path: str, found: Mapping[str, Any]) -> PersonRow:
    columns = {
        name: value for name, value in found.items() if value is not None and "@" not in name
    }
    return PersonRow(path=path, etag=str(found[_ETAG]), columns=columns)


def _chunks(ids: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]
