"""The form that asks for proof of work: by a browser, by a server, and by who does not work."""

from typing import Any

import altcha
import pytest
import requests
from playwright.sync_api import expect

from tests.journey.customer_insights import known_once_promoted
from tests.journey.inbox import mail_to
from tests.journey.person import Person
from tests.journey.sign_up import press, registrations_url
from tests.journey.visits import Visits
from tests.running_stack import Stack

pytestmark = pytest.mark.stack

SECONDS = 30


def challenge(stack: Stack, **headers: str) -> requests.Response:
    url = f"{stack.functions}/api/forms/webinar/challenge"
    return requests.get(url, headers=headers, timeout=SECONDS)


def solved(stack: Stack) -> str:
    asked = altcha.Challenge.from_dict(challenge(stack).json())
    solution = altcha.solve_challenge(asked)
    assert solution is not None
    return altcha.Payload(asked, solution).to_base64()


def register(stack: Stack, person: Person, proof: str | None, key: str) -> requests.Response:
    body: dict[str, Any] = {
        "fields": {"email": person.email, "lastName": person.last_name},
        "consents": ["invitation"],
        "locale": "de",
        "altcha": proof,
    }
    return requests.post(
        registrations_url(stack, "webinar"),
        json=body,
        headers={"Idempotency-Key": key},
        timeout=SECONDS,
    )


@pytest.mark.browser
def test_by_a_browser(stack: Stack, visits: Visits, person: Person) -> None:
    visitor = visits.new_page()
    visitor.goto(f"{stack.website}/webinar.html?lang=de")
    visitor.get_by_label("E-Mail-Adresse").fill(person.email)
    visitor.get_by_label("Nachname").fill(person.last_name)
    visitor.get_by_label("Ich möchte die Einladung").check()
    visitor.locator("button[type=submit]").click()
    expect(visitor.get_by_role("heading", name="Bitte sehen Sie in Ihr Postfach")).to_be_visible()

    assert press(mail_to(stack, person.email).confirm_url).status_code == 200
    [contact] = known_once_promoted(stack, person).contacts
    assert contact["lastname"] == person.last_name


@pytest.mark.browser
def test_by_a_plain_html_form(stack: Stack, visits: Visits, person: Person) -> None:
    visitor = visits.new_page()
    visitor.goto(f"{stack.website}/webinar-plain.html?lang=de")
    visitor.get_by_label("E-Mail-Adresse").fill(person.email)
    visitor.get_by_label("Ich möchte die Einladung").check()
    expect(visitor.locator("altcha-widget [data-state=verified]")).to_be_visible()
    visits.photograph(visitor, "webinar-plain")
    visitor.locator("button[type=submit]").click()

    visitor.wait_for_url(f"{stack.website}/check-inbox.html")
    mail_to(stack, person.email)


def test_by_a_server(stack: Stack, person: Person) -> None:
    proof = solved(stack)
    accepted = register(stack, person, proof, "first")
    assert accepted.status_code == 202
    repeated = register(stack, person, proof, "first")
    assert repeated.json() == accepted.json()

    mail = mail_to(stack, person.email)
    assert press(mail.confirm_url).status_code == 200
    known = known_once_promoted(stack, person)
    assert len(known.contacts) == len(known.consents) == len(known.triggers) == 1


def test_without_work_and_with_used_work(stack: Stack, person: Person) -> None:
    refused = register(stack, person, None, "first")
    assert refused.status_code == 422
    assert [error["code"] for error in refused.json()["errors"]] == ["proof_missing"]

    proof = solved(stack)
    assert register(stack, person, proof, "first").status_code == 202
    again = register(stack, person, proof, "second")
    assert again.status_code == 422
    assert [error["code"] for error in again.json()["errors"]] == ["proof_reused"]


def test_pages_of_the_website_may_ask_for_a_challenge_and_nobody_keeps_it(stack: Stack) -> None:
    own = challenge(stack, Origin=stack.website)
    foreign = challenge(stack, Origin="https://www.somebody-else.example")

    assert own.headers["Access-Control-Allow-Origin"] == stack.website
    assert "Access-Control-Allow-Origin" not in foreign.headers
    assert own.headers["Cache-Control"] == "no-store"
    assert own.json() != foreign.json()
