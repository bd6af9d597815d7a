"""A plain HTTP client of the Web API, as independent of the simulator as any other client."""

from collections.abc import Mapping
from typing import Any

import requests

COMMERCIAL = "10000000-0000-0000-0000-000000000003"
PRODUCT_NEWS = "5f0e7f5e-8d0b-4f0a-9a55-3b6c2f1d7a10"
NEWSLETTER = "7b1c9d2e-4a63-4c58-8f17-0e5d6a9b3c21"
NOBODY = "00000000-0000-0000-0000-000000000009"
TRIGGER = "msdynmkt_doiconfirmed_1234567"
CONSENT: Mapping[str, Any] = {
    "msdynmkt_contactpointvalue": "anna@example.com",
    "msdynmkt_contactpointtype": 534120000,
    "msdynmkt_contactpointconsenttype": 534120000,
    "msdynmkt_value": 534120001,
    "msdynmkt_source": 534120000,
    "msdynmkt_logicalreason": 534120001,
    "msdynmkt_purposeId@odata.bind": f"/msdynmkt_purposes({COMMERCIAL})",
}


class Api:
    """Calls below `/api/data/v9.2/` with a bearer token; headers can be added per call.

    A token that the simulator did not issue is taken for the administrator's.
    """

    def __init__(self, url: str, bearer: str = "opaque") -> None:
        self.url = url
        self.root = f"{url}/api/data/v9.2/"
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {bearer}"

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: Mapping[str, str] | None = None,
        **params: str,
    ) -> requests.Response:
        """`params` are query options without their `$`: `select="contactid"`."""
        return self.session.request(
            method,
            self.root + path,
            json=body,
            headers=headers,
            params={f"${name}": value for name, value in params.items()},
            timeout=20,
        )

    def create(self, path: str, body: Any) -> str:
        """Create a row and give its id."""
        answer = self.call("POST", path, body)
        assert answer.status_code == 204, answer.text
        return answer.headers["OData-EntityId"].rpartition("(")[2].rstrip(")")

    def values(self, path: str, **params: str) -> list[dict[str, Any]]:
        answer = self.call("GET", path, headers=None, **params)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["value"]
        return found

    def fault(self, **fault: Any) -> requests.Response:
        return self.session.post(f"{self.url}/_simulator/faults", json=fault, timeout=20)

    def change_environment(self, **settings: Any) -> requests.Response:
        url = f"{self.url}/_simulator/environment"
        return self.session.patch(url, json=settings, timeout=20)

    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = self.session.get(f"{self.url}/_simulator/state", timeout=20).json()
        return found


def issued_token(url: str, application_id: str = "") -> str:
    """From the managed identity endpoint, for the application user unless it says otherwise."""
    params = {"api-version": "2019-08-01", "resource": url, "client_id": application_id}
    answer = requests.get(
        f"{url}/msi/token", params=params, headers={"X-IDENTITY-HEADER": "local"}, timeout=20
    )
    token: str = answer.json()["access_token"]
    return token


def refusal(answer: requests.Response) -> tuple[int, str, str]:
    """Status, code and message of a refusal in Dataverse's form."""
    error = answer.json()["error"]
    return answer.status_code, error["code"], error["message"]
