"""The pages without a script: rendered by the website, posted straight to the functions app."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import requests
from aiohttp import web
from bs4 import BeautifulSoup, Tag

from local.demo_website.website import create_website
from tests.demo_website.conftest import DemoWebsite
from tests.demo_website.serving import new_listener, origin_of, serving

NASTY = "\"'><script>alert(1)</script>&lt;"


def form_at(url: str) -> Tag:
    answer = requests.get(url, timeout=20)
    assert answer.status_code == 200
    form = BeautifulSoup(answer.text, "html.parser").form
    assert form is not None
    return form


def untouched(form: Tag) -> list[tuple[str, str]]:
    """What a browser would post when the visitor enters nothing."""
    controls = form.select("input:not([type=checkbox]), textarea, select")
    return [(str(control["name"]), str(control.get("value") or "")) for control in controls]


def post(form: Tag, entered: list[tuple[str, str]], origin: str) -> requests.Response:
    names = {name for name, _ in entered}
    return requests.post(
        str(form["action"]),
        data=[pair for pair in untouched(form) if pair[0] not in names] + entered,
        headers={"Origin": origin},
        allow_redirects=False,
        timeout=20,
    )


def test_the_form_has_every_part_of_the_description(demo: DemoWebsite) -> None:
    form = form_at(f"{demo.origin}/whitepaper-plain.html?lang=de")
    described = requests.get(f"{demo.functions.origin}/api/forms/whitepaper", timeout=20).json()

    assert form["method"] == "post"
    assert form["action"] == described["submit"]
    for field in described["fields"]:
        controls = form.select(f"[name={field['id']}]")
        assert controls, field["id"]
        if field["hidden"]:
            assert controls[0]["value"] == "consent-that-holds"
            continue
        assert field["label"]["de"] in form.text
        assert field.get("hint", {}).get("de", "") in form.text
        assert controls[0].get("autocomplete") == field.get("autocomplete")
        for option in field.get("options", []):
            assert form.select(f"[value={option['value']}]")
            assert option["label"]["de"] in form.text
    required = {str(control["name"]) for control in form.select("[required]")}
    assert required == {"email", "firstName", "lastName", "companySize", "consent"}
    for consent in described["consents"]:
        box = form.select_one(f"input[name=consent][value={consent['id']}]")
        assert box is not None
        assert box.has_attr("required") == consent["required"]
        assert not box.has_attr("checked")
        words = form.select_one(f"label[for={box['id']}]")
        assert words is not None
        assert str(words.contents[0]).strip() == consent["text"]["de"]
    assert form.select(f"a[href='{described['privacyPolicyUrl']['de']}']")


def test_every_control_has_a_label(demo: DemoWebsite) -> None:
    form = form_at(f"{demo.origin}/whitepaper-plain.html")

    for control in form.select("input:not([type=hidden]), select, textarea"):
        assert form.select(f"label[for='{control['id']}']"), control
    for described in form.select("[aria-describedby]"):
        assert form.select(f"#{described['aria-describedby']}")


def test_the_honeypot_is_for_programs_only(demo: DemoWebsite) -> None:
    form = form_at(f"{demo.origin}/newsletter-plain.html")

    trap = form.select_one("[name=homepage]")
    assert trap is not None
    assert trap["tabindex"] == "-1"
    assert trap["autocomplete"] == "off"
    assert trap.parent is not None
    assert trap.parent["aria-hidden"] == "true"
    assert trap.parent["class"] == ["left-empty"]


def test_a_newsletter_sign_up_is_accepted(demo: DemoWebsite) -> None:
    form = form_at(f"{demo.origin}/newsletter-plain.html?lang=de&utm_campaign=spring")

    answer = post(
        form,
        [("email", "jörg@example.com"), ("firstName", "Jörg"), ("consent", "newsletter")],
        demo.origin,
    )

    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{demo.origin}/check-inbox.html"
    [registration] = demo.functions.registrations()
    assert registration["email"] == "jörg@example.com"
    assert registration["locale"] == "de"
    assert registration["answers"] == {"email": "jörg@example.com", "firstName": "Jörg"}
    assert [consent["id"] for consent in registration["consents"]] == ["newsletter"]
    assert registration["source"] == {
        "pageUrl": f"{demo.origin}/newsletter-plain.html",
        "campaign": "spring",
    }


def test_a_white_paper_request_with_every_kind_of_field_is_accepted(demo: DemoWebsite) -> None:
    form = form_at(f"{demo.origin}/whitepaper-plain.html?lang=en")

    answer = post(
        form,
        [
            ("email", "anna@example.com"),
            ("firstName", "Anna"),
            ("lastName", "Author"),
            ("phone", "+49 30 123456"),
            ("companySize", "small"),
            ("interests", "consent"),
            ("interests", "journeys"),
            ("projectStart", "2027-01-31"),
            ("existingCustomer", "true"),
            ("message", "One\r\nTwo"),
            ("consent", "download"),
            ("consent", "productNews"),
        ],
        demo.origin,
    )

    assert answer.ok, answer.text
    [registration] = demo.functions.registrations()
    assert registration["answers"] == {
        "email": "anna@example.com",
        "firstName": "Anna",
        "lastName": "Author",
        "phone": "+4930123456",
        "companySize": "small",
        "interests": ["consent", "journeys"],
        "projectStart": "2027-01-31",
        "existingCustomer": True,
        "message": "One\nTwo",
        "asset": "consent-that-holds",
    }
    assert len(registration["consents"]) == 2


def test_french_is_not_offered_where_the_form_has_none(demo: DemoWebsite) -> None:
    form = form_at(f"{demo.origin}/whitepaper-plain.html?lang=fr")

    assert form["lang"] == "en"
    assert dict(untouched(form))["locale"] == "en"


@pytest.mark.parametrize("campaign", [NASTY, "x" * 101, "a\nb", ""])
def test_a_campaign_that_would_be_refused_is_left_out(demo: DemoWebsite, campaign: str) -> None:
    answer = requests.get(
        f"{demo.origin}/newsletter-plain.html", params={"utm_campaign": campaign}, timeout=20
    )

    page = BeautifulSoup(answer.text, "html.parser")
    assert "alert(1)" not in answer.text
    assert not page.select("[name=campaign]")
    assert not page.select("[href*=utm_campaign]")


def test_whatever_the_description_says_stays_text() -> None:
    words = {"en": NASTY}
    field = {"id": "a", "kind": "text", "label": words, "hint": words, "hidden": False}
    description = {
        "languages": ["en"],
        "privacyPolicyUrl": words,
        "submit": NASTY,
        "honeypot": NASTY,
        "consents": [{"id": NASTY, "required": False, "text": words}],
        "fields": [
            {**field, "required": True, "autocomplete": NASTY, "pattern": NASTY},
            {**field, "id": NASTY, "required": False, "multiline": True},
            {**field, "kind": "date", "required": False, "earliest": NASTY, "latest": NASTY},
            {**field, "kind": "yesNo", "required": False},
            *(
                {
                    **field,
                    "kind": kind,
                    "required": False,
                    "options": [{"value": NASTY, "label": words}],
                }
                for kind in ("choice", "multipleChoice")
            ),
        ],
    }
    with website_with(web.json_response(description)) as website:
        answer = requests.get(f"{website}/newsletter-plain.html?lang=en", timeout=20)

    page = BeautifulSoup(answer.text, "html.parser")
    assert answer.status_code == 200
    assert not page.find_all("script")
    form = page.form
    assert form is not None
    assert form["action"] == NASTY
    assert form.text.count(NASTY) == 15
    # Nothing broke out of an attribute either.
    assert all(name == name.strip("\"'<>&") for tag in form.find_all() for name in tag.attrs)


@pytest.mark.parametrize(
    "answer",
    [
        web.Response(status=404, text="{}", content_type="application/problem+json"),
        web.Response(status=503),
        web.Response(text="<p>a proxy's page</p>", content_type="text/html"),
        web.Response(text="{not json", content_type="application/json"),
        web.Response(text="[]", content_type="application/json"),
    ],
    ids=["unpublished", "unavailable", "a page", "malformed", "no object"],
)
def test_without_a_description_there_is_a_friendly_page(answer: web.Response) -> None:
    with website_with(answer) as website:
        assert_is_unavailable(f"{website}/newsletter-plain.html?lang=de")


def test_while_the_functions_app_is_down_there_is_a_friendly_page() -> None:
    with new_listener() as nobody:
        nobodys_origin = origin_of(nobody)
    with serving(create_website(nobodys_origin), new_listener()) as website:
        assert_is_unavailable(f"{website}/whitepaper-plain.html?lang=de")


def assert_is_unavailable(url: str) -> None:
    answer = requests.get(url, timeout=20)
    heading = BeautifulSoup(answer.text, "html.parser").h1
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert heading is not None
    assert heading.text == "Das Formular ist zurzeit nicht verfügbar"


@contextmanager
def website_with(description: web.Response) -> Iterator[str]:
    """A website whose functions app answers every call with this."""

    async def describe(_request: web.Request) -> web.Response:
        return description

    functions = web.Application()
    functions.router.add_get("/{path:.*}", describe)
    with (
        serving(functions, new_listener()) as origin,
        serving(create_website(origin), new_listener()) as website,
    ):
        yield website


def test_the_stand_in_speaks_the_contract(demo: DemoWebsite) -> None:
    """Nobody may post from another website, whatever the pages above can do."""
    body: dict[str, Any] = {"fields": {"email": "a@example.com"}, "consents": ["newsletter"]}

    answer = requests.post(
        f"{demo.functions.origin}/api/forms/newsletter/registrations",
        data=json.dumps(body),
        headers={"Origin": "https://evil.example", "Content-Type": "application/json"},
        timeout=20,
    )

    assert answer.status_code == 403
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert not demo.functions.registrations()
