"""`doi linkedin doctor`: each thing that may be missing, and the step that mends it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from local.linkedin_simulator import RunningLinkedIn
from shared.ports import Deadline
from tests.cli.operated_linkedin import (
    ACCOUNT,
    DONE,
    NOT_ALL_DONE,
    PAGE,
    Operated,
    decide,
    first_authorization,
    printed,
)
from tests.examples import NOON

LEAD_SCOPE = "r_marketing_leadgen_automation"
FORMS, LEADS = f"lead forms of {ACCOUNT}", f"SPONSORED leads of {ACCOUNT}"
SUBSCRIPTION = f"SPONSORED subscription of {ACCOUNT}"


def checks(operated: Operated) -> dict[str, dict[str, Any]]:
    """What the doctor says, by what it looked at; its exit code must fit."""
    result = operated.doi("doctor", "--json")
    found = printed(result)
    bad = [one for one in found if one["state"] in {"missing", "unknown"}]
    assert result.exit_code == (NOT_ALL_DONE if bad else DONE), result.output
    assert all(bool(one["mend"]) == (one["state"] != "ok") for one in found)
    return {one["check"]: one for one in found}


def test_all_is_well_but_for_the_subscription(operated: Operated) -> None:
    found = checks(operated)
    states = {name: one["state"] for name, one in found.items()}
    assert states == {
        "settings": "ok",
        "webhook": "ok",
        "version": "ok",
        "token": "ok",
        LEAD_SCOPE: "ok",
        "r_ads": "ok",
        "rw_ads": "ok",
        FORMS: "ok",
        LEADS: "ok",
        SUBSCRIPTION: "warning",
    }
    assert found["version"]["found"] == "202607, until 2027-07-15"
    assert "2027-11-22" in found["token"]["found"]
    assert found[SUBSCRIPTION]["mend"] == (
        f"doi linkedin subscriptions create --owner {ACCOUNT} --lead-type SPONSORED"
    )


def test_for_people_each_line_has_its_step(operated: Operated) -> None:
    result = operated.doi("doctor")
    assert result.exit_code == DONE
    assert "ok      version: 202607" in result.stdout
    assert "WARNING SPONSORED subscription" in result.stdout
    assert "        → doi linkedin subscriptions create" in result.stdout


def test_a_subscription_that_notifies_the_app(operated: Operated) -> None:
    webhook = "https://doi.contoso.example/api/linkedin/webhook?secret=x"
    with RunningLinkedIn(now=lambda: NOON, webhook=webhook) as subscribed:
        operated.url = subscribed.url
        operated.connect()
        assert checks(operated)[SUBSCRIPTION]["state"] == "ok"


def test_linkedin_is_not_configured(operated: Operated) -> None:
    operated.outside.rules = replace(operated.outside.rules, linkedin=None)
    found = checks(operated)
    assert list(found) == ["settings"]
    assert "LINKEDIN_CLIENT_ID" in found["settings"]["mend"]


def test_no_owner_is_named(operated: Operated) -> None:
    operated.connect(owners=())
    assert "LINKEDIN_OWNERS" in checks(operated)["owners"]["mend"]


def test_a_webhook_without_https(operated: Operated) -> None:
    operated.outside.rules = replace(operated.outside.rules, public_url="http://127.0.0.1:7071")
    found = checks(operated)["webhook"]
    assert (found["state"], "DOI_PUBLIC_URL" in found["mend"]) == ("warning", True)


def test_nobody_has_signed_in(operated: Operated) -> None:
    operated.tokens.stored = None
    found = checks(operated)
    assert list(found)[-1] == "token"
    assert (found["token"]["state"], found["token"]["mend"]) == (
        "missing",
        "doi linkedin authorize",
    )


def test_a_refresh_token_that_is_dead(operated: Operated) -> None:
    operated.api.control("DELETE", "grants")
    assert checks(operated)["token"]["mend"] == "doi linkedin authorize"


def test_an_access_token_that_was_revoked_meanwhile(operated: Operated) -> None:
    assert checks(operated)["token"]["state"] == "ok"  # and keeps the token
    operated.api.control("DELETE", "grants")
    found = checks(operated)
    assert found["token at LinkedIn"]["state"] == "missing"
    assert "revoked" in found["token at LinkedIn"]["found"]


def test_a_wrong_client_secret(operated: Operated) -> None:
    operated.secret = "another-secret-of-somebody-else"
    operated.connect()
    assert "LINKEDIN_CLIENT_SECRET" in checks(operated)["token"]["mend"]


@pytest.mark.parametrize(("days", "state"), [(29, "warning"), (31, "ok")])
def test_a_refresh_token_near_its_end(operated: Operated, days: int, state: str) -> None:
    operated.api.settings(refreshTokenDays=days)
    found = checks(operated)["token"]
    assert (found["state"], f"{NOON + timedelta(days=days):%Y-%m-%d}" in found["found"]) == (
        state,
        True,
    )


def test_an_application_that_gets_no_refresh_token(operated: Operated) -> None:
    token = operated.api.token()["access_token"]
    operated.tokens.stored = first_authorization(
        access_token=token,
        refresh_token=None,
        issued_at=NOON,
        access_ends_at=NOON + timedelta(days=60),
    )
    found = checks(operated)["token"]
    assert (found["state"], "2027-01-21" in found["found"]) == ("warning", True)


@pytest.mark.parametrize(
    ("version", "state", "calls"),
    [
        ("202512", "warning", "missing"),
        ("202511", "missing", "missing"),
        ("202601", "warning", "ok"),
    ],
)
def test_versions_near_and_past_their_end(
    operated: Operated, version: str, state: str, calls: str
) -> None:
    operated.version = version
    operated.connect()
    found = checks(operated)
    assert found["version"]["state"] == state
    assert found[FORMS]["state"] == calls
    if calls == "missing":  # one refusal says it; the other calls would say the same
        assert "LINKEDIN_VERSION" in found[FORMS]["mend"]
        assert list(found)[-1] == FORMS


def test_the_permission_for_leads_is_missing(operated: Operated) -> None:
    operated.api.settings(scopes=["r_ads"])
    found = checks(operated)
    assert found[LEADS]["state"] == "missing"
    assert found[FORMS]["state"] == "ok"


def sign_in(operated: Operated, *scopes: str) -> None:
    """A member allows these and no others."""
    redirect, client = "http://127.0.0.1:8765/callback", operated.outside.linkedin.sign_in
    location = decide(client.authorization_url(redirect, "state", list(scopes)))
    [code] = parse_qs(urlsplit(location).query)["code"]
    operated.tokens.stored = client.exchange_code(code, redirect, Deadline(10))


@pytest.mark.parametrize(
    ("scopes", "state", "words"),
    [
        (["r_ads"], "ok", "given: ad accounts"),
        (["rw_ads"], "ok", "rw_ads includes it"),
        ([LEAD_SCOPE], "ok", f"lead forms are read with {LEAD_SCOPE}"),
        (["r_events"], "missing", "nor anything else"),
    ],
)
def test_lead_forms_can_be_read_with_any_of_three_permissions(
    operated: Operated, scopes: list[str], state: str, words: str
) -> None:
    """And what the doctor says of them is what LinkedIn then does."""
    sign_in(operated, *scopes)
    found = checks(operated)
    assert (found["r_ads"]["state"], words in found["r_ads"]["found"]) == (state, True)
    assert found[FORMS]["state"] == state
    if state == "missing":
        assert f"--scope r_events --scope {LEAD_SCOPE}" in found["r_ads"]["mend"]


def test_a_permission_that_was_not_given_is_named(operated: Operated) -> None:
    sign_in(operated, "r_ads")
    found = checks(operated)
    assert found[LEAD_SCOPE]["state"] == "missing"
    assert "Products" in found[LEAD_SCOPE]["mend"]
    assert f"--scope r_ads --scope {LEAD_SCOPE}" in found[LEAD_SCOPE]["mend"]
    assert (found["rw_ads"]["state"], "--scope rw_ads" in found["rw_ads"]["mend"]) == (
        "warning",
        True,
    )
    assert (
        f"a permission is missing: doi linkedin authorize with --scope {LEAD_SCOPE}"
        in (found[LEADS]["mend"])
    )


@pytest.mark.parametrize("status", [401, 403])
def test_a_role_is_missing(operated: Operated, status: int) -> None:
    operated.api.settings(accountRole="", missingRoleStatus=status)
    found = checks(operated)
    for name in (FORMS, LEADS, SUBSCRIPTION):
        assert found[name]["state"] == "missing"
        assert "a role is missing, of the member who signed in" in found[name]["mend"]
        assert "CAMPAIGN_MANAGER" in found[name]["mend"]
        assert "CAMPAIGN_MANAGER" not in found[name]["found"]
        assert "permission is missing" not in found[name]["mend"]


def test_leads_of_events_need_more_of_a_role(operated: Operated) -> None:
    operated.connect(owners=(PAGE,))
    operated.api.settings(pageRole="CONTENT_VIEWER")
    found = checks(operated)
    assert found[f"COMPANY leads of {PAGE}"]["state"] == "ok"
    assert "ADMINISTRATOR" in found[f"EVENT leads of {PAGE}"]["mend"]


@pytest.mark.parametrize(
    ("status", "times", "words"), [(429, 2, "midnight UTC"), (503, 1, "try again")]
)
def test_what_cannot_be_asked_now(operated: Operated, status: int, times: int, words: str) -> None:
    operated.api.fault(match="GET leadFormResponses", status=status, times=times)
    found = checks(operated)[LEADS]
    assert (found["state"], words in found["mend"]) == ("unknown", True)


def test_somebody_else_answers_at_the_apis_address(operated: Operated) -> None:
    operated.api.fault(match="GET leadForms", status=405)
    assert "LINKEDIN_API_URL" in checks(operated)[FORMS]["mend"]
