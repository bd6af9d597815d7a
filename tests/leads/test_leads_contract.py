"""The client behind the port, asking the simulator, and its fake, through the same cases."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import pytest
import requests

from local.linkedin_simulator import RunningLinkedIn
from shared.adapters.linkedin.access import LinkedInAccess
from shared.adapters.linkedin.lead_forms import LinkedInLeadForms
from shared.adapters.linkedin.lead_responses import LinkedInLeadResponses
from shared.adapters.linkedin.oauth import ClientCredentials, LinkedInOAuth
from shared.adapters.linkedin.session import LinkedInApi, LinkedInSession
from shared.adapters.linkedin_leads import LinkedInLeads
from shared.failures import PermanentFailure, TemporaryFailure
from shared.linkedin.failures import OutOfTime
from shared.ports import Deadline, Leads, SignInEnd, Versioned
from shared.values.linkedin.authorization import Authorization
from shared.values.linkedin.joined_lead import join_answers
from shared.values.linkedin.numbers import to_milliseconds
from shared.values.linkedin.symbols import LeadType, PredefinedField
from tests.examples import NOON
from tests.fakes.leads import FakeLeads
from tests.leads.worlds import FORM, OWNER, as_linkedin_has_it, lead_json

DAY = timedelta(days=1)
# The questions of the simulator's English form.
ANSWERS = {"10548": "Anna", "10540": "Muster", "9244": "anna@example.com"}
LONG_AGO = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


class LinkedInWorld(Protocol):
    """LinkedIn, and what people do there."""

    @property
    def leads(self) -> Leads: ...

    def submit(self, at: datetime, *, test_lead: bool = False) -> str:
        """Somebody fills in the form; the lead's id."""

    def delete(self, lead: str) -> None:
        """LinkedIn forgets the lead."""

    def break_next(self, failure: str) -> None:
        """The next call meets "down" or "forbidden"."""

    def refuse_to_renew(self) -> None:
        """The access token lives for five days more, and LinkedIn gives no other."""


@dataclass
class FakeWorld:
    leads: FakeLeads

    def submit(self, at: datetime, *, test_lead: bool = False) -> str:
        lead = lead_json(f"lead-{len(self.leads.stored)}", at, testLead=test_lead)
        found = as_linkedin_has_it(lead)
        self.leads.stored[found.lead.id] = found
        return found.lead.id

    def delete(self, lead: str) -> None:
        del self.leads.stored[lead]

    def break_next(self, failure: str) -> None:
        kind = TemporaryFailure if failure == "down" else PermanentFailure
        self.leads.failures.append(kind(failure))

    def refuse_to_renew(self) -> None:
        self.leads.sign_in_end = SignInEnd(ends_at=NOON + 5 * DAY, refused="invalid_grant")


@dataclass
class Tokens:
    """Begins as the settings do: with a refresh token only."""

    stored: Authorization

    def load(self) -> Versioned[Authorization]:
        return Versioned(value=self.stored, etag="1")

    def save(self, authorization: Versioned[Authorization]) -> Versioned[Authorization]:
        self.stored = authorization.value
        return authorization


class SimulatedWorld:
    def __init__(self, url: str, http: requests.Session) -> None:
        self._url, self._http = url, http
        client = ClientCredentials(
            client_id="local-linkedin-client",
            client_secret="for-local-use-only-linkedin-client-secret",
        )
        begin = Authorization(
            access_token="none yet",
            issued_at=LONG_AGO,
            access_ends_at=LONG_AGO,
            refresh_token="for-local-use-only-linkedin-refresh-token",
        )
        oauth = LinkedInOAuth(url, client, http, lambda: NOON)
        self._tokens = Tokens(begin)
        access = LinkedInAccess(oauth, self._tokens, lambda: NOON)
        session = LinkedInSession(LinkedInApi(url=url), access, http, lambda: NOON, lambda _: None)
        self.leads: Leads = LinkedInLeads(
            LinkedInLeadResponses(session, lambda: NOON),
            LinkedInLeadForms(session),
            access,
        )

    def submit(self, at: datetime, *, test_lead: bool = False) -> str:
        answer = self._post(
            "leads",
            {
                "form": FORM,
                "answers": ANSWERS,
                "consents": [1],
                "testLead": test_lead,
                "submittedAt": to_milliseconds(at),
            },
        )
        lead: str = answer.json()["id"]
        return lead

    def delete(self, lead: str) -> None:
        self._http.delete(f"{self._url}/_simulator/leads/{lead}", timeout=20).raise_for_status()

    def break_next(self, failure: str) -> None:
        status = 503 if failure == "down" else 403
        self._post("faults", {"match": "GET leadFormResponses", "times": 1, "status": status})

    def refuse_to_renew(self) -> None:
        begun = self._tokens.stored
        dying = {"issued_at": NOON - 55 * DAY, "access_ends_at": NOON + 5 * DAY}
        self._tokens.stored = begun.model_copy(update=dying)
        self._http.delete(f"{self._url}/_simulator/grants", timeout=20).raise_for_status()

    def _post(self, what: str, body: Mapping[str, Any]) -> requests.Response:
        answer = self._http.post(f"{self._url}/_simulator/{what}", json=body, timeout=20)
        assert answer.ok, answer.text
        return answer


@pytest.fixture(params=["fake", "simulator"])
def world(request: pytest.FixtureRequest) -> Iterator[LinkedInWorld]:
    if request.param == "fake":
        yield FakeWorld(FakeLeads())
        return
    with RunningLinkedIn(now=lambda: NOON) as linkedin, requests.Session() as http:
        yield SimulatedWorld(linkedin.url, http)


def deadline() -> Deadline:
    return Deadline(30)


def test_the_end_is_not_within(world: LinkedInWorld) -> None:
    lead = world.submit(NOON - DAY)
    assert listed(world, NOON - 2 * DAY, NOON - DAY) == []
    assert listed(world, NOON - DAY, NOON) == [lead]


def listed(world: LinkedInWorld, start: datetime, end: datetime) -> list[str | None]:
    found = world.leads.since(OWNER, LeadType.SPONSORED, start, end, deadline())
    return [lead.id for lead in found]


def test_a_lead_comes_with_its_form_and_who_it_belongs_to(world: LinkedInWorld) -> None:
    lead = world.submit(NOON - DAY)
    found = world.leads.fetch(lead, deadline())
    assert found is not None
    assert found.form is not None
    assert found.form.version == found.lead.form_version
    assert found.form.id == FORM
    assert found.form.creation_locale is not None
    assert found.form.creation_locale.tag == "en-US"
    assert [field.name for field in found.form.hidden_fields] == ["utm_campaign"]
    assert found.lead.owner is not None
    assert found.lead.owner.urn == OWNER
    assert found.lead.lead_type is LeadType.SPONSORED
    assert found.lead.submitted_at == NOON - DAY
    assert found.lead.attribution.campaign is not None
    joined = join_answers(found.lead.form_response, found.form)
    assert {
        one.question.predefined_field: one.texts for one in joined if one.question and one.texts
    } == {
        PredefinedField.FIRST_NAME: ("Anna",),
        PredefinedField.LAST_NAME: ("Muster",),
        PredefinedField.EMAIL: ("anna@example.com",),
    }
    [consent] = found.lead.form_response.consent_responses
    assert (consent.consent_id, consent.accepted) == (1, True)


def test_a_lead_that_is_not_there_is_none(world: LinkedInWorld) -> None:
    lead = world.submit(NOON)
    world.delete(lead)
    assert world.leads.fetch(lead, deadline()) is None
    assert world.leads.fetch("691c02e7-f7f0-430a-ae16-4fc7d76f61a6-5", deadline()) is None


def test_leads_of_a_time_test_leads_too(world: LinkedInWorld) -> None:
    world.submit(NOON - 3 * DAY)
    within = [world.submit(NOON - DAY), world.submit(NOON - DAY, test_lead=True)]
    assert sorted(map(str, listed(world, NOON - 2 * DAY, NOON))) == sorted(within)
    assert listed(world, NOON - 10 * DAY, NOON - 9 * DAY) == []


def test_what_is_listed_names_the_form(world: LinkedInWorld) -> None:
    world.submit(NOON - DAY)
    [found] = world.leads.since(OWNER, LeadType.SPONSORED, NOON - DAY, NOON, deadline())
    assert found.form == f"urn:li:versionedLeadGenForm:(urn:li:leadGenForm:{FORM},1)"


def test_more_than_a_page(world: LinkedInWorld) -> None:
    leads = {world.submit(NOON - timedelta(minutes=1 + number)) for number in range(205)}
    found = listed(world, NOON - DAY, NOON)
    assert len(found) == 205
    assert set(found) == leads


def test_another_owner_or_type_has_none_of_them(world: LinkedInWorld) -> None:
    world.submit(NOON - DAY)
    page = "urn:li:organization:5509810"
    assert list(world.leads.since(page, LeadType.EVENT, NOON - DAY, NOON, deadline())) == []


def test_linkedin_is_down_or_says_no(world: LinkedInWorld) -> None:
    lead = world.submit(NOON)
    world.break_next("down")
    with pytest.raises(TemporaryFailure):
        world.leads.fetch(lead, deadline())
    world.break_next("forbidden")
    with pytest.raises(PermanentFailure):
        listed(world, NOON - DAY, NOON)
    assert world.leads.fetch(lead, deadline()) is not None


def test_no_time_left(world: LinkedInWorld) -> None:
    lead = world.submit(NOON)
    with pytest.raises(OutOfTime):
        world.leads.fetch(lead, Deadline(0))
    with pytest.raises(OutOfTime):
        next(world.leads.since(OWNER, LeadType.SPONSORED, NOON - DAY, NOON, Deadline(0)))


def test_until_when_nobody_has_to_sign_in(world: LinkedInWorld) -> None:
    end = world.leads.sign_in(deadline())
    assert end.ends_at > NOON + 30 * DAY
    assert end.refused is None


def test_an_access_token_that_is_not_renewed_is_the_end(world: LinkedInWorld) -> None:
    world.refuse_to_renew()
    end = world.leads.sign_in(deadline())
    assert end.ends_at == NOON + 5 * DAY
    assert "invalid_grant" in (end.refused or "")
