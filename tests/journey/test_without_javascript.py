"""The journey in a browser that runs no JavaScript at all."""

import pytest
from playwright.sync_api import Page, expect

from tests.journey.customer_insights import known_once_promoted, knows_nothing_about
from tests.journey.inbox import mail_to
from tests.journey.person import Person
from tests.journey.tokens import expired_link
from tests.journey.visits import Visits
from tests.running_stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.browser]


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def sign_up_for_the_newsletter(stack: Stack, page: Page, person: Person) -> None:
    page.goto(f"{stack.website}/newsletter-plain.html?lang=de&utm_campaign=spring")
    page.get_by_label("E-Mail-Adresse").fill(person.email)
    page.get_by_label("Nachname").fill(person.last_name)
    page.get_by_label("Ich möchte den Contoso-Newsletter").check()
    page.locator("button[type=submit]").click()
    page.wait_for_url(f"{stack.website}/check-inbox.html")
    heading(page, "Bitte sehen Sie in Ihr Postfach")


def test_sign_up_and_confirm_with_the_keyboard(
    stack: Stack, visits: Visits, person: Person
) -> None:
    visitor = visits.new_page(javascript=False)
    sign_up_for_the_newsletter(stack, visitor, person)
    visits.photograph(visitor, "plain-1-check-inbox")

    visitor.goto(mail_to(stack, person.email).html_url)
    visitor.keyboard.press("Tab")
    visitor.keyboard.press("Enter")
    heading(visitor, "Bitte bestätigen Sie Ihre Anmeldung")
    assert knows_nothing_about(stack, person)
    visitor.keyboard.press("Tab")
    expect(visitor.get_by_role("button")).to_be_focused()
    visitor.keyboard.press("Enter")

    heading(visitor, "Vielen Dank, Ihre Anmeldung ist bestätigt")
    visits.photograph(visitor, "plain-2-confirmed")
    known = known_once_promoted(stack, person)
    assert known.triggers[0]["parameters"]["msdynmkt_campaign"] == "spring"
    visitor.reload()
    heading(visitor, "Vielen Dank, Ihre Anmeldung ist bestätigt")
    visitor.get_by_role("link", name="Zurück zur Website").click()
    visitor.wait_for_url(f"{stack.website}/")


def test_decline(stack: Stack, visits: Visits, person: Person) -> None:
    visitor = visits.new_page(javascript=False)
    sign_up_for_the_newsletter(stack, visitor, person)

    visitor.goto(mail_to(stack, person.email).html_url)
    visitor.get_by_role("link", name="Das war ich nicht").click()
    heading(visitor, "Haben Sie sich gar nicht angemeldet?")
    visits.photograph(visitor, "plain-decline")
    visitor.get_by_role("button", name="Anmeldung löschen").click()

    heading(visitor, "Die Anmeldung ist gelöscht")
    visitor.goto(mail_to(stack, person.email).confirm_url)
    heading(visitor, "Die Anmeldung ist gelöscht")
    assert knows_nothing_about(stack, person)


def test_an_expired_link_is_renewed(stack: Stack, visits: Visits, person: Person) -> None:
    visitor = visits.new_page(javascript=False)
    visitor.goto(expired_link(stack, person))
    heading(visitor, "Dieser Link ist abgelaufen")
    visits.photograph(visitor, "plain-expired")

    visitor.get_by_role("button", name="Neue E-Mail schicken").click()

    heading(visitor, "Eine neue E-Mail ist unterwegs")


def test_mistakes_get_a_page_with_a_way_back(stack: Stack, visits: Visits) -> None:
    visitor = visits.new_page(javascript=False)
    visitor.goto(f"{stack.website}/newsletter-plain.html?lang=de")
    visitor.get_by_label("E-Mail-Adresse").fill("a.mustermann")
    visitor.get_by_label("Vorname").fill("https://spam.example")
    visitor.get_by_label("Ich möchte den Contoso-Newsletter").check()
    visitor.locator("button[type=submit]").click()

    heading(visitor, "Bitte prüfen Sie Ihre Angaben")
    items = visitor.locator(".mistakes").get_by_role("listitem")
    expect(items).to_contain_text(
        ["gültige E-Mail-Adresse", "Internetadressen sind hier nicht erlaubt"]
    )
    visits.photograph(visitor, "plain-mistakes")
    back = visitor.get_by_role("link", name="Formular neu ausfüllen").get_attribute("href") or ""
    assert back.partition("?")[0] == f"{stack.website}/newsletter-plain.html"
    visitor.go_back()
    expect(visitor.get_by_label("E-Mail-Adresse")).to_have_value("a.mustermann")


def test_the_white_paper_has_no_page_of_its_own(
    stack: Stack, visits: Visits, person: Person
) -> None:
    visitor = visits.new_page(javascript=False, language="en-GB")
    visitor.goto(f"{stack.website}/whitepaper-plain.html?lang=en")
    visitor.get_by_label("Business e-mail").fill(person.email)
    visitor.get_by_label("First name").fill(person.first_name)
    visitor.get_by_label("Last name").fill(person.last_name)
    visitor.get_by_label("Company size").select_option("large")
    visitor.get_by_label("Contoso may send me the white paper").check()
    visitor.locator("button[type=submit]").click()

    heading(visitor, "Please check your inbox")
    visits.photograph(visitor, "plain-whitepaper-accepted")
    visitor.goto(mail_to(stack, person.email).confirm_url)
    visitor.get_by_role("button").click()
    heading(visitor, "Thank you for confirming")
    assert known_once_promoted(stack, person).contacts[0]["new_companysize"] == 100000002
