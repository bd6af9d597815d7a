"""A plain HTTP client of the API, as independent of the simulator as any other client."""

from collections.abc import Mapping
from typing import Any

import requests

SECRET = "for-local-use-only-linkedin-client-secret"
CLIENT = {"client_id": "local-linkedin-client", "client_secret": SECRET}
REFRESH = {
    **CLIENT,
    "grant_type": "refresh_token",
    "refresh_token": "for-local-use-only-linkedin-refresh-token",
}
OWNER = "(sponsoredAccount:urn%3Ali%3AsponsoredAccount%3A522529623)"
PAGE = "(organization:urn%3Ali%3Aorganization%3A5509810)"
SPONSORED = "(leadType:SPONSORED)"
ENGLISH = 7236142859205541889
GERMAN = 3162
EVENT = 818
ACCOUNT_URN = "urn:li:sponsoredAccount:522529623"
GERMAN_ANSWERS: Mapping[str, Any] = {"1": "Anna", "2": "Muster", "3": "anna@example.com"}


class Api:
    """Calls below `/rest/` with a URL that goes out as it is written, and all headers."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.session = requests.Session()
        self.headers = {
            "Authorization": f"Bearer {self.token()['access_token']}",
            "LinkedIn-Version": "202607",
            "X-Restli-Protocol-Version": "2.0.0",
        }

    def token(self, **changes: str) -> dict[str, Any]:
        answer = self.oauth("accessToken", **{**REFRESH, **changes})
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def oauth(self, endpoint: str, **form: str) -> requests.Response:
        return self.session.post(f"{self.url}/oauth/v2/{endpoint}", data=form, timeout=20)

    def call(
        self, method: str, path: str, body: Any = None, **headers: str | None
    ) -> requests.Response:
        """`headers` replace the usual ones, `_` standing for `-`; None leaves one out."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        merged = {**self.headers, **given}
        return self.session.request(
            method,
            f"{self.url}/rest/{path}",
            json=body,
            headers={name: value for name, value in merged.items() if value is not None},
            timeout=20,
        )

    def elements(self, path: str) -> list[dict[str, Any]]:
        answer = self.call("GET", path)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["elements"]
        return found

    def control(self, method: str, path: str, body: Any = None) -> requests.Response:
        return self.session.request(method, f"{self.url}/_simulator/{path}", json=body, timeout=20)

    def settings(self, **changes: Any) -> None:
        answer = self.control("POST", "settings", changes)
        assert answer.status_code == 200, answer.text

    def fault(self, **fault: Any) -> requests.Response:
        return self.control("POST", "faults", fault)

    def lead(self, form: int = GERMAN, **given: Any) -> str:
        """Submit a lead and give its id."""
        usual = {"form": form, "answers": GERMAN_ANSWERS, "consents": [4]} if form == GERMAN else {}
        answer = self.control("POST", "leads", {"form": form, **usual, **given})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = self.control("GET", "state").json()
        return found


def refusal(answer: requests.Response) -> tuple[int, str, str]:
    """Status, code and message; the status stands in the body as well."""
    body = answer.json()
    assert body["status"] == answer.status_code
    return body["status"], body["code"], body["message"]


def place(answer: requests.Response) -> str:
    """What the first input error is about."""
    return str(answer.json()["errorDetails"]["inputErrors"][0]["input"]["inputPath"]["fieldPath"])
