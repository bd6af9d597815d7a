"""Who may call: headers, versions, tokens, scopes, roles."""

from datetime import UTC, datetime, timedelta

import pytest
import requests

from tests.linkedin_simulator.client import (
    EVENT,
    GERMAN,
    OWNER,
    PAGE,
    SPONSORED,
    Api,
    refusal,
)
from tests.linkedin_simulator.conftest import SteppedClock

LEADS = f"leadFormResponses?q=owner&owner={OWNER}&leadType={SPONSORED}"
FORMS = f"leadForms?q=owner&owner={OWNER}"
SUBSCRIPTIONS = f"leadNotifications?q=criteria&owner=(value:{OWNER})&leadType={SPONSORED}"


def service_code(answer: requests.Response) -> tuple[int, int]:
    return answer.status_code, answer.json()["serviceErrorCode"]


def test_a_token_is_needed_and_has_to_be_known(api: Api) -> None:
    assert service_code(api.call("GET", FORMS, Authorization=None)) == (401, 65604)
    for unknown in ("Bearer nobody", "Basic YTpi", "Bearer a b"):
        assert service_code(api.call("GET", FORMS, Authorization=unknown)) == (401, 65600)


def test_tokens_expire_and_are_revoked(api: Api, clock: SteppedClock) -> None:
    assert api.call("GET", FORMS).status_code == 200
    clock.moment += timedelta(days=60)
    assert service_code(api.call("GET", FORMS)) == (401, 65602)
    api.headers["Authorization"] = f"Bearer {api.token()['access_token']}"
    assert api.call("GET", FORMS, LinkedIn_Version="202609").status_code == 200
    assert api.control("DELETE", "grants").status_code == 204
    assert service_code(api.call("GET", FORMS)) == (401, 65601)
    assert api.call("GET", FORMS).json()["code"] == "REVOKED_ACCESS_TOKEN"


def test_fresh_tokens_answer_revoked_for_a_while_on_request(api: Api, clock: SteppedClock) -> None:
    api.settings(freshTokenRevokedSeconds=5)
    api.headers["Authorization"] = f"Bearer {api.token()['access_token']}"
    assert service_code(api.call("GET", FORMS)) == (401, 65601)
    clock.moment += timedelta(seconds=5)
    assert api.call("GET", FORMS).status_code == 200


@pytest.mark.parametrize(
    ("version", "status", "code"),
    [
        (None, 400, "VERSION_MISSING"),
        ("202411", 426, "NONEXISTENT_VERSION"),
        ("202512", 426, "NONEXISTENT_VERSION"),  # never published
        ("202612", 426, "NONEXISTENT_VERSION"),  # not yet
        ("latest", 426, "NONEXISTENT_VERSION"),
        ("20260701", 426, "NONEXISTENT_VERSION"),
    ],
)
def test_versions_that_are_not_active(
    api: Api, version: str | None, status: int, code: str
) -> None:
    assert refusal(api.call("GET", FORMS, LinkedIn_Version=version))[:2] == (status, code)


def test_a_version_sunsets_on_its_day(api: Api, clock: SteppedClock) -> None:
    assert api.call("GET", FORMS, LinkedIn_Version="202511").status_code == 200
    clock.moment = datetime(2026, 11, 16, tzinfo=UTC)
    found = refusal(api.call("GET", FORMS, LinkedIn_Version="202511"))
    assert found == (426, "NONEXISTENT_VERSION", "Requested version 20251101 is not active")


@pytest.mark.parametrize("version", [None, "1.0.0"])
def test_the_protocol_version_is_required(api: Api, version: str | None) -> None:
    answer = api.call("GET", FORMS, X_Restli_Protocol_Version=version)
    assert refusal(answer)[0] == 400
    assert "X-Restli-Protocol-Version" in answer.text


def test_every_answer_carries_what_support_asks_for(api: Api) -> None:
    for answer in (api.call("GET", FORMS), api.call("GET", "leadForms/1")):
        assert {"x-li-uuid", "x-li-fabric", "x-li-request-id"} <= set(answer.headers)


@pytest.mark.parametrize(
    ("scopes", "allowed"),
    [
        (["r_ads"], {FORMS}),
        (["rw_ads"], {FORMS}),
        (["r_marketing_leadgen_automation"], {FORMS, LEADS, SUBSCRIPTIONS}),
        (["r_organization_admin"], set()),
    ],
)
def test_each_operation_needs_its_scope(api: Api, scopes: list[str], allowed: set[str]) -> None:
    api.settings(scopes=scopes)
    for path in (FORMS, LEADS, SUBSCRIPTIONS):
        answer = api.call("GET", path)
        if path in allowed:
            assert answer.status_code == 200
        else:
            status, code, message = refusal(answer)
            assert (status, code, answer.json()["serviceErrorCode"]) == (403, "ACCESS_DENIED", 100)
            resource = path.partition("?")[0]
            method = "FINDER-criteria" if resource == "leadNotifications" else "FINDER-owner"
            assert message == f"Not enough permissions to access: {resource}.{method}.20260701"


def test_forms_are_written_with_rw_ads_only(api: Api) -> None:
    api.settings(scopes=["r_marketing_leadgen_automation", "r_ads"])
    message = refusal(api.call("POST", "leadForms", {}))[2]
    assert message == "Not enough permissions to access: leadForms.CREATE.20260701"
    patch = {"patch": {"$set": {"state": "ARCHIVED"}}}
    update = api.call("POST", f"leadForms/{GERMAN}", patch, X_RestLi_Method="PARTIAL_UPDATE")
    assert update.status_code == 403


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        (
            FORMS,
            401,
            "Member is not authorized to fetch LeadGenForms under a SponsoredAccount/Organization",
        ),
        (f"leadForms/{GERMAN}", 401, "Member is not authorized to BatchGet LeadGenForms"),
        (f"leadForms?ids=List({GERMAN})", 401, "Member is not authorized to BatchGet LeadGenForms"),
        (LEADS, 401, "The member does not have lead access permission."),
        (
            SUBSCRIPTIONS,
            403,
            (
                "Unauthorized! the member does not have permission to take this action on a "
                "subscription for the owner."
            ),
        ),
    ],
)
def test_missing_roles_have_the_documented_sentences(
    api: Api, path: str, status: int, sentence: str
) -> None:
    api.settings(accountRole="")
    answer = api.call("GET", path)
    assert (answer.status_code, answer.json()["message"]) == (status, sentence)
    assert "serviceErrorCode" not in answer.json()
    api.settings(accountRole="", missingRoleStatus=403)
    assert api.call("GET", path).status_code == 403


def test_a_single_lead_needs_the_role_too(api: Api) -> None:
    lead = api.lead()
    api.settings(accountRole="")
    assert api.call("GET", f"leadFormResponses/{lead}").status_code == 401


def test_leads_of_an_ad_need_a_role_on_its_page_as_well(api: Api) -> None:
    api.settings(pageRole="")
    assert api.call("GET", LEADS).status_code == 401
    assert api.call("GET", FORMS).status_code == 200  # r_ads is enough for those


@pytest.mark.parametrize(
    ("role", "event", "company"),
    [("ADMINISTRATOR", 200, 200), ("CONTENT_ADMINISTRATOR", 200, 200), ("ANALYST", 401, 200)],
)
def test_leads_of_events_need_one_of_two_roles(
    api: Api, role: str, event: int, company: int
) -> None:
    api.settings(pageRole=role)
    for lead_type, status in (("EVENT", event), ("COMPANY", company)):
        path = f"leadFormResponses?q=owner&owner={PAGE}&leadType=(leadType:{lead_type})"
        assert api.call("GET", path).status_code == status


def test_forms_of_a_page_need_the_lead_sync_scope(api: Api) -> None:
    assert [form["id"] for form in api.elements(f"leadForms?q=owner&owner={PAGE}")] == [EVENT]
    api.settings(scopes=["r_ads", "rw_ads"])
    assert api.call("GET", f"leadForms?q=owner&owner={PAGE}").status_code == 401


def test_somebody_elses_account_is_refused(api: Api) -> None:
    other = OWNER.replace("522529623", "522529624")
    assert api.call("GET", f"leadForms?q=owner&owner={other}").status_code == 401


def test_a_viewer_reads_and_does_not_write(api: Api) -> None:
    api.settings(accountRole="VIEWER")
    assert api.call("GET", LEADS).status_code == 200
    patch = {"patch": {"$set": {"state": "ARCHIVED"}}}
    update = api.call("POST", f"leadForms/{GERMAN}", patch, X_RestLi_Method="PARTIAL_UPDATE")
    assert update.status_code == 401


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "leadForms", {}, 400),
        ("GET", "leadForms?q=criteria", {}, 405),
        ("GET", "leadThings?q=owner", {}, 404),
        ("DELETE", f"leadForms/{GERMAN}", {}, 405),
        ("PUT", f"leadForms/{GERMAN}", {}, 400),
        ("GET", f"leadForms/{GERMAN}", {"X_RestLi_Method": "BATCH_GET"}, 400),
        ("GET", "leadForms/abc", {}, 400),
        ("GET", "leadForms/3162:1", {}, 400),
        ("GET", "leadForms/999", {}, 404),
        ("GET", "leadFormResponses/nobody", {}, 404),
        ("GET", "leadNotifications/1", {}, 404),
    ],
)
def test_what_is_no_operation_or_no_entity(
    api: Api, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    assert refusal(api.call(method, path, **headers))[0] == status


def test_calls_beyond_the_day_answer_429_until_midnight(api: Api, clock: SteppedClock) -> None:
    api.settings(callsPerDay=1)
    assert api.call("GET", FORMS).status_code == 200
    answer = api.call("GET", FORMS)
    assert refusal(answer) == (
        429,
        "TOO_MANY_REQUESTS",
        "Resource level throttle limit for calls to this resource is reached.",
    )
    assert answer.json()["serviceErrorCode"] == 101
    assert "Retry-After" not in answer.headers
    clock.moment = datetime(2026, 11, 10, 23, 59, 59, tzinfo=UTC)
    assert api.call("GET", FORMS).status_code == 429
    clock.moment = datetime(2026, 11, 11, tzinfo=UTC)
    assert api.call("GET", FORMS).status_code == 200
