"""Signing up and clicking, by HTTP, as a website and a browser do."""

from collections.abc import Mapping
from typing import Any

import requests

from tests.journey.person import Person
from tests.running_stack import Stack

SECONDS = 30
ACCEPTED, OK = 202, 200


def newsletter(person: Person, **changes: Any) -> dict[str, Any]:
    """The body of a sign-up in German; `changes` replace fields, None leaves one out."""
    fields: dict[str, Any] = {
        "email": person.email,
        "firstName": person.first_name,
        "lastName": person.last_name,
    }
    fields |= changes
    return {
        "fields": {name: value for name, value in fields.items() if value is not None},
        "consents": ["newsletter"],
        "locale": "de",
        "source": {"campaign": "spring"},
    }


def whitepaper(person: Person) -> dict[str, Any]:
    """The body of a request for the white paper in German, with the least that it takes."""
    return {
        "fields": {
            "email": person.email,
            "firstName": person.first_name,
            "lastName": person.last_name,
            "companySize": "small",
            "asset": "consent-that-holds",
        },
        "consents": ["download"],
        "locale": "de",
    }


def registrations_url(stack: Stack, form: str = "newsletter") -> str:
    return f"{stack.functions}/api/forms/{form}/registrations"


def post_json(
    stack: Stack,
    body: Mapping[str, Any],
    *,
    form: str = "newsletter",
    headers: Mapping[str, str] | None = None,
) -> requests.Response:
    return requests.post(
        registrations_url(stack, form), json=body, headers=headers, timeout=SECONDS
    )


def sign_up(stack: Stack, person: Person) -> str:
    """For the newsletter. The registration's id."""
    answer = post_json(stack, newsletter(person))
    assert answer.status_code == ACCEPTED, answer.text
    accepted: dict[str, str] = answer.json()
    return accepted["registrationId"]


def open_link(url: str, method: str = "GET") -> requests.Response:
    return requests.request(method, url, timeout=SECONDS, allow_redirects=False)


def press(link: str) -> requests.Response:
    """What the button of a link's page does: it posts the token to the address of the page."""
    address, _, query = link.partition("?")
    return press_with(address, query.removeprefix("token="))


def press_with(address: str, token: str) -> requests.Response:
    return requests.post(address, data={"token": token}, timeout=SECONDS, allow_redirects=False)


def token_of(link: str) -> str:
    return link.partition("?token=")[2]
