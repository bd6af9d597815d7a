"""The desk of the local stack: somebody clicks through the demo, and watches it there."""

import re
from collections.abc import Iterator

import pytest
import requests
from playwright.sync_api import Page, Route, expect

from shared.values.messages import PromotionMessage
from tests.journey.customer_insights import known_once_promoted
from tests.journey.inbox import mail_to
from tests.journey.operator import doi
from tests.journey.person import DOMAIN, FAMILY, Person
from tests.journey.sign_up import SECONDS, post_json, press, sign_up, whitepaper
from tests.journey.storage import poison, put, wait_for_record
from tests.journey.visits import Visits
from tests.personal_traces import found_in
from tests.running_stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.browser]

NO_TRIGGER = {"match": "POST msdynmkt_whitepaperconfirmed_7654321", "status": 404, "times": 2}


def open_desk(stack: Stack, visits: Visits, *, refresh: int | None = None) -> Page:
    page = visits.new_page()
    query = f"?refresh={refresh}" if refresh else ""
    page.goto(f"{stack.functions}/api/desk{query}")
    expect(page).to_have_title(re.compile("Desk$"))
    return page


def counts(page: Page, form: str) -> dict[str, int]:
    """What stands beside the bars of a form."""
    rows = page.locator(f"article[aria-label='{form}'] .chart > table tr").all()
    return {
        row.locator("th").inner_text(): int(row.locator(".number").first.inner_text())
        for row in rows
    }


def test_it_shows_what_happens_while_somebody_clicks_through(
    stack: Stack, visits: Visits, person: Person
) -> None:
    website = visits.new_page()
    website.goto(f"{stack.website}/newsletter-plain.html?lang=de")
    before = counts(open_desk(stack, visits), "newsletter")
    desk = open_desk(stack, visits, refresh=2)  # from here on nobody touches it
    latest = desk.locator("section[aria-labelledby=latest] tbody tr").first

    website.get_by_label("E-Mail-Adresse").fill(person.email)
    website.get_by_label("Vorname").fill(person.first_name)
    website.get_by_label("Ich möchte den Contoso-Newsletter").check()
    website.locator("button[type=submit]").click()
    website.goto(mail_to(stack, person.email).confirm_url)
    registration = _newest(stack, visits)
    expect(latest).to_contain_text(registration)
    expect(latest).to_contain_text("mailed")

    website.get_by_role("button").click()
    expect(website.get_by_role("heading")).to_contain_text("Ihre Anmeldung ist bestätigt")
    expect(latest).to_contain_text(registration)
    expect(latest).to_contain_text("promoted")
    after = counts(desk, "newsletter")
    for step in ("accepted", "mailed", "confirmed", "promoted"):
        assert after[step] == before.get(step, 0) + 1
    visits.photograph(desk, "desk-of-the-demo")
    assert not found_in([desk.content()], [*person.traces, DOMAIN, FAMILY])
    funnel = doi(stack, "funnel", "--form", "newsletter", "--since", "1d")
    assert funnel["forms"][0]["counts"]["confirmed"] >= 1


def _newest(stack: Stack, visits: Visits) -> str:
    page = open_desk(stack, visits)
    return page.locator("section[aria-labelledby=latest] tbody th").first.inner_text()


@pytest.fixture
def _no_trigger(stack: Stack) -> Iterator[None]:
    """Somebody has unpublished the trigger."""
    faults = f"{stack.dataverse}/_simulator/faults"
    assert requests.post(faults, json=NO_TRIGGER, timeout=SECONDS).status_code == 201
    yield
    requests.delete(faults, timeout=SECONDS)


@pytest.mark.usefixtures("_no_trigger")
def test_what_failed_is_put_back_by_its_button(
    stack: Stack, visits: Visits, person: Person
) -> None:
    accepted = post_json(stack, whitepaper(person), form="whitepaper")
    registration = accepted.json()["registrationId"]
    press(mail_to(stack, person.email).confirm_url)
    key = wait_for_record(stack, registration, "confirmed")["PartitionKey"]
    message = PromotionMessage(mailbox_key=key, registration_id=registration)
    put(stack, "promotions", message.to_json())
    wait_for_record(stack, registration, "failed")

    desk = open_desk(stack, visits)
    failed = desk.locator(".queue tbody tr").filter(has_text=registration)
    expect(failed).to_contain_text("the environment has no such trigger")
    latest = desk.locator("section[aria-labelledby=latest] tr").filter(has_text=registration)
    expect(latest).to_contain_text("failed")
    assert not found_in([desk.content()], [*person.traces, DOMAIN, FAMILY])

    failed.get_by_role("button", name=f"Replay {registration}").click()

    expect(desk.get_by_role("status")).to_have_text("1 message put back into the queue.")
    expect(failed).to_have_count(0)
    wait_for_record(stack, registration, "promoted")
    known = known_once_promoted(stack, person)
    assert [len(known.contacts), len(known.consents), len(known.triggers)] == [1, 1, 1]
    desk.goto(f"{stack.functions}/api/desk")
    expect(latest).to_contain_text("promoted")


def test_another_website_cannot_press_its_buttons(
    stack: Stack, visits: Visits, person: Person
) -> None:
    """In the browser of who has the desk open; no key is needed here, so nothing else protects."""
    registration = sign_up(stack, person)
    put(
        stack,
        "promotions-poison",
        PromotionMessage(mailbox_key="0" * 64, registration_id=registration)
        .failed("no such trigger")
        .to_json(),
    )
    open_desk(stack, visits)
    evil = visits.new_page()

    def answer(route: Route) -> None:
        route.fulfill(
            content_type="text/html",
            body=f"<form method=post action='{stack.functions}/api/desk'>"
            f"<input name=queue value=promotions><input name=id value={registration}>"
            "<button>Win a prize</button></form>",
        )

    evil.route("http://localhost:1/", answer)
    evil.goto("http://localhost:1/")
    with evil.expect_response(f"{stack.functions}/api/desk") as answered:
        evil.get_by_role("button").click()
    assert answered.value.status == 403
    assert [body for body in poison(stack, "promotions") if registration in body]
    doi(stack, "poison", "drop", "promotions", "--yes", "--id", registration)
