"""Machines open every link of a mail, and some press buttons: none of them confirms anything.

On a stack of its own, whose callers come through a proxy that tells their addresses.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.faults.scanners import From, open_by_http, open_in_browser
from tests.journey import function_log
from tests.journey.customer_insights import known_about, known_once_promoted, knows_nothing_about
from tests.journey.inbox import Mail, mail_to
from tests.journey.person import DOMAIN, FAMILY, Person, somebody
from tests.journey.sign_up import sign_up
from tests.journey.storage import find_record, wait_for_record
from tests.running_stack import Stack, running_stack

pytestmark = pytest.mark.browser

SCANNERS = (
    From(address="203.0.113.7"),
    From(address="203.0.113.200"),
    From(address="192.0.2.14"),
    From(address="2001:db8:5:100::7"),
)
SCANNER, ITS_NEIGHBOUR = SCANNERS[:2]
AT_HOME = From(address="198.51.100.9")
ROUNDS = 2
ASKS = "Bitte geben Sie den Code aus unserer E-Mail ein"
WRONG = "Das ist nicht der Code aus unserer E-Mail"
CONFIRMED = "Vielen Dank, Ihre Anmeldung ist bestätigt"


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    # The local host adds one entry to X-Forwarded-For, the callers' proxy the other.
    folder = tmp_path_factory.mktemp("scanners")
    with running_stack(folder, DOI_TRUSTED_PROXIES="2") as stack:
        yield stack
        written = function_log.lines(stack)
        for trace in (DOMAIN, FAMILY, "token=", "Traceback", "203.0.113", "198.51.100"):
            assert not [line for line in written if trace in line], trace


@pytest.fixture
def person() -> Person:
    return somebody()


def mailed(stack: Stack, person: Person) -> tuple[Mail, Mapping[str, Any]]:
    """The mail, and the record that waits for the click."""
    registration_id = sign_up(stack, person)
    return mail_to(stack, person.email), wait_for_record(stack, registration_id, "pending")


def now(stack: Stack, record: Mapping[str, Any]) -> Mapping[str, Any]:
    found = find_record(stack, record["RowKey"])
    assert found is not None
    return found


def without_watch(row: Mapping[str, Any]) -> dict[str, Any]:
    """A record but for the note of who opened its decline link."""
    return {name: value for name, value in row.items() if name != "watch"}


def assert_unconfirmed(stack: Stack, person: Person, before: Mapping[str, Any]) -> None:
    assert without_watch(now(stack, before)) == without_watch(before)
    assert knows_nothing_about(stack, person, before["RowKey"])


def assert_confirmed_once(stack: Stack, person: Person) -> None:
    known_once_promoted(stack, person)
    known = known_about(stack, person)
    assert [len(known.contacts), len(known.consents), len(known.triggers)] == [1, 1, 1]


def code_in(mail: Mail) -> tuple[str, str]:
    """Both halves."""
    [halves] = re.findall(r"Code fragt: (\d{3})\s(\d{3})$", mail.text, re.MULTILINE)
    first, second = halves
    return first, second


def photograph(page: Page, name: str) -> None:
    """Kept in the folder that DOI_SCREENSHOTS names, at the width of a phone and of a desk."""
    if folder := os.environ.get("DOI_SCREENSHOTS"):
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)


def heading(page: Page) -> Any:
    return expect(page.get_by_role("heading", level=1))


def test_whoever_only_opens_links_confirms_nothing_and_is_in_nobody_s_way(
    watched: Stack, browser: Browser, person: Person
) -> None:
    mail, pending = mailed(watched, person)

    for _ in range(ROUNDS):
        for scanner in SCANNERS:
            open_by_http(scanner, mail)
            open_in_browser(scanner, mail, browser)
        assert_unconfirmed(watched, person, pending)

    # Each network is noted once, however often it came.
    assert len(json.loads(now(watched, pending)["watch"])["openings"]) == 3
    answer = AT_HOME.press(mail.confirm_url)
    assert answer.status_code == 200
    assert CONFIRMED in answer.text
    assert_confirmed_once(watched, person)


def test_a_machine_that_opens_all_links_and_presses_the_button_is_asked_for_the_code(
    watched: Stack, browser: Browser, person: Person
) -> None:
    mail, pending = mailed(watched, person)

    for scanner in (SCANNER, ITS_NEIGHBOUR):
        with scanner.page(browser, language="en-US") as page:
            for link in (mail.confirm_url, mail.decline_url):
                page.goto(link, wait_until="networkidle")
            for _ in range(ROUNDS):
                page.goto(mail.confirm_url)
                page.get_by_role("button").click()
                heading(page).to_have_text(ASKS)
                page.get_by_role("button").click()  # the browser does not send an empty field
                heading(page).to_have_text(ASKS)
                answer = scanner.press(mail.confirm_url)
                assert (answer.status_code, ASKS in answer.text) == (200, True)
    assert_unconfirmed(watched, person, pending)

    with AT_HOME.page(browser) as page:
        page.goto(mail.confirm_url)
        page.get_by_role("button").click()
        heading(page).to_have_text(CONFIRMED)
    assert_confirmed_once(watched, person)
    assert json.loads(now(watched, pending)["click"])["codeGiven"] is False


def test_a_machine_that_guesses_has_to_stop(watched: Stack, person: Person) -> None:
    mail, pending = mailed(watched, person)
    SCANNER.request("GET", mail.decline_url)
    right = "".join(code_in(mail))

    guesses = [f"{(int(right) + n) % 10**6:06d}" for n in range(1, 6)]
    answers = [SCANNER.press(mail.confirm_url, code=guess) for guess in guesses]
    assert [answer.status_code for answer in answers] == [422] * 4 + [429]
    assert SCANNER.press(mail.confirm_url, code=right).status_code == 429
    assert without_watch(now(watched, pending)) == without_watch(pending)

    assert AT_HOME.press(mail.confirm_url).status_code == 200
    assert_confirmed_once(watched, person)


def test_an_honest_person_who_clicks_both_types_the_code(
    watched: Stack, browser: Browser, person: Person
) -> None:
    mail, pending = mailed(watched, person)

    with AT_HOME.page(browser) as page:
        page.goto(mail.html_url)
        photograph(page, "code-1-mail")
        page.get_by_role("link", name="Das war ich nicht").click()
        heading(page).to_have_text("Haben Sie sich gar nicht angemeldet?")
        page.go_back()
        page.get_by_role("link", name="Weiter zur Bestätigung").click()
        page.get_by_role("button").click()
        heading(page).to_have_text(ASKS)
        photograph(page, "code-2-asked")
        page.keyboard.press("Tab")
        field = page.get_by_label("Sechsstelliger Code aus der E-Mail")
        expect(field).to_be_focused()
        first, second = code_in(mail)
        field.fill(f"{second} {first}" if first != second else "000000")
        page.keyboard.press("Enter")
        heading(page).to_have_text(WRONG)
        photograph(page, "code-3-wrong")
        field = page.get_by_label("Sechsstelliger Code aus der E-Mail")
        expect(field).to_have_value("")
        field.fill(f"{first}\N{NO-BREAK SPACE}{second}")  # as it is copied from the mail
        page.keyboard.press("Enter")
        heading(page).to_have_text(CONFIRMED)
    assert_confirmed_once(watched, person)
    row = wait_for_record(watched, pending["RowKey"], "promoted")
    assert json.loads(row["click"])["codeGiven"] is True
    assert "watch" not in row
