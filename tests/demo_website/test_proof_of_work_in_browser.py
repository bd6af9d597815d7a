"""The sign-up that asks for proof of work, in a real browser with the altcha widget."""

from typing import Any

import pytest
from aiohttp import web
from playwright.sync_api import Page, expect

from shared.texts.catalogue import catalogue
from tests.demo_website.conftest import DemoWebsite, Visit

pytestmark = pytest.mark.browser

WANTED = "Ich möchte die Einladung"
ACCEPTED = "Bitte sehen Sie in Ihr Postfach"
NEEDS_SCRIPT = "Dieses Formular braucht JavaScript"


def fill_in(page: Page, email: str = "anna@example.com") -> None:
    page.get_by_label("E-Mail-Adresse").fill(email)
    page.get_by_label(WANTED).check()


def submit(page: Page) -> None:
    page.locator("button[type=submit]").click()


def solutions(demo: DemoWebsite) -> list[Any]:
    return [received.json()["altcha"] for received in demo.functions.received]


def test_a_sign_up(demo: DemoWebsite, visit: Visit) -> None:
    page = visit("/webinar.html?lang=de")
    fill_in(page)
    assert demo.functions.challenges_asked == []
    submit(page)

    expect(page.get_by_role("heading", name=ACCEPTED)).to_be_focused()
    [registration] = demo.functions.registrations()
    assert registration["form"] == "webinar"
    assert registration["answers"] == {"email": "anna@example.com"}
    assert demo.functions.challenges_asked == ["webinar"]


def test_what_has_to_be_corrected_needs_no_second_solution(demo: DemoWebsite, visit: Visit) -> None:
    page = visit("/webinar.html?lang=de")
    fill_in(page, "anna")
    submit(page)
    expect(page.get_by_label("E-Mail-Adresse")).to_be_focused()
    fill_in(page)
    submit(page)

    expect(page.get_by_role("heading", name=ACCEPTED)).to_be_focused()
    first, second = solutions(demo)
    assert first == second
    assert len(demo.functions.challenges_asked) == 1


def test_a_repeat_after_a_lost_answer_is_the_very_same_call(
    demo: DemoWebsite, visit: Visit
) -> None:
    demo.functions.instead_of_acceptance.append(
        web.Response(status=503, headers={"Retry-After": "1"})
    )
    page = visit("/webinar.html?lang=de")
    fill_in(page)
    submit(page)
    expect(page.get_by_role("alert")).to_contain_text("Bitte versuchen Sie es jetzt noch einmal")
    submit(page)

    expect(page.get_by_role("heading", name=ACCEPTED)).to_be_focused()
    first, second = demo.functions.received
    assert first.body == second.body
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"]


def test_a_solution_that_was_refused_is_followed_by_a_new_one(
    demo: DemoWebsite, visit: Visit
) -> None:
    page = visit("/webinar.html?lang=de")
    fill_in(page)
    # Another tab was faster, say.
    demo.functions.instead_of_acceptance.append(
        web.json_response(
            {"errors": [{"pointer": "/altcha", "code": "proof_reused", "message": "Noch einmal"}]},
            status=422,
        )
    )
    submit(page)
    expect(page.get_by_role("alert")).to_contain_text("Noch einmal")
    submit(page)

    expect(page.get_by_role("heading", name=ACCEPTED)).to_be_focused()
    first, second = solutions(demo)
    assert first != second
    assert len(demo.functions.challenges_asked) == 2


def test_without_a_challenge_the_visitor_may_try_again(demo: DemoWebsite, visit: Visit) -> None:
    demo.functions.instead_of_challenge.append(web.Response(status=503))
    page = visit("/webinar.html?lang=de")
    fill_in(page)
    submit(page)
    expect(page.locator("#notice")).to_contain_text("in 10 Sekunden")
    widgets_own_message = page.locator(".altcha-popover")
    expect(widgets_own_message).to_have_count(1)
    expect(widgets_own_message).to_be_hidden()
    assert demo.functions.received == []


def test_the_widget_in_a_plain_html_form(demo: DemoWebsite, visit: Visit) -> None:
    page = visit("/webinar-plain.html?lang=de")
    fill_in(page)
    expect(page.locator("altcha-widget [data-state=verified]")).to_be_visible()
    submit(page)

    page.wait_for_url(f"{demo.origin}/check-inbox.html")
    [registration] = demo.functions.registrations()
    assert registration["form"] == "webinar"
    assert demo.functions.challenges_asked == ["webinar"]


@pytest.mark.parametrize("path", ["/webinar.html", "/webinar-plain.html"])
def test_without_javascript_the_page_says_what_it_needs(visit: Visit, path: str) -> None:
    page = visit(f"{path}?lang=de", javascript=False)
    notice = page.locator("noscript p")  # Playwright finds no text inside of it
    expect(notice).to_be_visible()
    expect(notice).to_contain_text(NEEDS_SCRIPT)


def test_without_javascript_a_post_is_refused_in_words(demo: DemoWebsite, visit: Visit) -> None:
    page = visit("/webinar-plain.html?lang=de", javascript=False)
    fill_in(page)
    submit(page)
    expect(page.get_by_text(catalogue("de").errors["proof_missing"])).to_be_visible()
    assert not demo.functions.registrations()


def test_other_pages_load_nothing_of_it(demo: DemoWebsite, visit: Visit) -> None:
    page = visit("/newsletter.html?lang=de")
    expect(page.get_by_label("E-Mail-Adresse")).to_be_visible()
    loaded = page.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)")
    assert [url for url in loaded if "form-fields.js" in url]
    assert not [url for url in loaded if "altcha" in url]
    assert demo.functions.challenges_asked == []
