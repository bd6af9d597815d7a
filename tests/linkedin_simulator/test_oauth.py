"""OAuth: the page with Allow, codes, refreshing, introspection, refusals."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from bs4 import BeautifulSoup

from tests.linkedin_simulator.client import CLIENT, REFRESH, Api
from tests.linkedin_simulator.conftest import SteppedClock

REDIRECT = "http://127.0.0.1:8765/callback"
DAY = 86_400
ASK = {
    "response_type": "code",
    "client_id": CLIENT["client_id"],
    "redirect_uri": REDIRECT,
    "state": "a b&c",
    "scope": "r_marketing_leadgen_automation rw_ads",
}


def ask(api: Api, **changes: str) -> requests.Response:
    url = f"{api.url}/oauth/v2/authorization"
    params = ASK | changes
    return api.session.get(url, params=params, allow_redirects=False, timeout=20)


def decide(api: Api, decision: str = "allow") -> dict[str, list[str]]:
    """What the redirect carries after pressing a button of the page."""
    page = BeautifulSoup(ask(api).text, "html.parser")
    hidden = {str(each["name"]): str(each["value"]) for each in page.select("input[type=hidden]")}
    url = f"{api.url}/oauth/v2/authorization"
    form = {**hidden, "decision": decision}
    answer = api.session.post(url, data=form, allow_redirects=False, timeout=20)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(f"{REDIRECT}?")
    return parse_qs(urlsplit(answer.headers["Location"]).query)


def exchange(api: Api, code: str, **changes: str) -> requests.Response:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT, **CLIENT}
    return api.oauth("accessToken", **{**form, **changes})


def test_allowing_gives_a_code_and_the_state_back(api: Api) -> None:
    answer = decide(api)
    assert answer["state"] == ["a b&c"]
    token = exchange(api, answer["code"][0]).json()
    assert token["expires_in"] == 60 * DAY
    assert token["refresh_token_expires_in"] == 365 * DAY
    assert token["scope"] == "r_marketing_leadgen_automation,rw_ads"
    assert 400 < len(token["access_token"]) < 1000
    api.headers["Authorization"] = f"Bearer {token['access_token']}"
    assert api.call("GET", "leadForms/3162").status_code == 200


def test_cancelling_gives_the_reason(api: Api) -> None:
    answer = decide(api, "cancel")
    assert answer["error"] == ["user_cancelled_authorize"]
    assert answer["state"] == ["a b&c"]


def test_the_page_names_scopes_and_runs_no_script(api: Api) -> None:
    answer = ask(api)
    for scope in ASK["scope"].split():
        assert scope in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert policy.endswith("form-action 'self' http://127.0.0.1:8765")
    assert "default-src 'none'" in policy


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "other"},
        {"redirect_uri": "https://evil.example/callback"},
        {"redirect_uri": f"{REDIRECT}/"},
    ],
)
def test_nobody_is_sent_to_where_was_not_registered(api: Api, changes: dict[str, str]) -> None:
    assert ask(api, **changes).status_code == 400


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"scope": "r_marketing_leadgen_automation w_member_social"}, "unauthorized_scope_error"),
        ({"scope": ""}, "invalid_scope_error"),
        ({"response_type": "token"}, "unsupported_response_type"),
    ],
)
def test_other_mistakes_are_told_to_the_application(
    api: Api, changes: dict[str, str], error: str
) -> None:
    location = ask(api, **changes).headers["Location"]
    assert parse_qs(urlsplit(location).query)["error"] == [error]


def test_a_code_works_once_soon_and_with_its_redirect(api: Api, clock: SteppedClock) -> None:
    code = decide(api)["code"][0]
    assert exchange(api, code, redirect_uri="http://localhost:8765/callback").status_code == 400
    code = decide(api)["code"][0]
    assert exchange(api, code).status_code == 200
    again = exchange(api, code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_request")
    code = decide(api)["code"][0]
    clock.moment += timedelta(minutes=30)
    assert exchange(api, code).status_code == 400


def test_refreshing_never_extends_the_refresh_token(api: Api, clock: SteppedClock) -> None:
    clock.moment += timedelta(days=360)
    token = api.token()
    assert token["refresh_token"] == REFRESH["refresh_token"]
    assert token["refresh_token_expires_in"] == token["expires_in"] == 5 * DAY
    clock.moment += timedelta(days=5)
    dead = api.oauth("accessToken", **REFRESH)
    assert (dead.status_code, dead.json()["error"]) == (400, "invalid_grant")


def test_lifetimes_can_be_set(api: Api) -> None:
    api.settings(accessTokenSeconds=100, refreshTokenDays=20)
    token = api.token()
    assert (token["expires_in"], token["refresh_token_expires_in"]) == (100, 20 * DAY)


def test_revoking_kills_both_until_the_next_reset(api: Api) -> None:
    api.control("DELETE", "grants")
    assert api.oauth("accessToken", **REFRESH).json()["error"] == "invalid_grant"
    api.control("DELETE", "state")
    assert api.oauth("accessToken", **REFRESH).status_code == 200
    assert api.call("GET", "leadForms/3162").status_code == 200


def test_applications_without_refresh_tokens(api: Api) -> None:
    api.settings(refreshTokens=False)
    token = exchange(api, decide(api)["code"][0]).json()
    assert {"refresh_token", "refresh_token_expires_in"} & set(token) == set()
    assert token["expires_in"] == 60 * DAY


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"grant_type": ""}, 400, "invalid_request"),
        ({"grant_type": "client_credentials"}, 400, "unsupported_grant_type"),
        ({"client_id": ""}, 400, "invalid_request"),
        ({"client_id": "other"}, 401, "invalid_client"),
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_secret": "falsch-ä"}, 401, "invalid_client"),
        ({"refresh_token": ""}, 400, "invalid_request"),
        ({"refresh_token": "wrong"}, 400, "invalid_grant"),
    ],
)
def test_refusals(api: Api, changes: dict[str, str], status: int, error: str) -> None:
    answer = api.oauth("accessToken", **{**REFRESH, **changes})
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.json()["error_description"]


def test_parameters_stand_in_a_form_body(api: Api) -> None:
    url = f"{api.url}/oauth/v2/accessToken"
    for call in ({"params": REFRESH}, {"json": REFRESH}):
        answer = requests.post(url, timeout=20, **call)  # type: ignore[arg-type] # one of the two
        assert answer.json()["error"] == "invalid_request"


def test_introspection_tells_of_any_token(api: Api, clock: SteppedClock) -> None:
    token = api.headers["Authorization"].removeprefix("Bearer ")
    told = api.oauth("introspectToken", token=token, **CLIENT).json()
    assert (told["active"], told["status"]) == (True, "active")
    assert told["expires_at"] - told["created_at"] == 60 * DAY
    assert "r_marketing_leadgen_automation" in told["scope"]
    refresh = api.oauth("introspectToken", token=REFRESH["refresh_token"], **CLIENT).json()
    assert refresh["expires_at"] - refresh["authorized_at"] == 365 * DAY
    assert api.oauth("introspectToken", token="unknown", **CLIENT).json() == {"active": False}
    clock.moment += timedelta(days=60)
    told = api.oauth("introspectToken", token=token, **CLIENT).json()
    assert (told["active"], told["status"]) == (False, "expired")
    wrong = {**CLIENT, "client_secret": "wrong"}
    assert api.oauth("introspectToken", token=token, **wrong).status_code == 401


def test_faults_of_the_token_endpoint(api: Api) -> None:
    api.fault(match="POST /oauth/v2/accessToken", status=503)
    assert api.oauth("accessToken", **REFRESH).status_code == 503
    api.fault(match="POST /oauth/v2/accessToken", drop=True)
    with pytest.raises(requests.ConnectionError):
        api.oauth("accessToken", **REFRESH)
    assert api.oauth("accessToken", **REFRESH).status_code == 200
