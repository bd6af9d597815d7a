"""The page for people: fill in a form, see what came of it; by HTTP and in a browser."""

import pytest
import requests
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Page, expect

from tests.linkedin_simulator.client import ENGLISH, EVENT, GERMAN, Api
from tests.linkedin_simulator.test_subscriptions import create
from tests.linkedin_simulator.webhook import Webhook

GERMAN_FORM = {
    "question-1": "Anna",
    "question-2": "<script>alert(1)</script>",
    "question-3": "anna@example.com",
    "consent": "4",
}


def fill_in(api: Api, **values: str) -> requests.Response:
    url = f"{api.url}/page/forms/{GERMAN}/leads"
    data = {**GERMAN_FORM, **values}
    return api.session.post(url, data=data, allow_redirects=False, timeout=20)


def test_a_filled_in_form_becomes_a_lead(api: Api, webhook: Webhook) -> None:
    create(api, webhook.url)
    answer = fill_in(api)
    assert answer.status_code == 303
    page = api.session.get(api.url + answer.headers["Location"], timeout=20)
    (lead,) = api.state()["leads"]
    assert lead["id"] in page.text
    assert lead["consents"] == {"4": True}
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    (received,) = webhook.wait_for(1)
    assert lead["id"] in received.body.decode()


def test_both_boxes_do_what_they_say(api: Api, webhook: Webhook) -> None:
    create(api, webhook.url)
    fill_in(api, test="1", lose="1")
    state = api.state()
    assert [lead["testLead"] for lead in state["leads"]] == [True]
    assert [each["outcome"] for each in state["deliveries"]] == ["lost"]


def test_what_is_wrong_is_told_and_what_was_entered_stays(api: Api) -> None:
    answer = fill_in(api, **{"question-3": "nobody"})
    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "html.parser")
    assert page.title is not None
    assert page.title.text.startswith("Error: ")
    (link,) = page.select(".problems a")
    assert (link["href"], link.text) == ("#question-3", "E-Mail-Adresse: is no e-mail address")
    field = page.select_one("#question-3")
    assert field is not None
    assert (field["value"], field["aria-invalid"]) == ("nobody", "true")
    assert page.select_one(f"#{field['aria-describedby']}") is not None
    assert page.select_one("#consent-4[checked]") is not None
    assert api.state()["leads"] == []


@pytest.mark.parametrize("form", [ENGLISH, GERMAN, EVENT])
def test_every_seeded_form_can_be_shown(api: Api, form: int) -> None:
    answer = api.session.get(f"{api.url}/?form={form}", timeout=20)
    page = BeautifulSoup(answer.text, "html.parser")
    for field in page.select(".field input"):
        assert page.select_one(f"label[for={field['id']}]") is not None
    for policy in ("default-src 'none'", "script-src 'self'", "form-action 'self'"):
        assert policy in answer.headers["Content-Security-Policy"]
    for asset in page.select("link[href], script[src]"):
        url = api.url + str(asset.get("href") or asset["src"])
        assert api.session.get(url, timeout=20).status_code == 200
    assert not any(script.text for script in page.select("script"))


def test_leads_are_deleted_and_webhooks_challenged(api: Api, webhook: Webhook) -> None:
    subscription = create(api, webhook.url)
    lead = api.lead()
    url = f"{api.url}/page/leads/{lead}/delete"
    assert api.session.post(url, timeout=20).status_code == 200
    assert api.state()["leads"] == []
    assert len(webhook.wait_for(2)) == 2
    challenge = f"{api.url}/page/subscriptions/{subscription}/restart"
    assert api.session.post(challenge, timeout=20).status_code == 200
    assert len(webhook.challenges) == 2


def test_other_websites_cannot_fill_in_a_form(api: Api) -> None:
    url = f"{api.url}/page/forms/{GERMAN}/leads"
    headers = {"Sec-Fetch-Site": "cross-site"}
    answer = requests.post(url, data=GERMAN_FORM, headers=headers, timeout=20)
    assert answer.status_code == 403
    assert api.state()["leads"] == []


def test_secrets_of_webhooks_are_not_shown(api: Api, webhook: Webhook) -> None:
    create(api, f"{webhook.url}?secret=hidden-word")
    api.lead()
    assert "hidden-word" not in api.session.get(api.url, timeout=20).text


@pytest.mark.browser
def test_a_person_fills_in_a_form_and_sees_the_lead(
    browser: Browser, api: Api, webhook: Webhook
) -> None:
    create(api, webhook.url)
    page = browser.new_page(viewport={"width": 360, "height": 740})
    errors = watched(page)
    page.goto(api.url)
    page.get_by_role("link", name="Newsletter (Deutsch)").click()
    page.get_by_label("Vorname").fill("Anna")
    page.get_by_label("Nachname").fill("Muster")
    page.get_by_label("E-Mail-Adresse").fill("anna@example.com")
    page.get_by_role("checkbox", name="Ich möchte den Contoso-Newsletter").check()
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("Sent: lead")).to_be_visible()
    expect(page.get_by_role("heading", name="anna@example.com")).to_be_visible()
    expect(page.get_by_text("Delivered (200)")).to_be_visible()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 360
    page.get_by_role("button", name="Delete the lead of anna@example.com").click()
    expect(page.get_by_text("A lead appears here")).to_be_visible()
    assert errors == []
    page.close()


@pytest.mark.browser
def test_allowing_in_a_browser_leads_back_to_the_application(browser: Browser, api: Api) -> None:
    page = browser.new_page()
    page.route("http://127.0.0.1:8765/**", lambda route: route.fulfill(body="back"))
    query = "response_type=code&client_id=local-linkedin-client&state=s&scope=r_ads"
    page.goto(
        f"{api.url}/oauth/v2/authorization?{query}&redirect_uri=http://127.0.0.1:8765/callback"
    )
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_text("back")).to_be_visible()
    assert page.url.startswith("http://127.0.0.1:8765/callback?code=AQ")
    page.close()


def watched(page: Page) -> list[str]:
    """Errors of the page, a violated Content-Security-Policy among them."""
    errors: list[str] = []
    page.on("console", lambda told: errors.append(told.text) if told.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    return errors
