"""A plain HTML form, posted by a browser without any script: people read the answers."""

from urllib.parse import quote

import azure.functions as func
import pytest
from bs4 import BeautifulSoup

from functions import register
from shared.texts.catalogue import catalogue
from tests.endpoints.calls import ANNA, BROWSER, documented, json_of, post_form, post_raw
from tests.endpoints.worlds import WebOnly, with_form
from tests.examples import WEBSITE, sample_forms

GOOD = [
    ("email", ANNA),
    ("firstName", "Annabella"),
    ("lastName", ""),
    ("homepage", ""),
    ("consent", "newsletter"),
    ("locale", "de"),
    ("pageUrl", f"{WEBSITE}/newsletter"),
    ("campaign", ""),
]
WHITEPAPER = [
    ("email", ANNA),
    ("firstName", "Annabella"),
    ("lastName", "Unmistakable"),
    ("companySize", "small"),
    ("asset", "consent"),
    ("consent", "download"),
    ("locale", "en"),
]
FORM_TYPE = "application/x-www-form-urlencoded"


def answer(request: func.HttpRequest, outside: WebOnly) -> func.HttpResponse:
    return documented("/forms/{form}/registrations", "post", register.answer(request, outside))


def page(answered: func.HttpResponse) -> BeautifulSoup:
    assert answered.mimetype == "text/html"
    assert answered.charset == "utf-8"
    assert answered.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answered.headers["Content-Security-Policy"]
    return BeautifulSoup(answered.get_body(), "html.parser")


def without_redirect() -> WebOnly:
    outside = WebOnly()
    form = sample_forms()["newsletter"]
    redirects = form.redirects.model_copy(update={"accepted": None})
    with_form(outside, "newsletter", form.model_copy(update={"redirects": redirects}))
    return outside


def test_the_browser_is_sent_on() -> None:
    outside = WebOnly()
    sent_on = answer(post_form(GOOD, Accept=BROWSER), outside)
    assert sent_on.status_code == 303
    assert sent_on.headers["Location"] == f"{WEBSITE}/check-inbox.html"
    assert sent_on.headers["Cache-Control"] == "no-store"
    asked = outside.only_registration()
    assert asked.answers == {"email": ANNA, "firstName": "Annabella"}
    assert [given.id for given in asked.consents] == ["newsletter"]
    assert asked.locale == "de"
    assert (asked.source.page_url, asked.source.campaign) == (f"{WEBSITE}/newsletter", None)


def test_without_a_page_of_the_website_the_app_shows_its_own() -> None:
    outside = without_redirect()
    shown = answer(post_form(GOOD, Accept=BROWSER), outside)
    assert shown.status_code == 202
    body = page(shown)
    assert body.h1 is not None
    assert body.h1.get_text(strip=True) == catalogue("de").pages["accepted"].heading
    assert "Annabella" not in body.get_text()
    assert ANNA not in body.get_text()
    assert outside.only_registration().email == ANNA


@pytest.mark.parametrize("accept", ["*/*", "application/json", None])
def test_a_server_that_posts_a_form_is_sent_on_too(accept: str | None) -> None:
    headers = {} if accept is None else {"Accept": accept}
    assert answer(post_form(GOOD, **headers), WebOnly()).status_code == 303


def test_the_honeypot_is_answered_alike_and_dropped() -> None:
    filled_in = [(n, "https://spam.example" if n == "homepage" else v) for n, v in GOOD]
    for outside in (WebOnly(), without_redirect()):
        dropped = answer(post_form(filled_in, Accept=BROWSER), outside)
        assert outside.did_nothing()
        taken = answer(post_form(GOOD, Accept=BROWSER), outside)
        assert dropped.status_code == taken.status_code
        assert dict(dropped.headers) == dict(taken.headers)
        assert dropped.get_body() == taken.get_body()


@pytest.mark.parametrize(
    ("value", "kept"),
    [("on", True), ("true", True), ("YES", True), ("1", True), ("off", False), ("0", False)],
)
def test_a_box_as_browsers_send_it(value: str, kept: bool) -> None:  # noqa: FBT001 - a parameter of the test
    outside = WebOnly()
    posted = [*WHITEPAPER, ("existingCustomer", value)]
    assert answer(post_form(posted, "whitepaper"), outside).status_code in {202, 303}
    assert outside.only_registration().answers["existingCustomer"] is kept


def test_an_unticked_box_is_not_sent_at_all() -> None:
    outside = WebOnly()
    answer(post_form(WHITEPAPER, "whitepaper"), outside)
    assert "existingCustomer" not in outside.only_registration().answers


@pytest.mark.parametrize(
    ("interests", "kept"),
    [(["consent"], ["consent"]), (["journeys", "consent"], ["consent", "journeys"]), ([""], None)],
)
def test_several_choices(interests: list[str], kept: list[str] | None) -> None:
    outside = WebOnly()
    answer(post_form([*WHITEPAPER, *(("interests", i) for i in interests)], "whitepaper"), outside)
    assert outside.only_registration().answers.get("interests") == kept


def test_several_consents() -> None:
    outside = WebOnly()
    answer(post_form([*WHITEPAPER, ("consent", "productNews")], "whitepaper"), outside)
    assert [given.id for given in outside.only_registration().consents] == [
        "download",
        "productNews",
    ]


def refused(
    pairs: list[tuple[str, str]], form: str = "newsletter", **headers: str
) -> func.HttpResponse:
    outside = WebOnly()
    answered = answer(post_form(pairs, form, **headers), outside)
    assert outside.did_nothing()
    return answered


def change(**changes: str) -> list[tuple[str, str]]:
    return [(name, changes.get(name, value)) for name, value in GOOD]


def test_a_browser_gets_a_page_with_what_to_correct() -> None:
    pairs = [
        pair for pair in change(email="anna", firstName="<b>Annabella") if "consent" not in pair
    ]
    answered = refused(pairs, Accept=BROWSER)
    assert answered.status_code == 422
    text = page(answered).get_text()
    sentences = catalogue("de").errors
    form = sample_forms()["newsletter"]
    for sentence in ("invalid_email", "markup", "consent_required"):
        assert sentences[sentence] in text
    assert form.fields[0].label["de"] in text
    assert "Annabella" not in text
    links = [link["href"] for link in page(answered).find_all("a")]
    assert f"{WEBSITE}/newsletter" in links


def test_without_a_page_address_the_referrer_leads_back() -> None:
    pairs = [pair for pair in change(email="x") if pair[0] != "pageUrl"]
    answered = refused(pairs, Accept=BROWSER, Referer=f"{WEBSITE}/other")
    assert f"{WEBSITE}/other" in [link["href"] for link in page(answered).find_all("a")]


@pytest.mark.parametrize(
    "evil",
    [
        "https://evil.example/x",
        f"{WEBSITE}.evil.example/x",
        f"{WEBSITE}@evil.example/x",
        "javascript:alert('evil.example')",
        "https://[evil.example",
        "//evil.example",
    ],
)
def test_the_page_leads_back_to_the_forms_own_websites_only(evil: str) -> None:
    without = [pair for pair in change(email="x") if pair[0] != "pageUrl"]
    for answered in (
        refused(change(email="x", pageUrl=evil), Accept=BROWSER),
        refused(without, Accept=BROWSER, Referer=evil),
    ):
        assert b"evil.example" not in answered.get_body()


def test_a_program_gets_the_same_as_json() -> None:
    answered = refused(change(email="anna"), Accept="application/json")
    assert answered.status_code == 422
    (error,) = json_of(answered)["errors"]
    assert (error["pointer"], error["code"]) == ("/fields/email", "invalid_email")


@pytest.mark.parametrize(
    ("repeated", "pointer"),
    [
        ("firstName", "/fields/firstName"),
        ("email", "/fields/email"),
        ("a/b <c>", "/fields/a_b__c_"),
    ],
)
def test_a_field_sent_twice(repeated: str, pointer: str) -> None:
    answered = refused([*GOOD, (repeated, "x"), (repeated, "y")])
    assert answered.status_code == 422
    codes = {(error["pointer"], error["code"]) for error in json_of(answered)["errors"]}
    assert (pointer, "repeated") in codes


@pytest.mark.parametrize("value", ["maybe", "2", "tru"])
def test_a_box_that_is_neither_ticked_nor_not(value: str) -> None:
    answered = refused([*WHITEPAPER, ("existingCustomer", value)], "whitepaper")
    (error,) = json_of(answered)["errors"]
    assert (error["pointer"], error["code"]) == ("/fields/existingCustomer", "wrong_type")


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"email=\xff", "not UTF-8"),
        (b"email=%FF", "not UTF-8"),
        (b"email=" + quote("anna").encode() + b"&%C3=1", "not UTF-8"),
        (b"&".join(b"f%d=1" % number for number in range(501)), "too many fields"),
    ],
)
def test_a_body_that_is_not_readable(body: bytes, detail: str) -> None:
    outside = WebOnly()
    answered = answer(post_raw(body, FORM_TYPE), outside)
    assert answered.status_code == 400
    assert detail in json_of(answered)["detail"]
    assert outside.did_nothing()


@pytest.mark.parametrize("body", [b"", b"&&&", b"=", b"\x00", b"%", b"fields[email]=x"])
def test_nonsense_is_answered_as_mistakes(body: bytes) -> None:
    outside = WebOnly()
    answered = answer(post_raw(body, FORM_TYPE), outside)
    assert answered.status_code == 422
    assert outside.did_nothing()


def test_a_browser_hears_that_it_may_try_again() -> None:
    outside = WebOnly()
    outside.queues.down = True
    answered = answer(post_form(GOOD, Accept=BROWSER, Referer=f"{WEBSITE}/newsletter"), outside)
    assert answered.status_code == 503
    assert answered.headers["Retry-After"] == "5"
    body = page(answered)
    assert body.h1 is not None
    assert body.h1.get_text(strip=True) == catalogue("de").pages["unavailable"].heading
    assert f"{WEBSITE}/newsletter" in [link["href"] for link in body.find_all("a")]
