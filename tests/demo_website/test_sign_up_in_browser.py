"""The sign-up pages as visitors use them, in a real browser and across origins."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from aiohttp import web
from playwright.sync_api import Page, Route, expect

from tests.demo_website.conftest import DemoWebsite, Visit
from tests.examples import NOON

pytestmark = pytest.mark.browser

WANTED = "Ich möchte den Contoso-Newsletter"
ACCEPTED = "Bitte sehen Sie in Ihr Postfach"


def fill_in_newsletter(page: Page, email: str = "anna@example.com") -> None:
    page.get_by_label("E-Mail-Adresse").fill(email)
    page.get_by_label(WANTED).check()


def submit(page: Page) -> None:
    page.locator("button[type=submit]").click()


def stop_the_clock(page: Page) -> None:
    """From now on, only the test moves it; answers arrive all the same."""
    page.clock.install(time=NOON)
    page.clock.pause_at(NOON + timedelta(hours=1))


def sent(demo: DemoWebsite) -> list[Any]:
    return [received.json() for received in demo.functions.received]


def keys(demo: DemoWebsite) -> list[str]:
    return [received.headers["Idempotency-Key"] for received in demo.functions.received]


def test_a_newsletter_sign_up(demo: DemoWebsite, visit: Visit) -> None:
    page = visit("/newsletter.html?lang=de&utm_campaign=spring&gclid=abc")
    fill_in_newsletter(page)
    page.get_by_label("Vorname").fill("Anna")
    submit(page)

    heading = page.get_by_role("heading", name=ACCEPTED)
    expect(heading).to_be_focused()
    expect(page.locator("#sign-up")).to_contain_text("anna@example.com")
    expect(page.locator("form")).to_have_count(0)
    assert sent(demo) == [
        {
            "fields": {"email": "anna@example.com", "firstName": "Anna"},
            "consents": ["newsletter"],
            "locale": "de",
            "source": {"pageUrl": f"{demo.origin}/newsletter.html", "campaign": "spring"},
        }
    ]
    UUID(keys(demo)[0])
    assert len(demo.functions.registrations()) == 1


def test_a_white_paper_request_with_every_kind_of_field(demo: DemoWebsite, visit: Visit) -> None:
    page = visit("/whitepaper.html?lang=en")
    page.get_by_label("Business e-mail").fill("anna@example.com")
    page.get_by_label("First name").fill("Анна")
    page.get_by_label("Last name").fill("O'Author")
    page.get_by_label("Telephone").fill("+49 30 123456")
    page.get_by_label("Company size").select_option("50–249 people")  # noqa: RUF001 - as labelled
    page.get_by_label("Consent", exact=True).check()
    page.get_by_label("Deliverability").check()
    page.get_by_label("When does your project start?").fill("2027-01-31")
    page.get_by_label("We are already a customer").check()
    page.get_by_label("Your question to us").fill("One\nTwo")
    page.get_by_label("Contoso may send me the white paper").check()
    submit(page)

    expect(page.get_by_role("heading", name="Please check your inbox")).to_be_visible()
    assert sent(demo) == [
        {
            "fields": {
                "email": "anna@example.com",
                "firstName": "Анна",
                "lastName": "O'Author",
                "phone": "+49 30 123456",
                "companySize": "medium",
                "interests": ["consent", "deliverability"],
                "projectStart": "2027-01-31",
                "existingCustomer": True,
                "message": "One\nTwo",
                "asset": "consent-that-holds",
            },
            "consents": ["download"],
            "locale": "en",
            "source": {"pageUrl": f"{demo.origin}/whitepaper.html"},
        }
    ]
    assert len(demo.functions.registrations()) == 1


def test_the_page_shows_the_exact_consent_text(demo: DemoWebsite, visit: Visit) -> None:
    page = visit("/whitepaper.html?lang=de")

    for consent in demo.functions.outside.forms["whitepaper"].consents:
        box = page.locator(f"#consent-{consent.id}")
        expect(box).not_to_be_checked()
        words = page.locator(f"label[for=consent-{consent.id}]").inner_text()
        assert words.removesuffix(" (freiwillig)") == consent.text["de"]


def test_mistakes_are_named_at_their_fields(demo: DemoWebsite, visit: Visit) -> None:
    page = visit("/newsletter.html?lang=de")
    page.get_by_label("E-Mail-Adresse").fill("anna@nowhere")
    page.get_by_label("Vorname").fill("https://spam.example")
    page.get_by_label("Nachname").fill("Autor")
    submit(page)

    email = page.get_by_label("E-Mail-Adresse")
    expect(email).to_be_focused()
    for control in (email, page.get_by_label("Vorname"), page.get_by_label(WANTED)):
        expect(control).to_have_attribute("aria-invalid", "true")
        described_by = (control.get_attribute("aria-describedby") or "").split()
        message = page.locator(f"[id='{described_by[-1]}']")
        expect(message).to_be_visible()
        assert len(message.inner_text()) > len("Nein.")
    # The hint still describes the field, too.
    assert (email.get_attribute("aria-describedby") or "").startswith("hint-email ")
    expect(page.get_by_label("Nachname")).not_to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Nachname")).to_have_value("Autor")
    expect(page.get_by_role("alert")).to_contain_text("markierten Felder")
    assert not demo.functions.registrations()

    fill_in_newsletter(page)
    page.get_by_label("Vorname").fill("Anna")
    submit(page)

    expect(page.get_by_role("heading", name=ACCEPTED)).to_be_visible()
    assert len(demo.functions.registrations()) == 1
    assert len(set(keys(demo))) == 2


def test_corrected_fields_lose_their_marks(visit: Visit) -> None:
    page = visit("/newsletter.html?lang=de")
    submit(page)
    expect(page.locator(".error")).to_have_count(2)

    page.get_by_label("E-Mail-Adresse").fill("anna@example.com")
    submit(page)

    expect(page.locator(".error")).to_have_count(1)
    expect(page.locator("[aria-invalid]")).to_have_count(1)
    expect(page.get_by_label(WANTED)).to_be_focused()
    expect(page.get_by_label("E-Mail-Adresse")).to_have_attribute("aria-describedby", "hint-email")


def test_a_mistake_that_no_field_made_is_shown_as_well(demo: DemoWebsite, visit: Visit) -> None:
    errors = [
        {"pointer": "/source/pageUrl", "code": "pattern", "message": "Something of the page."},
        {"pointer": "/fields/email/0", "code": "wrong_type", "message": "<b>Something</b> else."},
    ]
    demo.functions.instead_of_acceptance.append(
        web.json_response(
            {"status": 422, "errors": errors},
            status=422,
            content_type="application/problem+json",
        )
    )
    page = visit("/newsletter.html?lang=de")
    submit(page)

    expect(page.get_by_role("alert")).to_contain_text("Something of the page.")
    expect(page.locator(".error")).to_have_text("<b>Something</b> else.")


def test_a_lost_answer_is_asked_for_again_with_the_same_key(
    demo: DemoWebsite, visit: Visit
) -> None:
    page = visit("/newsletter.html?lang=de")
    stop_the_clock(page)
    fill_in_newsletter(page)

    def lose_the_answer(route: Route) -> None:
        route.fetch()  # arrives at the functions app
        route.abort("connectionreset")

    page.route("**/registrations", lose_the_answer)
    submit(page)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("in 10 Sekunden")
    expect(page.get_by_label("E-Mail-Adresse")).to_have_value("anna@example.com")
    expect(page.get_by_label(WANTED)).to_be_checked()
    page.unroute("**/registrations")

    page.get_by_label("E-Mail-Adresse").press("Enter")  # too early
    page.clock.fast_forward(10_000)
    expect(alert).to_contain_text("jetzt noch einmal")
    submit(page)

    expect(page.get_by_role("heading", name=ACCEPTED)).to_be_visible()
    assert len(keys(demo)) == 2
    assert len(set(keys(demo))) == 1
    first, second = demo.functions.registrations()
    assert first["id"] == second["id"]


def test_a_changed_sign_up_has_a_new_key(demo: DemoWebsite, visit: Visit) -> None:
    demo.functions.instead_of_acceptance.append(web.Response(status=502))
    page = visit("/newsletter.html?lang=de")
    stop_the_clock(page)
    fill_in_newsletter(page, "ana@example.com")
    submit(page)
    expect(page.get_by_role("alert")).to_contain_text("Sekunden")
    page.clock.fast_forward(10_000)

    fill_in_newsletter(page, "anna@example.com")
    submit(page)

    expect(page.get_by_role("heading", name=ACCEPTED)).to_be_visible()
    assert len(set(keys(demo))) == 2


@pytest.mark.parametrize(
    ("retry_after", "seconds"), [("7", 7), ("0", 2), ("86400", 600), ("soon", 10)]
)
def test_the_functions_app_says_when_to_try_again(
    demo: DemoWebsite, visit: Visit, retry_after: str, seconds: int
) -> None:
    headers = {"Retry-After": retry_after, "Access-Control-Expose-Headers": "Retry-After"}
    demo.functions.instead_of_acceptance.append(web.Response(status=503, headers=headers))
    page = visit("/newsletter.html?lang=de")
    stop_the_clock(page)
    fill_in_newsletter(page)
    submit(page)

    expect(page.get_by_role("alert")).to_contain_text(f"in {seconds} Sekunden")
    button = page.locator("button[type=submit]")
    expect(button).to_have_attribute("aria-disabled", "true")
    page.clock.fast_forward(seconds * 1000)
    expect(button).not_to_have_attribute("aria-disabled", "true")
    submit(page)
    expect(page.get_by_role("heading", name=ACCEPTED)).to_be_visible()


def test_while_storage_is_down_nothing_is_lost(demo: DemoWebsite, visit: Visit) -> None:
    demo.functions.outside.queues.down = True
    page = visit("/newsletter.html?lang=de")
    fill_in_newsletter(page)
    submit(page)

    expect(page.get_by_role("alert")).to_contain_text(re.compile(r"in \d+ Sekunden"))
    expect(page.get_by_label("E-Mail-Adresse")).to_have_value("anna@example.com")
    assert not demo.functions.registrations()


@pytest.mark.parametrize("honeypot_value", ["", "https://spam.example"])
def test_the_honeypot_is_out_of_people_s_way(
    demo: DemoWebsite, visit: Visit, honeypot_value: str
) -> None:
    page = visit("/newsletter.html?lang=de")
    fill_in_newsletter(page)
    trap = page.locator("[name=homepage]")
    place = trap.bounding_box()
    assert place is not None
    assert place["x"] + place["width"] < 0
    assert "Bitte lassen Sie dieses Feld leer" not in page.locator("form").aria_snapshot()
    for _ in range(10):
        page.keyboard.press("Tab")
        expect(trap).not_to_be_focused()

    trap.evaluate("(field, value) => { field.value = value; }", honeypot_value)
    submit(page)

    expect(page.get_by_role("heading", name=ACCEPTED)).to_be_visible()
    [body] = sent(demo)
    assert body["fields"].get("homepage", "") == honeypot_value
    assert ("homepage" in body["fields"]) == bool(honeypot_value)
    assert len(demo.functions.registrations()) == (0 if honeypot_value else 1)


def test_without_a_description_the_visitor_can_load_the_form_again(
    demo: DemoWebsite, visit: Visit
) -> None:
    demo.functions.instead_of_description.append(web.Response(status=503))
    page = visit("/privacy.html?lang=de")
    page.add_init_script("console.error = () => {}")  # the page reports it there, for developers
    page.goto(f"{demo.origin}/newsletter.html?lang=de")
    expect(page.get_by_role("alert")).to_contain_text("kann gerade nicht angezeigt werden")

    page.get_by_role("button", name="Formular neu laden").click()

    expect(page.get_by_label("E-Mail-Adresse")).to_be_visible()
    expect(page.get_by_role("button", name="Formular neu laden")).to_have_count(0)


@pytest.mark.parametrize("status", [400, 403, 404, 413, 415])
def test_what_only_a_developer_can_mend_is_told_kindly(
    demo: DemoWebsite, visit: Visit, status: int
) -> None:
    demo.functions.instead_of_acceptance.append(
        web.json_response({"title": "Not for visitors"}, status=status)
    )
    page = visit("/newsletter.html?lang=de")
    page.evaluate("console.error = () => {}")  # the page reports it there, for developers
    fill_in_newsletter(page)
    submit(page)

    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("datenschutz@contoso.example")
    expect(alert).not_to_contain_text("Not for visitors")
    expect(page.get_by_label("E-Mail-Adresse")).to_have_value("anna@example.com")


def test_without_javascript_the_sign_up_page_names_the_other_one(visit: Visit) -> None:
    page = visit("/newsletter.html?lang=de", javascript=False)

    page.get_by_role("link", name="Seite ohne JavaScript").click()

    expect(page.get_by_label("E-Mail-Adresse")).to_be_visible()


def test_a_sign_up_without_javascript(demo: DemoWebsite, visit: Visit) -> None:
    page = visit("/newsletter-plain.html?lang=de", javascript=False)
    fill_in_newsletter(page, "jörg@example.com")
    submit(page)

    page.wait_for_url(f"{demo.origin}/check-inbox.html")
    expect(page.get_by_role("heading", name=ACCEPTED)).to_be_visible()
    [registration] = demo.functions.registrations()
    assert registration["email"] == "jörg@example.com"
    assert registration["source"]["pageUrl"] == f"{demo.origin}/newsletter-plain.html"
