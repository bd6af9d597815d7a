"""What an environment in memory knows of a person, for the same test cases as the real one."""

from collections.abc import Callable
from dataclasses import dataclass, field

from shared.failures import PermanentFailure, TemporaryFailure
from shared.ports import Deadline
from shared.values.consent_reason import registration_in
from shared.values.dataverse.person_rows import PersonRow, PersonRows, SoughtPerson
from shared.values.mailbox import canonical
from tests.fakes.customer_insights import FakeCustomerInsights


@dataclass
class FakePeople:
    """Implements dataverse.ports.DataversePeople on the rows of `insights`.

    `failures` are raised by the next calls, one each; None lets one through. `meanwhile` is
    called after each deletion.
    """

    insights: FakeCustomerInsights
    failures: list[TemporaryFailure | PermanentFailure | None] = field(default_factory=list)
    meanwhile: Callable[[], None] = lambda: None

    def known(self, person: SoughtPerson, deadline: Deadline) -> PersonRows:
        self._begin(deadline)
        return self._known(person)

    def delete(self, person: SoughtPerson, deadline: Deadline) -> PersonRows:
        self._begin(deadline)
        found = self._known(person)
        for row in found.contacts:
            del self.insights.contacts[row.etag]
        for row in found.journey_rows:
            del self.insights.journey_rows[row.path]
        address = canonical(person.address)
        for key in [key for key in self.insights.consents if key[0] == address]:
            del self.insights.consents[key]
        self.meanwhile()
        return found

    def _known(self, person: SoughtPerson) -> PersonRows:
        address = canonical(person.address)
        contacts = tuple(
            PersonRow(
                path=f"contacts({one.id})",
                etag=one.id,
                columns={"contactid": one.id, **one.columns, "emailaddress1": one.email},
            )
            for one in self.insights.contacts.values()
            if canonical(one.email) == address
        )
        consents = tuple(
            PersonRow(
                path=f"msdynmkt_contactpointconsent4s({row.id})",
                etag=row.id,
                columns={
                    "msdynmkt_contactpointvalue": whose,
                    "_msdynmkt_purposeid_value": purpose,
                    "msdynmkt_reason": row.reason,
                },
            )
            for (whose, purpose, _), row in self.insights.consents.items()
            if whose == address
        )
        reasons = (registration_in(str(row.columns["msdynmkt_reason"])) for row in consents)
        paths = [
            f"{table.entity_set}({table.key_column}='{one}')"
            for table in person.journey_tables
            for one in dict.fromkeys([*person.registrations, *filter(None, reasons)])
        ]
        return PersonRows(
            contacts=contacts,
            consents=consents,
            journey_rows=tuple(
                PersonRow(path=path, etag=path, columns=self.insights.journey_rows[path].columns)
                for path in paths
                if path in self.insights.journey_rows
            ),
        )

    def _begin(self, deadline: Deadline) -> None:
        if deadline.remaining() <= 0:
            raise TemporaryFailure("no time left")
        failure = self.failures.pop(0) if self.failures else None
        if failure:
            raise failure
