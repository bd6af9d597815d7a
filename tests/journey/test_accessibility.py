"""WCAG 2.2 level AA as far as a program can check it, of every page, in light and in dark."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from shared.texts.catalogue import catalogue
from shared.values.confirmation_token import Tokens
from shared.values.scanner_watch import MOST_WRONG_CODES
from shared.web.pages import Pages
from tests.examples import TOKEN_KEYS, WEBSITE, sample_forms
from tests.journey.inbox import mail_to
from tests.journey.operator import doi
from tests.journey.person import Person
from tests.journey.sign_up import press_with, sign_up, token_of
from tests.journey.storage import put, wait_for_record
from tests.journey.tokens import (
    expired_link,
    link_of_a_forgotten_registration,
    link_to_withdraw_what_is_not_confirmed,
)
from tests.journey.visits import Visits
from tests.running_stack import ROOT, Stack

pytestmark = [pytest.mark.stack, pytest.mark.browser]

AXE = ROOT / "local" / "node" / "node_modules" / "axe-core" / "axe.min.js"
LEVEL_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN_AXE = """async (tags) => {
  const results = await axe.run(document, {runOnly: {type: "tag", values: tags}});
  return results.violations.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id}: ${node.html} - ${node.failureSummary}`));
}"""
MAILS_A_DAY = 5  # DOI_MAILS_PER_ADDRESS_PER_DAY


def violations(page: Page) -> list[str]:
    """One line each, of the page as it is now: first light, then dark."""
    found: list[str] = []
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found += [f"{scheme}: {line}" for line in page.evaluate(RUN_AXE, LEVEL_AA)]
    return found


def test_the_check_finds_what_is_wrong(visits: Visits) -> None:
    page = visits.new_page()
    page.set_content("<p style='color: #bbb; background: #fff'>pale</p><input>")

    found = " ".join(violations(page))

    assert "light: color-contrast" in found
    assert "dark: label" in found


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(
    "path",
    [
        "",
        "newsletter-plain.html",
        "whitepaper-plain.html",
        "webinar-plain.html",
        "check-inbox.html",
        "privacy.html",
        "imprint.html",
        "nothing-here.html",
    ],
)
def test_the_demo_website(stack: Stack, visits: Visits, path: str, language: str) -> None:
    page = visits.new_page()
    page.goto(f"{stack.website}/{path}?lang={language}")

    assert not violations(page)


@pytest.mark.parametrize("form", ["newsletter", "whitepaper", "webinar"])
def test_the_demo_website_s_forms_made_by_javascript(
    stack: Stack, visits: Visits, form: str
) -> None:
    page = visits.new_page()
    page.goto(f"{stack.website}/{form}.html?lang=de")
    expect(page.locator("button[type=submit]")).to_be_visible()
    assert not violations(page)

    page.locator("button[type=submit]").click()
    expect(page.locator(".error").first).to_be_visible()
    assert not violations(page)


def test_the_dataverse_simulator(stack: Stack, visits: Visits, person: Person) -> None:
    sign_up(stack, person)
    link = mail_to(stack, person.email).confirm_url
    press_with(link.partition("?")[0], token_of(link))
    page = visits.new_page()
    page.goto(stack.dataverse)
    expect(page.get_by_text(person.email).first).to_be_visible()

    assert not violations(page)


def test_the_desk(stack: Stack, visits: Visits, person: Person) -> None:
    sign_up(stack, person)
    link = mail_to(stack, person.email).confirm_url
    press_with(link.partition("?")[0], token_of(link))
    put(stack, "promotions-poison", "{}")
    page = visits.new_page()
    page.goto(f"{stack.functions}/api/desk")
    expect(page.get_by_text("What waits for somebody, and why")).to_be_visible()
    for closed in page.locator("summary").all():
        closed.click()
    visits.photograph(page, "desk")

    assert not violations(page)

    page.set_viewport_size({"width": 320, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert not violations(page)
    for message in doi(stack, "poison", "list", "--queue", "promotions")[0]["messages"]:
        doi(stack, "poison", "drop", "promotions", "--yes", "--id", message["id"])


def confirm(stack: Stack, page: Page, person: Person) -> None:
    sign_up(stack, person)
    page.goto(mail_to(stack, person.email).confirm_url)


def enter_code(stack: Stack, page: Page, person: Person) -> None:
    """As somebody who opened both links."""
    sign_up(stack, person)
    mail = mail_to(stack, person.email)
    page.goto(mail.decline_url)
    page.goto(mail.confirm_url)
    page.get_by_role("button").click()


def wrong_code(stack: Stack, page: Page, person: Person) -> None:
    enter_code(stack, page, person)
    page.get_by_label("Sechsstelliger Code").fill("000 000")
    page.get_by_role("button").click()


def too_many_codes(stack: Stack, page: Page, person: Person) -> None:
    wrong_code(stack, page, person)
    for _ in range(MOST_WRONG_CODES - 1):
        page.get_by_label("Sechsstelliger Code").fill("000 000")
        page.get_by_role("button").click()


def confirmed(stack: Stack, page: Page, person: Person) -> None:
    confirm(stack, page, person)
    page.get_by_role("button").click()


def already_confirmed(stack: Stack, page: Page, person: Person) -> None:
    confirmed(stack, page, person)
    page.goto(mail_to(stack, person.email).decline_url)


def decline(stack: Stack, page: Page, person: Person) -> None:
    sign_up(stack, person)
    page.goto(mail_to(stack, person.email).decline_url)


def declined(stack: Stack, page: Page, person: Person) -> None:
    decline(stack, page, person)
    page.get_by_role("button").click()


def expired(stack: Stack, page: Page, person: Person) -> None:
    page.goto(expired_link(stack, person))


def renewed(stack: Stack, page: Page, person: Person) -> None:
    expired(stack, page, person)
    page.get_by_role("button").click()


def try_later(stack: Stack, page: Page, person: Person) -> None:
    link = expired_link(stack, person)
    for _ in range(MAILS_A_DAY - 1):
        wait_for_record(stack, sign_up(stack, person), "pending")
    page.goto(link)
    page.get_by_role("button").click()


def gone(stack: Stack, page: Page, person: Person) -> None:
    page.goto(link_of_a_forgotten_registration(stack, person))


def withdraw(stack: Stack, page: Page, person: Person) -> None:
    registration = sign_up(stack, person)
    link = mail_to(stack, person.email).confirm_url
    press_with(link.partition("?")[0], token_of(link))
    wait_for_record(stack, registration, "promoted")
    [minted] = doi(stack, "links", "withdraw", "--registration", registration)
    page.goto(minted["link"])


def withdrawn(stack: Stack, page: Page, person: Person) -> None:
    withdraw(stack, page, person)
    page.get_by_role("button").click()


def nothing_to_withdraw(stack: Stack, page: Page, person: Person) -> None:
    page.goto(link_to_withdraw_what_is_not_confirmed(stack, person))


def not_valid(stack: Stack, page: Page, _person: Person) -> None:
    page.goto(f"{stack.functions}/api/confirm?token=not-ours")


def accepted(stack: Stack, page: Page, person: Person) -> None:
    page.goto(f"{stack.website}/whitepaper-plain.html?lang=de")
    page.get_by_label("Geschäftliche E-Mail-Adresse").fill(person.email)
    page.get_by_label("Vorname").fill(person.first_name)
    page.get_by_label("Nachname").fill(person.last_name)
    page.get_by_label("Unternehmensgröße").select_option("small")
    page.get_by_label("Contoso darf mir das Whitepaper").check()
    page.locator("button[type=submit]").click()


def rejected(stack: Stack, page: Page, _person: Person) -> None:
    page.goto(f"{stack.website}/newsletter-plain.html?lang=de")
    page.get_by_label("E-Mail-Adresse").fill("a.mustermann")
    page.get_by_label("Vorname").fill("https://spam.example")
    page.get_by_label("Ich möchte den Contoso-Newsletter").check()
    page.locator("button[type=submit]").click()


def unavailable(stack: Stack, page: Page, _person: Person) -> None:
    """Storage does not fail on request, so this one page is not the running app's."""
    forms = sample_forms()
    pages = Pages(forms, Tokens(TOKEN_KEYS))
    answer = pages.form_unavailable(forms["newsletter"], "de", f"{WEBSITE}/newsletter.html")
    address = f"{stack.functions}/api/unavailable"
    page.route(
        address,
        lambda route: route.fulfill(status=503, headers=dict(answer.headers), body=answer.html),
    )
    page.goto(address)


@dataclass(frozen=True, kw_only=True)
class OurPage:
    """`title` is what the page's title begins with."""

    title: str
    reach: Callable[[Stack, Page, Person], None]


OUR_PAGES: Mapping[str, OurPage] = {
    "confirm": OurPage(title="Anmeldung bestätigen", reach=confirm),
    "enterCode": OurPage(title="Code eingeben", reach=enter_code),
    "wrongCode": OurPage(title="Der Code ist nicht richtig", reach=wrong_code),
    "tooManyCodes": OurPage(title="Bitte warten Sie einige Minuten", reach=too_many_codes),
    "confirmed": OurPage(title="Anmeldung bestätigt", reach=confirmed),
    "alreadyConfirmed": OurPage(title="Schon bestätigt", reach=already_confirmed),
    "decline": OurPage(title="Anmeldung löschen", reach=decline),
    "declined": OurPage(title="Anmeldung gelöscht", reach=declined),
    "expired": OurPage(title="Link abgelaufen", reach=expired),
    "renewed": OurPage(title="Neue E-Mail ist unterwegs", reach=renewed),
    "tryLater": OurPage(title="Bitte versuchen Sie es später", reach=try_later),
    "gone": OurPage(title="Anmeldung nicht mehr vorhanden", reach=gone),
    "withdraw": OurPage(title="Einwilligung widerrufen", reach=withdraw),
    "withdrawn": OurPage(title="Widerruf gespeichert", reach=withdrawn),
    "nothingToWithdraw": OurPage(title="Nichts zu widerrufen", reach=nothing_to_withdraw),
    "notValid": OurPage(title="Link ungültig", reach=not_valid),
    "accepted": OurPage(title="Bitte sehen Sie in Ihr Postfach", reach=accepted),
    "rejected": OurPage(title="Bitte prüfen Sie Ihre Angaben", reach=rejected),
    "unavailable": OurPage(title="Bitte versuchen Sie es noch einmal", reach=unavailable),
}


def test_no_page_of_ours_is_forgotten() -> None:
    assert set(OUR_PAGES) == set(catalogue("de").pages)


@pytest.mark.parametrize("name", OUR_PAGES)
def test_our_pages(stack: Stack, visits: Visits, person: Person, name: str) -> None:
    page = visits.new_page()
    OUR_PAGES[name].reach(stack, page, person)
    expect(page).to_have_title(re.compile(f"^{OUR_PAGES[name].title}"))
    visits.photograph(page, f"page-{name}")

    assert not violations(page)

    page.emulate_media(color_scheme="dark")
    visits.photograph(page, f"page-{name}-dark")
    # A phone, and anybody who enlarges text four times: nothing is cut off sideways (1.4.10).
    page.set_viewport_size({"width": 320, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
