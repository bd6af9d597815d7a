"""The journey as a visitor makes it, in a browser with JavaScript."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journey.customer_insights import known_once_promoted, knows_nothing_about
from tests.journey.inbox import mail_to
from tests.journey.person import Person
from tests.journey.sign_up import sign_up
from tests.journey.visits import Visits
from tests.running_stack import Stack

SCRIPTS = """() => {
  const script = document.createElement("script");
  script.textContent = "document.title = 'a script ran'";
  document.body.append(script);
  document.body.insertAdjacentHTML(
    "beforeend", `<p onclick="document.title = 'an attribute ran'">click me</p>`);
}"""

pytestmark = [pytest.mark.stack, pytest.mark.browser]


def test_the_newsletter_in_german(stack: Stack, visits: Visits, person: Person) -> None:
    operator = visits.new_page(language="en-GB")
    operator.goto(stack.dataverse)
    visitor = visits.new_page()
    visitor.goto(f"{stack.website}/newsletter.html?lang=de&utm_campaign=spring")
    visitor.get_by_label("E-Mail-Adresse").fill(person.email)
    visitor.get_by_label("Vorname").fill(person.first_name)
    visitor.get_by_label("Nachname").fill(person.last_name)
    visitor.get_by_label("Ich möchte den Contoso-Newsletter").check()
    visits.photograph(visitor, "newsletter-1-sign-up")
    visitor.locator("button[type=submit]").click()
    expect(visitor.get_by_role("heading", name="Bitte sehen Sie in Ihr Postfach")).to_be_visible()
    visits.photograph(visitor, "newsletter-2-check-inbox")

    visitor.goto(mail_to(stack, person.email).html_url)
    visits.photograph(visitor, "newsletter-3-mail")
    visitor.get_by_role("link", name="Weiter zur Bestätigung").click()

    expect(visitor.get_by_role("heading", level=1)).to_have_text(
        "Bitte bestätigen Sie Ihre Anmeldung"
    )
    visits.photograph(visitor, "newsletter-4-confirm")
    expect(operator.get_by_text(person.email)).to_have_count(0)
    assert knows_nothing_about(stack, person)
    visitor.get_by_role("button", name="Anmeldung bestätigen").click()

    expect(visitor.get_by_role("heading", level=1)).to_have_text(
        "Vielen Dank, Ihre Anmeldung ist bestätigt"
    )
    visits.photograph(visitor, "newsletter-5-confirmed")
    # The operator's page shows it by itself.
    contact = card(operator, "Contacts", person.email)
    expect(contact).to_contain_text(f"{person.first_name} {person.last_name}")
    expect(card(operator, "Consents", person.email)).to_contain_text("Opted in")
    trigger = card(operator, "Fired triggers", contact_id(stack, person))
    expect(trigger).to_contain_text("spring")
    visits.photograph(operator, "newsletter-6-dataverse")


def test_the_white_paper_in_english(stack: Stack, visits: Visits, person: Person) -> None:
    visitor = visits.new_page(language="en-GB")
    visitor.goto(f"{stack.website}/whitepaper.html?lang=en")
    visitor.get_by_label("Business e-mail").fill(person.email)
    visitor.get_by_label("First name").fill(person.first_name)
    visitor.get_by_label("Last name").fill(person.last_name)
    visitor.get_by_label("Telephone").fill("+44 20 7946 0018")
    visitor.get_by_label("Company size").select_option("medium")
    visitor.get_by_label("Journeys").check()
    visitor.get_by_label("When does your project start?").fill("2027-02-01")
    visitor.get_by_label("We are already a customer").check()
    visitor.get_by_label("Your question to us").fill("What is it\nabout?")
    visitor.get_by_label("Contoso may send me the white paper").check()
    visitor.get_by_label("Contoso may also send me product news").check()
    visits.photograph(visitor, "whitepaper-1-sign-up")
    visitor.locator("button[type=submit]").click()
    expect(visitor.get_by_role("heading", name="Please check your inbox")).to_be_visible()

    mail = mail_to(stack, person.email)
    visitor.goto(f"{stack.mail}/#/email/{mail.id}")
    letter = visitor.frame_locator("iframe.panel-html")
    # The catcher adds this when the mail has loaded, so that links open beside it.
    letter.locator("base[target=_blank]").wait_for(state="attached")
    visits.photograph(visitor, "whitepaper-2-mail-catcher")
    with visitor.expect_popup() as opened:
        letter.get_by_role("link", name="Continue to confirm").click()
    confirm = opened.value
    confirm.get_by_role("button").click()

    expect(confirm.get_by_role("heading", level=1)).to_have_text("Thank you for confirming")
    known_once_promoted(stack, person)
    visitor.goto(stack.dataverse)
    contact = card(visitor, "Contacts", person.email)
    for text in ("249 people", "Journeys", "+442079460018", "consent-that-holds"):
        expect(contact).to_contain_text(text)
    expect(cards(visitor, "Consents", person.email)).to_have_count(2)
    visits.photograph(visitor, "whitepaper-3-dataverse")


def test_no_script_would_run_on_our_pages(stack: Stack, visits: Visits, person: Person) -> None:
    sign_up(stack, person)
    page = visits.new_page()
    page.goto(mail_to(stack, person.email).confirm_url)
    assert not visits.complaints

    page.evaluate(SCRIPTS)
    page.get_by_text("click me").click()

    expect(page).to_have_title(re.compile("^Anmeldung bestätigen"))
    refusals = [line for line in visits.complaints if "Content Security Policy" in line]
    assert refusals
    visits.complaints.clear()


def test_mistakes_that_the_server_finds_are_shown_beside_their_fields(
    stack: Stack, visits: Visits, person: Person
) -> None:
    visitor = visits.new_page()
    visitor.goto(f"{stack.website}/newsletter.html?lang=de")
    visitor.get_by_label("E-Mail-Adresse").fill("a.mustermann")
    visitor.get_by_label("Vorname").fill("https://spam.example")
    visitor.locator("button[type=submit]").click()

    for label, message in (
        ("E-Mail-Adresse", "Bitte geben Sie eine gültige E-Mail-Adresse ein."),
        ("Vorname", "Internetadressen sind hier nicht erlaubt."),
        ("Ich möchte den Contoso-Newsletter", "Für die Anmeldung ist Ihre Einwilligung nötig."),
    ):
        expect(visitor.get_by_label(label)).to_have_accessible_description(
            re.compile(re.escape(message))
        )
    visits.photograph(visitor, "mistakes")

    visitor.get_by_label("E-Mail-Adresse").fill(person.email)
    visitor.get_by_label("Vorname").fill(person.first_name)
    visitor.get_by_label("Ich möchte den Contoso-Newsletter").check()
    visitor.locator("button[type=submit]").click()
    expect(visitor.get_by_role("heading", name="Bitte sehen Sie in Ihr Postfach")).to_be_visible()
    assert mail_to(stack, person.email).confirm_url


def card(page: Page, section: str, text: str) -> Locator:
    """The one card with that text under that heading of the simulator's page."""
    return cards(page, section, text).first


def cards(page: Page, section: str, text: str) -> Locator:
    return page.get_by_role("region", name=section).get_by_role("listitem").filter(has_text=text)


def contact_id(stack: Stack, person: Person) -> str:
    return str(known_once_promoted(stack, person).contacts[0]["contactid"])
