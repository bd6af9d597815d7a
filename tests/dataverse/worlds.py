"""Two environments with the same handles: the fake, and the real adapter on the simulator."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from uuid import uuid4

import requests

from local.dataverse_simulator.seed import ADMINISTRATOR
from shared.adapters.customer_insights import DataverseCustomerInsights
from shared.adapters.dataverse_people import EnvironmentPeople
from shared.dataverse.ports import DataversePeople
from shared.failures import TemporaryFailure
from shared.ports import CustomerInsights
from shared.values.column_value import ColumnValue
from shared.values.mailbox import canonical
from tests.dataverse.examples import (
    ATTRIBUTES,
    COMMERCIAL,
    CONTACT_COLUMNS,
    PRODUCT_NEWS,
    REGISTRATION_COLUMNS,
    REGISTRATIONS,
    TRIGGER,
)
from tests.dataverse_simulator.client import issued_token
from tests.fakes.customer_insights import FakeCustomerInsights, KnownTable, StoredConsent
from tests.fakes.people import FakePeople

OPTED_IN = 534120001
OPTED_OUT = 534120002
EMAIL = 534120000


@dataclass(frozen=True, kw_only=True)
class SeenContact:
    """A stored contact."""

    id: str
    email: str
    columns: Mapping[str, ColumnValue]


@dataclass(frozen=True, kw_only=True)
class SeenConsent:
    """A stored consent row."""

    address: str
    purpose: str
    topic: str | None
    opted_in: bool
    reason: str


@dataclass(frozen=True, kw_only=True)
class SeenTrigger:
    """A fired trigger."""

    name: str
    contact_id: str
    binding_id: str
    attributes: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class SeenJourneyRow:
    """A stored row that started a journey."""

    contact_id: str | None
    columns: Mapping[str, ColumnValue]


class World(Protocol):
    """An environment that tests can prepare, disturb, and look into."""

    @property
    def insights(self) -> CustomerInsights: ...
    @property
    def people(self) -> DataversePeople:
        """With the login of somebody who may do it."""

    def add_contact(
        self, email: str, columns: Mapping[str, ColumnValue], *, active: bool = True
    ) -> str: ...
    def deactivate(self, contact_id: str) -> None: ...
    def add_opt_out(self, email: str, purpose: str, topic: str | None = None) -> None: ...
    def opt_out(self, email: str, purpose: str) -> None: ...
    def opt_in_by_hand(self, email: str, purpose: str) -> None:
        """As somebody in the consent centre who leaves the reason as it is."""

    def withdrawn_by_one_click(self, email: str, purpose: str) -> bool:
        """How the row says that it was opted out."""

    def contacts(self) -> list[SeenContact]: ...
    def consents(self) -> list[SeenConsent]: ...
    def triggers(self) -> list[SeenTrigger]: ...
    def journey_rows(self) -> list[SeenJourneyRow]: ...
    def journey_starts(self) -> list[str]:
        """The contact of each journey that a row started."""

    def refuse(self, status: int, retry_after: int | None = None) -> None:
        """The next call is answered with this status."""

    def lose_answers(self, to: str = "PATCH contacts") -> None:
        """The next such call does its work, but its answer never arrives."""


class FakeWorld:
    """The fake, knowing what the simulator's seed knows."""

    def __init__(self) -> None:
        self.insights = FakeCustomerInsights(
            known_columns=CONTACT_COLUMNS,
            known_purposes={COMMERCIAL, PRODUCT_NEWS},
            known_triggers={TRIGGER: set(ATTRIBUTES)},
            known_tables={
                REGISTRATIONS: KnownTable(
                    key_column="new_registrationid",
                    contact="new_ContactId",
                    columns=REGISTRATION_COLUMNS,
                )
            },
        )
        self.people = FakePeople(self.insights)

    def add_contact(
        self, email: str, columns: Mapping[str, ColumnValue], *, active: bool = True
    ) -> str:
        contact_id = str(uuid4())
        self.insights.add_contact(contact_id, email, columns, active=active)
        return contact_id

    def deactivate(self, contact_id: str) -> None:
        self.insights.contacts[contact_id].active = False

    def add_opt_out(self, email: str, purpose: str, topic: str | None = None) -> None:
        key = (canonical(email), purpose, topic)
        self.insights.consents[key] = StoredConsent(id=str(uuid4()), opted_in=False, reason="")

    def opt_out(self, email: str, purpose: str) -> None:
        self.insights.consents[canonical(email), purpose, None].opted_in = False

    def opt_in_by_hand(self, email: str, purpose: str) -> None:
        self.insights.consents[canonical(email), purpose, None].opted_in = True

    def withdrawn_by_one_click(self, email: str, purpose: str) -> bool:
        return self.insights.consents[canonical(email), purpose, None].by_one_click

    def contacts(self) -> list[SeenContact]:
        return [
            SeenContact(id=one.id, email=one.email, columns=one.columns)
            for one in self.insights.contacts.values()
        ]

    def consents(self) -> list[SeenConsent]:
        return [
            SeenConsent(
                address=address,
                purpose=purpose,
                topic=topic,
                opted_in=row.opted_in,
                reason=row.reason,
            )
            for (address, purpose, topic), row in self.insights.consents.items()
        ]

    def triggers(self) -> list[SeenTrigger]:
        return [
            SeenTrigger(
                name=one.name,
                contact_id=one.contact_id,
                binding_id=one.binding_id,
                attributes=one.attributes,
            )
            for one in self.insights.triggers
        ]

    def journey_rows(self) -> list[SeenJourneyRow]:
        return [
            SeenJourneyRow(contact_id=one.contact_id, columns=one.columns)
            for one in self.insights.journey_rows.values()
        ]

    def journey_starts(self) -> list[str]:
        return self.insights.journey_starts

    def refuse(self, status: int, retry_after: int | None = None) -> None:
        self.insights.failures.append(TemporaryFailure(str(status), retry_after))

    def lose_answers(self, to: str = "PATCH contacts") -> None:  # noqa: ARG002 - it takes any
        self.insights.lost_answers = 1


class SimulatorWorld:
    """The real adapter, and the simulator's own doors for preparing and looking."""

    def __init__(self, url: str, http: requests.Session) -> None:
        self.url = url
        self.http = http
        self.insights = DataverseCustomerInsights(url, IssuedTokens(url), http)
        administrator = IssuedTokens(url, ADMINISTRATOR.application_id)
        self.people = EnvironmentPeople(url, administrator, http)
        self._send("DELETE", "/_simulator/state")

    def add_contact(
        self, email: str, columns: Mapping[str, ColumnValue], *, active: bool = True
    ) -> str:
        contact_id = str(uuid4())
        self.add_row(
            "contacts",
            {
                "contactid": contact_id,
                **columns,
                "emailaddress1": email,
                "statecode": 0 if active else 1,
                "statuscode": 1 if active else 2,
            },
        )
        return contact_id

    def deactivate(self, contact_id: str) -> None:
        self.change_row(f"contacts({contact_id})", {"statecode": 1, "statuscode": 2})

    def add_opt_out(self, email: str, purpose: str, topic: str | None = None) -> None:
        topic_bind = {"msdynmkt_topicId@odata.bind": f"/msdynmkt_topics({topic})"} if topic else {}
        self.add_row(
            "msdynmkt_contactpointconsent4s",
            {
                "msdynmkt_contactpointvalue": email,
                "msdynmkt_contactpointtype": EMAIL,
                "msdynmkt_contactpointconsenttype": 534120001 if topic else 534120000,
                "msdynmkt_value": OPTED_OUT,
                "msdynmkt_source": 534120006,
                "msdynmkt_logicalreason": 534120003,
                "msdynmkt_purposeId@odata.bind": f"/msdynmkt_purposes({purpose})",
                **topic_bind,
            },
        )

    def opt_out(self, email: str, purpose: str) -> None:
        self._set_value(email, purpose, OPTED_OUT)

    def opt_in_by_hand(self, email: str, purpose: str) -> None:
        self._set_value(email, purpose, OPTED_IN)

    def withdrawn_by_one_click(self, email: str, purpose: str) -> bool:
        (row,) = self._consents_of(email, purpose)
        told: bool = row["msdynmkt_logicalreason"] == 534120007
        return told

    def contacts(self) -> list[SeenContact]:
        return [
            SeenContact(id=row["contactid"], email=row["emailaddress1"], columns=row)
            for row in self.rows("contacts")
        ]

    def consents(self) -> list[SeenConsent]:
        return [
            SeenConsent(
                address=canonical(row["msdynmkt_contactpointvalue"]),
                purpose=row["_msdynmkt_purposeid_value"],
                topic=row["_msdynmkt_topicid_value"],
                opted_in=row["msdynmkt_value"] == OPTED_IN,
                reason=row["msdynmkt_reason"],
            )
            for row in self.rows("msdynmkt_contactpointconsent4s")
        ]

    def triggers(self) -> list[SeenTrigger]:
        return [
            SeenTrigger(
                name=fired["name"],
                contact_id=fired["parameters"]["msdynmkt_signaluserauthid"],
                binding_id=fired["parameters"]["msdynmkt_bindingid"],
                attributes={name: fired["parameters"][name] for name in ATTRIBUTES},
            )
            for fired in self.state()["triggers"]
        ]

    def journey_rows(self) -> list[SeenJourneyRow]:
        return [
            SeenJourneyRow(
                contact_id=row["_new_contactid_value"],
                columns={name: row[name] for name in REGISTRATION_COLUMNS if row[name] is not None},
            )
            for row in self.rows(REGISTRATIONS)
        ]

    def journey_starts(self) -> list[str]:
        return [start["contactId"] for start in self.state()["journeyStarts"]]

    def refuse(self, status: int, retry_after: int | None = None) -> None:
        self.disturb(match="POST ", status=status, retryAfter=retry_after)

    def lose_answers(self, to: str = "PATCH contacts") -> None:
        self.disturb(match=to, drop=True)

    def _consents_of(self, email: str, purpose: str) -> list[dict[str, Any]]:
        return [
            row
            for row in self.rows("msdynmkt_contactpointconsent4s")
            if row["msdynmkt_contactpointvalue"] == email
            and row["_msdynmkt_purposeid_value"] == purpose
        ]

    def _set_value(self, email: str, purpose: str, value: int) -> None:
        for row in self._consents_of(email, purpose):
            row_id = row["msdynmkt_contactpointconsent4id"]
            path = f"msdynmkt_contactpointconsent4s({row_id})"
            self.change_row(path, {"msdynmkt_value": value})

    def rows(self, entity_set: str) -> list[dict[str, Any]]:
        """All stored rows of a table."""
        rows: list[dict[str, Any]] = self.state()["tables"][entity_set]
        return rows

    def state(self) -> dict[str, Any]:
        """Everything stored."""
        state: dict[str, Any] = self._send("GET", "/_simulator/state").json()
        return state

    def disturb(self, **fault: object) -> None:
        """Ask for a fault; see the simulator's `faults.py`."""
        given = {name: value for name, value in fault.items() if value is not None}
        self._send("POST", "/_simulator/faults", given)

    def add_row(self, entity_set: str, columns: Mapping[str, object]) -> None:
        """As another user of the environment would."""
        self._send("POST", f"/api/data/v9.2/{entity_set}", columns)

    def change_row(self, path: str, columns: Mapping[str, object]) -> None:
        """As another user of the environment would."""
        self._send("PATCH", f"/api/data/v9.2/{path}", columns)

    def delete_row(self, path: str) -> None:
        """As another user of the environment would."""
        self._send("DELETE", f"/api/data/v9.2/{path}")

    def _send(self, method: str, path: str, body: object = None) -> requests.Response:
        response = self.http.request(
            method,
            self.url + path,
            json=body,
            headers={"Authorization": "Bearer tests"},
            timeout=10,
        )
        assert response.ok, response.text
        return response


class IssuedTokens:
    """Implements access_token.AccessTokens with a token of the simulated identity endpoint."""

    def __init__(self, url: str, application_id: str = "") -> None:
        """`application_id` is the application user's unless it says otherwise."""
        self._bearer = f"Bearer {issued_token(url, application_id)}"

    def bearer(self, scope: str) -> str:
        assert scope.endswith("/.default")
        return self._bearer


class OpaqueToken:
    """Implements access_token.AccessTokens with a token that nobody looks into."""

    def bearer(self, scope: str) -> str:
        assert scope.endswith("/.default")
        return "Bearer opaque"


class SteppingClock:
    """A clock that moves a second each time it is read, so that no two rows are of one age.

    It begins now: azure-identity judges by the machine's clock whether a token is still good.
    """

    def __init__(self) -> None:
        self._now = datetime.now(UTC).replace(microsecond=0)

    def __call__(self) -> datetime:
        self._now += timedelta(seconds=1)
        return self._now
