"""What only the real adapter can get wrong: races, inner failures, tokens, metadata."""

import logging
from collections.abc import Iterator
from datetime import datetime

import pytest
import requests
from azure.core.credentials import AccessToken, TokenCredential
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import ManagedIdentityCredential

from shared.adapters.access_token import CredentialTokens
from shared.adapters.customer_insights import DataverseCustomerInsights
from shared.failures import PermanentFailure, TemporaryFailure
from shared.ports import Deadline
from tests.dataverse.examples import (
    ANNA,
    COMMERCIAL,
    CONFIRMED_AT,
    EVERY_KIND,
    NEWSLETTER,
    consent,
    contact,
    enough_time,
    trigger,
)
from tests.dataverse.interrupted_session import InterruptedSession
from tests.dataverse.worlds import IssuedTokens, SimulatorWorld
from tests.told import told

CHANGE_SET = b"changeset_"
BUSY = {"status": 429, "retryAfter": 17}


def at(world: SimulatorWorld, http: requests.Session) -> DataverseCustomerInsights:
    tokens = IssuedTokens(world.url)
    return DataverseCustomerInsights(world.url, tokens, http, lambda: CONFIRMED_AT)


def requests_of(world: SimulatorWorld, path: str) -> int:
    return sum(one["path"].startswith(path) for one in world.state()["requests"])


def test_loses_a_race_for_the_contact_and_takes_the_winners(real: SimulatorWorld) -> None:
    winner = contact(consent(reason="DOI winner"))

    def win() -> None:
        assert real.insights.write(winner, enough_time()).created

    with InterruptedSession(CHANGE_SET, win) as http:
        written = at(real, http).write(
            contact(consent(reason="DOI loser"), consent(topic=NEWSLETTER)), enough_time()
        )
    assert (written.contact_id, written.created) == (winner.new_id, False)
    assert len(real.contacts()) == 1
    assert sorted((one.topic or "", one.reason[:9]) for one in real.consents()) == [
        ("", "DOI loser"),
        (NEWSLETTER, "DOI 0001 "),
    ]


def test_a_contact_deleted_in_between_is_made_anew(real: SimulatorWorld) -> None:
    old = real.add_contact(ANNA, {"firstname": "old"})

    def delete() -> None:
        url = f"{real.url}/api/data/v9.2/contacts({old})"
        assert real.http.delete(url, headers={"Authorization": "Bearer tests"}, timeout=10).ok

    with InterruptedSession(CHANGE_SET, delete) as http:
        written = at(real, http).write(contact(), enough_time())
    assert written.created
    assert [one.id for one in real.contacts()] == [written.contact_id]


def test_a_conflict_that_nobody_made_is_permanent_and_nothing_is_written(
    real: SimulatorWorld,
) -> None:
    real.disturb(match="PATCH contacts", status=412, code="0x80060892", times=9)
    with pytest.raises(PermanentFailure, match="412 0x80060892: an alternate key"):
        real.insights.write(contact(), enough_time())
    assert (real.contacts(), real.consents()) == ([], [])


def test_one_conflict_is_looked_into(real: SimulatorWorld) -> None:
    real.disturb(match="PATCH contacts", status=412, code="0x80040237")
    assert real.insights.write(contact(), enough_time()).created


@pytest.mark.parametrize(
    "match",
    [
        "POST $batch",
        "GET contacts",
        "GET msdynmkt_contactpointconsent4s",
        "PATCH contacts",
        "PATCH msdynmkt_contactpointconsent4s",
        "GET EntityDefinitions",
    ],
)
def test_busy_anywhere_says_when_to_come_back(real: SimulatorWorld, match: str) -> None:
    real.disturb(match=match, **BUSY)
    with pytest.raises(TemporaryFailure) as failure:
        real.insights.write(contact(), enough_time())
    assert failure.value.retry_after == 17
    assert (real.contacts(), real.consents()) == ([], [])


@pytest.mark.parametrize("match", ["GET contacts", "PATCH msdynmkt_", "GET EntityDefinitions"])
@pytest.mark.parametrize("status", [500, 503])
def test_unavailable_anywhere_is_temporary(real: SimulatorWorld, match: str, status: int) -> None:
    real.disturb(match=match, status=status)
    with pytest.raises(TemporaryFailure):
        real.insights.write(contact(), enough_time())
    assert (real.contacts(), real.consents()) == ([], [])


def test_navigation_properties_are_asked_for_once_and_a_failure_is_not_remembered(
    real: SimulatorWorld,
) -> None:
    real.disturb(match="GET EntityDefinitions", status=503)
    with pytest.raises(TemporaryFailure):
        real.insights.write(contact(), enough_time())
    for _ in range(3):
        real.insights.write(contact(), enough_time())
    assert requests_of(real, "EntityDefinitions") == 2


def test_writing_a_known_address_takes_two_requests(real: SimulatorWorld) -> None:
    real.insights.write(contact(), enough_time())
    before = requests_of(real, "$batch")
    real.insights.write(contact(consent(reason="DOI 0002")), enough_time())
    assert requests_of(real, "$batch") - before == 2


def test_every_kind_of_column_arrives(real: SimulatorWorld) -> None:
    real.insights.write(contact(columns=EVERY_KIND), enough_time())
    (stored,) = real.rows("contacts")
    assert {name: stored[name] for name in EVERY_KIND} == EVERY_KIND


def test_both_of_two_equal_rows_are_opted_in(real: SimulatorWorld) -> None:
    real.add_opt_out(ANNA, COMMERCIAL)
    real.add_opt_out(ANNA.upper(), COMMERCIAL)
    written = real.insights.write(contact(), enough_time())
    assert len(written.consent_ids) == 2
    assert [one.opted_in for one in real.consents()] == [True, True]


def test_a_consent_row_of_ours_that_got_another_address_is_left_alone(
    real: SimulatorWorld,
) -> None:
    real.insights.write(contact(), enough_time())
    (row,) = real.rows("msdynmkt_contactpointconsent4s")
    path = f"msdynmkt_contactpointconsent4s({row['msdynmkt_contactpointconsent4id']})"
    real.change_row(path, {"msdynmkt_contactpointvalue": "new@example.com"})
    real.insights.write(contact(consent(reason="DOI 0002")), enough_time())
    assert sorted(one.address for one in real.consents()) == [ANNA, "new@example.com"]


def test_a_contact_of_ours_that_got_another_address_is_left_alone(real: SimulatorWorld) -> None:
    first = real.insights.write(contact(), enough_time())
    real.change_row(f"contacts({first.contact_id})", {"emailaddress1": "new@example.com"})
    real.insights.write(contact(consent(reason="DOI 0002")), enough_time())
    assert [one.email for one in real.contacts()] == ["new@example.com", ANNA]


def test_two_contacts_of_one_address_are_reported_without_the_address(
    real: SimulatorWorld, caplog: pytest.LogCaptureFixture
) -> None:
    older = real.add_contact(ANNA, {})
    with caplog.at_level(logging.WARNING, logger="doi"):
        real.insights.write(contact(), enough_time())
        assert not caplog.records
        newer = real.add_contact(ANNA, {})
        real.insights.write(contact(), enough_time())
    [ambiguous] = told(caplog)
    assert ambiguous.event == "contacts_ambiguous"
    assert ambiguous.facts == {"contacts": [newer, older]}


def test_a_failure_never_quotes_what_the_person_typed(real: SimulatorWorld) -> None:
    with pytest.raises(PermanentFailure) as failure:
        real.insights.write(contact(columns={"firstname": "Annabella" * 20}), enough_time())
    assert str(failure.value).startswith(
        "Dataverse, writing contact and consents: 400 0x80044331: compare the form's columns"
    )
    assert "Annabella" not in str(failure.value)


def test_a_lost_trigger_answer_is_temporary(real: SimulatorWorld) -> None:
    real.disturb(match="POST msdynmkt_", drop=True)
    with pytest.raises(TemporaryFailure):
        real.insights.fire(trigger(), contact().new_id, enough_time())
    assert len(real.triggers()) == 1


def test_a_trigger_is_not_sent_when_its_answer_could_not_be_waited_for(
    real: SimulatorWorld,
) -> None:
    with pytest.raises(TemporaryFailure, match="no time left"):
        real.insights.fire(trigger(), contact().new_id, Deadline(1))
    assert real.triggers() == []


def test_a_trigger_carries_its_system_parameters(real: SimulatorWorld) -> None:
    insights = DataverseCustomerInsights(
        real.url,
        IssuedTokens(real.url),
        real.http,
        lambda: datetime.fromisoformat("2026-11-22T13:05+01:00"),
    )
    insights.fire(trigger(), contact().new_id, enough_time())
    (fired,) = real.state()["triggers"]
    system = {
        "msdynmkt_signaluserauthid": contact().new_id,
        "msdynmkt_profileid": contact().new_id,
        "msdynmkt_signaltimestamp": "2026-11-22T12:00:00Z",
        "msdynmkt_signalingestiontimestamp": "2026-11-22T12:05:00Z",
        "msdynmkt_bindingid": "doiregistration/0001",
    }
    assert fired["parameters"] == {**trigger().attributes, **system}


class BrokenCredential(TokenCredential):
    """As when the identity was removed."""

    def get_token(self, *_: str, **__: object) -> AccessToken:
        raise ClientAuthenticationError("secret details")


@pytest.fixture
def managed_identity(
    real: SimulatorWorld, monkeypatch: pytest.MonkeyPatch
) -> Iterator[CredentialTokens]:
    """As the app has one in Azure; the simulator issues its tokens."""
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{real.url}/msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", "local")
    with ManagedIdentityCredential(retry_total=0) as credential:
        yield CredentialTokens(credential)


def test_a_managed_identity_is_let_in(
    real: SimulatorWorld, managed_identity: CredentialTokens
) -> None:
    insights = DataverseCustomerInsights(f"{real.url}/", managed_identity, real.http)
    assert insights.write(contact(), enough_time()).created
    insights.fire(trigger(), contact().new_id, enough_time())
    assert requests_of(real, "/msi/token") == 1


def test_a_failing_token_endpoint_is_temporary(
    real: SimulatorWorld, managed_identity: CredentialTokens
) -> None:
    real.disturb(match="GET /msi/token", status=500)
    insights = DataverseCustomerInsights(real.url, managed_identity, real.http)
    with pytest.raises(TemporaryFailure, match="no access token"):
        insights.write(contact(), enough_time())


class MisplacedToken:
    """Implements access_token.AccessTokens with what is no bearer token."""

    def bearer(self, scope: str) -> str:
        return f"Basic {len(scope)}"


def test_no_token_is_temporary_and_nothing_is_sent(real: SimulatorWorld) -> None:
    tokens = CredentialTokens(BrokenCredential())
    before = len(real.state()["requests"])
    insights = DataverseCustomerInsights(real.url, tokens, real.http)
    with pytest.raises(TemporaryFailure) as failure:
        insights.write(contact(), enough_time())
    assert "secret" not in str(failure.value)
    assert len(real.state()["requests"]) == before


def test_a_refused_identity_is_permanent_and_says_what_to_do(real: SimulatorWorld) -> None:
    insights = DataverseCustomerInsights(real.url, MisplacedToken(), real.http)
    with pytest.raises(PermanentFailure, match=r"401: .* application user"):
        insights.write(contact(), enough_time())
    with pytest.raises(PermanentFailure, match=r"401: .* application user"):
        insights.fire(trigger(), contact().new_id, enough_time())


def test_a_missing_privilege_is_permanent_and_says_what_to_do(real: SimulatorWorld) -> None:
    real.disturb(match="PATCH msdynmkt_contactpointconsent4s", status=403)
    with pytest.raises(PermanentFailure, match=r"403 0x80040220: .* security role"):
        real.insights.write(contact(), enough_time())
    assert (real.contacts(), real.consents()) == ([], [])
