"""Who may call: bearer tokens, the managed identity endpoint, OData versions."""

import base64
from datetime import timedelta

import pytest
import requests
from azure.identity import ManagedIdentityCredential

from local.dataverse_simulator import RunningDataverse
from tests.dataverse_simulator.client import Api, refusal
from tests.dataverse_simulator.conftest import SteppedClock

MSI = {"api-version": "2019-08-01", "resource": "https://communication.azure.com"}


def ask_identity(api: Api, **changes: str) -> requests.Response:
    params = {name: value for name, value in (MSI | changes).items() if value}
    headers = {"X-IDENTITY-HEADER": "local"}
    return requests.get(f"{api.url}/msi/token", params=params, headers=headers, timeout=20)


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer a b", "Basic YTpi", "Bearer ä"])
def test_no_well_formed_bearer_is_401_with_a_challenge(api: Api, authorization: str) -> None:
    headers = {"Authorization": authorization.encode()}
    answer = requests.get(f"{api.root}contacts", headers=headers, timeout=20)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer authorization_uri=https://")
    assert f"resource_id={api.url}/" in answer.headers["WWW-Authenticate"]


def test_azure_identity_gets_a_token_that_works(
    api: Api, monkeypatch: pytest.MonkeyPatch, clock: SteppedClock
) -> None:
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{api.url}/msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", "local")
    with ManagedIdentityCredential() as credential:
        token = credential.get_token(f"{api.url}/.default")
    assert token.expires_on == int((clock.moment + timedelta(hours=24)).timestamp())
    headers = {"Authorization": f"Bearer {token.token}"}
    assert api.call("GET", "WhoAmI", headers=headers).status_code == 200


def test_token_for_another_resource_is_refused(api: Api) -> None:
    token = ask_identity(api).json()
    assert token["resource"] == "https://communication.azure.com"
    headers = {"Authorization": f"Bearer {token['access_token']}"}
    answer = api.call("GET", "WhoAmI", headers=headers)
    assert answer.status_code == 401
    assert "audience is invalid" in answer.headers["WWW-Authenticate"]


def test_expired_token_is_refused(api: Api, clock: SteppedClock) -> None:
    token = ask_identity(api, resource=api.url).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert api.call("GET", "WhoAmI", headers=headers).status_code == 200
    clock.moment += timedelta(hours=24)
    answer = api.call("GET", "WhoAmI", headers=headers)
    assert answer.status_code == 401
    assert "expired" in answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize("changes", [{"api-version": "2017-09-01"}, {"resource": ""}])
def test_identity_endpoint_refuses_wrong_parameters(api: Api, changes: dict[str, str]) -> None:
    assert ask_identity(api, **changes).status_code == 400


def test_identity_endpoint_demands_its_header(api: Api) -> None:
    answer = requests.get(f"{api.url}/msi/token", params=MSI, timeout=20)
    assert answer.status_code == 401
    assert "X-IDENTITY-HEADER" in answer.json()["message"]


def test_client_id_of_a_user_assigned_identity_is_taken(api: Api) -> None:
    assert ask_identity(api, client_id="abc").json()["client_id"] == "abc"


def test_forged_token_of_the_endpoint_is_refused(api: Api) -> None:
    claims = base64.urlsafe_b64encode(b'{"iss": "dataverse-simulator"}').decode().rstrip("=")
    headers = {"Authorization": f"Bearer e30.{claims}.x"}
    assert api.call("GET", "WhoAmI", headers=headers).status_code == 401
    assert api.call("GET", "WhoAmI", headers={"Authorization": "bearer e30.x.x"}).status_code == 200


@pytest.mark.parametrize("name", ["OData-Version", "OData-MaxVersion"])
def test_only_odata_4_is_spoken(api: Api, name: str) -> None:
    assert api.call("GET", "contacts", headers={name: "4.0"}).status_code == 200
    assert refusal(api.call("GET", "contacts", headers={name: "3.0"}))[0] == 400


def test_who_am_i_is_a_function(api: Api) -> None:
    user = api.call("GET", "WhoAmI()").json()["UserId"]
    assert api.values("systemusers", filter=f"systemuserid eq {user}")
    assert refusal(api.call("POST", "WhoAmI"))[:2] == (404, "")


def test_page_and_control_need_no_token(dataverse: RunningDataverse) -> None:
    for path in ("/", "/_simulator/state", "/_simulator/faults"):
        assert requests.get(dataverse.url + path, timeout=20).status_code == 200
