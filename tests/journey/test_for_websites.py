"""What a website's developer and an operator see: description, CORS, health, OpenAPI."""

import json

import pytest
import requests

from tests.journey.person import Person
from tests.journey.sign_up import newsletter, registrations_url
from tests.running_stack import Stack

pytestmark = pytest.mark.stack

SECONDS = 30
FOREIGN = "https://www.somebody-else.example"


def get(stack: Stack, path: str, **headers: str) -> requests.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return requests.get(f"{stack.functions}/api/{path}", headers=named, timeout=SECONDS)


@pytest.mark.parametrize("form", ["newsletter", "whitepaper", "webinar"])
def test_a_form_describes_itself_and_tells_nothing_about_dataverse(stack: Stack, form: str) -> None:
    answer = get(stack, f"forms/{form}")

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    description = answer.json()
    assert description["submit"] == registrations_url(stack, form)
    for inner in ("column", "purpose", "topic", "trigger", "dataverse", "msdynmkt", "0000-0000"):
        assert inner not in answer.text


def test_a_description_that_the_website_has_already_is_not_sent_again(stack: Stack) -> None:
    etag = get(stack, "forms/newsletter").headers["ETag"]

    again = get(stack, "forms/newsletter", If_None_Match=etag)

    assert again.status_code == 304
    assert not again.content
    assert again.headers["ETag"] == etag


def test_a_page_of_the_website_may_call(stack: Stack, person: Person) -> None:
    preflight = requests.options(
        registrations_url(stack),
        headers={
            "Origin": stack.website,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type,idempotency-key",
        },
        timeout=SECONDS,
    )
    assert preflight.status_code in {200, 204}
    assert preflight.headers["Access-Control-Allow-Origin"] == stack.website
    allowed = preflight.headers["Access-Control-Allow-Headers"].lower()
    assert "idempotency-key" in allowed
    assert "content-type" in allowed

    described = get(stack, "forms/newsletter", Origin=stack.website)
    accepted = requests.post(
        registrations_url(stack),
        json=newsletter(person),
        headers={"Origin": stack.website},
        timeout=SECONDS,
    )

    assert accepted.status_code == 202
    for answer in (described, accepted):
        assert answer.headers["Access-Control-Allow-Origin"] == stack.website


def test_a_page_of_another_website_may_not(stack: Stack, person: Person) -> None:
    preflight = requests.options(
        registrations_url(stack),
        headers={"Origin": FOREIGN, "Access-Control-Request-Method": "POST"},
        timeout=SECONDS,
    )
    described = get(stack, "forms/newsletter", Origin=FOREIGN)
    refused = requests.post(
        registrations_url(stack),
        json=newsletter(person),
        headers={"Origin": FOREIGN},
        timeout=SECONDS,
    )

    for answer in (preflight, described, refused):
        assert "Access-Control-Allow-Origin" not in answer.headers
    # CORS only keeps the answer from the page, so the app itself refuses as well.
    assert refused.status_code == 403
    assert refused.json()["type"] == "urn:double-opt-in:problem:origin-not-allowed"


def test_health_and_readiness(stack: Stack) -> None:
    assert get(stack, "health").json() == {"status": "alive"}

    ready = get(stack, "ready")

    assert ready.status_code == 200
    checks = ready.json()["checks"]
    assert checks.pop("forms").split(", ")[:1]
    assert set(checks.values()) == {"ok"}
    assert {"table registrations", "queue registrations", "queue promotions-poison"} <= set(checks)


def test_the_api_describes_itself_under_its_own_address(stack: Stack) -> None:
    answer = get(stack, "openapi.json")

    assert answer.status_code == 200
    document = answer.json()
    assert document["openapi"].startswith("3.1")
    assert stack.functions in json.dumps(document["servers"])
    assert any(path.endswith("/forms/{form}/registrations") for path in document["paths"])
