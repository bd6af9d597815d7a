"""The website's pages: languages, links, headers."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
import requests
from bs4 import BeautifulSoup

from local.demo_website import page_context
from tests.demo_website.conftest import DemoWebsite

TEXTS = Path(page_context.__file__).parent / "texts"
PAGES = [
    "/",
    "/newsletter.html",
    "/whitepaper.html",
    "/newsletter-plain.html",
    "/whitepaper-plain.html",
    "/check-inbox.html",
    "/privacy.html",
    "/imprint.html",
]


def get(url: str, **arguments: Any) -> requests.Response:
    return requests.get(url, timeout=20, allow_redirects=False, **arguments)


def page_of(answer: requests.Response) -> BeautifulSoup:
    return BeautifulSoup(answer.text, "html.parser")


@pytest.mark.parametrize("language", ["en", "de", "fr"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_speaks_the_language_it_is_asked_for(
    demo: DemoWebsite, path: str, language: str
) -> None:
    answer = get(f"{demo.origin}{path}?lang={language}")

    spoken = "en" if language == "fr" and "whitepaper" in path else language
    page = page_of(answer)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Content-Language"] == spoken
    assert page.html is not None
    assert page.html["lang"] == spoken
    assert len(page.find_all("h1")) == 1
    assert page.title is not None
    assert page.title.text.endswith("Contoso")
    assert [link["lang"] for link in page.select(".languages [aria-current]")] == [spoken]


@pytest.mark.parametrize("path", [*PAGES, "/nothing-here.html"])
def test_no_page_needs_more_than_its_content_security_policy_allows(
    demo: DemoWebsite, path: str
) -> None:
    answer = get(demo.origin + path)

    policy = dict(
        part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["img-src"] == "'self'"
    assert policy["connect-src"] == demo.functions.origin
    assert policy["form-action"] == f"{demo.functions.origin} 'self'"
    assert policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    page = page_of(answer)
    assert all(script.get("src") and not script.text.strip() for script in page.find_all("script"))
    assert not page.find_all("style")
    for tag in page.find_all():
        assert not [name for name in tag.attrs if name == "style" or name.startswith("on")]


@pytest.mark.parametrize("path", PAGES)
def test_every_link_within_the_website_leads_somewhere(demo: DemoWebsite, path: str) -> None:
    page = page_of(get(f"{demo.origin}{path}?lang=de&utm_campaign=spring"))

    links = [tag["href"] for tag in page.select("a[href], link[href]")]
    files = [tag["src"] for tag in page.select("[src]")]
    for address in [str(link) for link in links + files if not str(link).startswith("#")]:
        target = urljoin(demo.origin, address)
        assert target.startswith(demo.origin)
        assert get(target).status_code == 200, target
        if ".html" in address and address != f"{demo.origin}/privacy.html":
            assert "utm_campaign=spring" in address


def test_scripts_are_served_as_scripts(demo: DemoWebsite) -> None:
    answer = get(f"{demo.origin}/static/sign-up.js")

    assert re.match(r"(text|application)/javascript", answer.headers["Content-Type"])
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_browser_s_wish_counts_until_the_visitor_chooses(demo: DemoWebsite) -> None:
    wish = {"Accept-Language": "nl, fr-CA;q=0.9, de;q=0.8"}
    with requests.Session() as visitor:
        wished = visitor.get(demo.origin, headers=wish, timeout=20)
        assert wished.headers["Content-Language"] == "fr"
        assert not visitor.cookies

        visitor.get(f"{demo.origin}/newsletter.html?lang=de", headers=wish, timeout=20)
        remembered = visitor.get(f"{demo.origin}/check-inbox.html", headers=wish, timeout=20)

    assert remembered.headers["Content-Language"] == "de"


@pytest.mark.parametrize("language", ["xx", "", "de'\"><script>", "../de"])
def test_an_unknown_language_is_ignored(demo: DemoWebsite, language: str) -> None:
    answer = get(demo.origin, params={"lang": language})

    assert answer.status_code == 200
    assert answer.headers["Content-Language"] == "en"
    assert "Set-Cookie" not in answer.headers


def test_an_address_that_leads_nowhere_gets_a_page(demo: DemoWebsite) -> None:
    answer = get(f"{demo.origin}/nothing-here.html?lang=de")

    heading = page_of(answer).h1
    assert answer.status_code == 404
    assert heading is not None
    assert heading.text == "Diese Seite gibt es nicht"


def test_the_website_has_one_origin(demo: DemoWebsite) -> None:
    elsewhere = demo.origin.replace("127.0.0.1", "localhost")

    answer = get(f"{demo.origin}/newsletter.html?lang=de", headers={"Host": elsewhere[7:]})

    assert answer.status_code == 308
    assert answer.headers["Location"] == f"{demo.origin}/newsletter.html?lang=de"


def test_a_sign_up_page_names_its_form(demo: DemoWebsite) -> None:
    form = page_of(get(f"{demo.origin}/whitepaper.html?lang=de")).form

    assert form is not None
    assert form["data-description"] == f"{demo.functions.origin}/api/forms/whitepaper"
    assert json.loads(str(form["data-hidden"])) == {"asset": "consent-that-holds"}
    assert json.loads(str(form["data-texts"]))["submit"] == "Whitepaper anfordern"


def test_every_language_has_the_same_texts() -> None:
    english = shape_of(json.loads((TEXTS / "en.json").read_bytes()))

    for language in ("de", "fr"):
        assert shape_of(json.loads((TEXTS / f"{language}.json").read_bytes())) == english


def shape_of(words: Any) -> Any:
    """Keys, and the placeholders of each text; no text is empty."""
    if isinstance(words, Mapping):
        return {key: shape_of(inner) for key, inner in words.items()}
    if isinstance(words, list):
        return [shape_of(inner) for inner in words]
    assert isinstance(words, str)
    assert words.strip()
    return sorted(re.findall(r"\{\w+\}", words))
