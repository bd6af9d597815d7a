import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from shared.texts.catalogue import ACCEPTED, REJECTED, UNAVAILABLE, catalogue
from shared.values.answer_error import FieldError
from shared.values.confirmation_code import typed_code
from shared.values.confirmation_token import Purpose
from shared.values.form import Redirects
from shared.values.link_view import LinkState, LinkView
from shared.web.page import Page
from shared.web.pages import Pages
from tests.examples import WEBSITE
from tests.words.samples import (
    LANGUAGES,
    TOKENS,
    form,
    form_in,
    token_in,
    write_arabic_catalogue,
)

FORMS = {"newsletter": form_in(*LANGUAGES)}
PAGES = Pages(FORMS, TOKENS)
ERRORS = (
    FieldError(pointer="/fields/firstName", code="too_long", limit=50),
    FieldError(pointer="/consents/newsletter", code="consent_required"),
)
BUTTONS = {
    LinkState.CONFIRM: "/api/confirm",
    LinkState.ENTER_CODE: "/api/confirm",
    LinkState.WRONG_CODE: "/api/confirm",
    LinkState.TOO_MANY_CODES: "/api/confirm",
    LinkState.DECLINE: "/api/decline",
    LinkState.EXPIRED: "/api/renew",
    LinkState.WITHDRAW: "/api/withdraw",
}


def soup(page: Page) -> BeautifulSoup:
    return BeautifulSoup(page.html, "html.parser")


def only(page: Page, selector: str) -> Tag:
    (tag,) = soup(page).select(selector)
    return tag


def token_text(language: str = "en", purpose: Purpose = Purpose.CONFIRM) -> str:
    return TOKENS.issue(purpose, token_in(language))


def link_page(state: LinkState, language: str = "en", pages: Pages = PAGES) -> Page:
    known = state is not LinkState.NOT_VALID
    view = LinkView(state=state, token=token_in(language) if known else None)
    return pages.link(view, token_text(language), language)


def every_page(language: str) -> dict[str, Page]:
    asked = FORMS["newsletter"]
    pages: dict[str, Page] = {str(state): link_page(state, language) for state in LinkState}
    pages[ACCEPTED] = PAGES.accepted(asked, language)
    pages[UNAVAILABLE] = PAGES.link_unavailable(Purpose.CONFIRM, token_text(language), None)
    pages[REJECTED] = PAGES.rejected(asked, language, ERRORS, f"{WEBSITE}/newsletter.html")
    return pages


ALL = [(name, language) for language in LANGUAGES for name in every_page("en")]


@pytest.mark.parametrize(("name", "language"), ALL)
def test_every_page_speaks_its_language(name: str, language: str) -> None:
    page = every_page(language)[name]
    text = catalogue(language).pages[name]
    assert only(page, "html")["lang"] == language
    assert only(page, "html")["dir"] == "ltr"
    assert page.headers["Content-Language"] == language
    assert only(page, "main h1").get_text() == text.heading
    assert only(page, "title").get_text().startswith(text.title)
    said = [paragraph.get_text() for paragraph in soup(page).select("main p")]
    assert set(text.paragraphs) <= set(said)
    if text.button:
        assert only(page, "main .button").get_text() == text.button


@pytest.mark.parametrize("name", every_page("en"))
def test_every_page_is_safe_and_private(name: str) -> None:
    page = every_page("en")[name]
    style = only(page, "style").decode_contents()
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = dict(
        part.split(" ", 1) for part in page.headers["Content-Security-Policy"].split("; ")
    )
    assert policy == {
        "default-src": "'none'",
        "style-src": f"'sha256-{digest}'",
        "form-action": "'self'" if name in BUTTONS else "'none'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    assert {key: value for key, value in page.headers.items() if "Policy" not in key} == {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Language": "en",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex, nofollow",
    }
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert only(page, "meta[name=robots]")["content"] == "noindex, nofollow"


@pytest.mark.parametrize("name", every_page("en"))
def test_no_page_has_a_script_or_loads_anything(name: str) -> None:
    page = soup(every_page("en")[name])
    assert page.find(["script", "img", "link", "iframe", "object", "base"]) is None
    attributes = {attribute for tag in page.select("*") for attribute in tag.attrs}
    assert not {a for a in attributes if a in {"style", "src"} or a.startswith("on")}
    assert "url(" not in str(page.style)
    assert "@import" not in str(page.style)


@pytest.mark.parametrize("state", LinkState)
def test_only_questions_have_a_button_that_posts(state: LinkState) -> None:
    page = link_page(state)
    if state not in BUTTONS:
        assert soup(page).find(["form", "button", "input"]) is None
        return
    post = only(page, "form")
    assert (post["method"], post["action"]) == ("post", BUTTONS[state])
    assert only(page, "form input[type=hidden]")["name"] == "token"
    assert only(page, "form input[type=hidden]")["value"] == token_text()
    assert only(page, "form button")["type"] == "submit"
    typed = soup(page).select("form input:not([type=hidden])")
    assert bool(typed) == (state in {LinkState.ENTER_CODE, LinkState.WRONG_CODE})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", [LinkState.ENTER_CODE, LinkState.WRONG_CODE])
def test_the_code_is_typed_into_a_field_with_a_name_and_an_explanation(
    state: LinkState, language: str
) -> None:
    page, text = link_page(state, language), catalogue(language).pages[state]
    field = only(page, "form input[name=code]")
    assert (field["inputmode"], field["autocomplete"]) == ("numeric", "one-time-code")
    assert field.has_attr("required")
    assert only(page, f"label[for={field['id']}]").get_text() == text.label
    explained = only(page, f"#{field['aria-describedby']}").get_text()
    assert all(paragraph in explained for paragraph in text.paragraphs)
    assert (field.get("aria-invalid") == "true") == (state is LinkState.WRONG_CODE)


@pytest.mark.parametrize("typed", ["123456", "123 456", "123\N{NO-BREAK SPACE}456", " 123-456 "])
def test_the_field_takes_the_code_however_it_is_written(typed: str) -> None:
    pattern = str(only(link_page(LinkState.ENTER_CODE), "input[name=code]")["pattern"])
    assert re.fullmatch(pattern, typed)
    assert typed_code(typed) == "123456"
    for no_code in ("12345", "1234567", "abcdef", ""):
        assert not re.fullmatch(pattern, no_code)


def test_a_button_may_lead_to_the_form_s_own_pages() -> None:
    redirects = Redirects(
        confirmed="https://www.contoso.example/thanks",
        declined="https://sorry.contoso.example/",
        renewed="https://mail.contoso.example:8443/again?x=1",
        accepted="https://elsewhere.example/",
    )
    asked = form().model_copy(update={"redirects": redirects})
    page = link_page(LinkState.CONFIRM, pages=Pages({"newsletter": asked}, TOKENS))
    assert (
        "form-action 'self' https://mail.contoso.example:8443 https://sorry.contoso.example "
        "https://www.contoso.example;" in page.headers["Content-Security-Policy"]
    )


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", token_text()])
def test_a_link_that_is_not_ours_learns_and_shows_nothing(text: str) -> None:
    page = PAGES.link(LinkView(state=LinkState.NOT_VALID), text, "nl-BE, en;q=0.5")
    assert "Contoso" not in page.html
    assert text not in page.html
    assert only(page, "html")["lang"] == "nl"
    assert soup(page).find("a") is None


def test_the_token_s_language_goes_before_the_browser_s() -> None:
    view = LinkView(state=LinkState.CONFIRMED, token=token_in("fr"))
    assert only(PAGES.link(view, token_text(), "de"), "html")["lang"] == "fr"


def test_a_removed_form_leaves_a_page_without_a_company() -> None:
    page = link_page(LinkState.CONFIRM, "de", Pages({}, TOKENS))
    assert only(page, "html")["lang"] == "de"
    assert only(page, "form button").get_text() == "Anmeldung bestätigen"
    assert soup(page).find(["header", "footer", "a"]) is None
    assert soup(link_page(LinkState.GONE, "de", Pages({}, TOKENS))).find("a") is None


def test_company_imprint_website_and_privacy_policy_stand_around_the_page() -> None:
    asked = FORMS["newsletter"]
    page = link_page(LinkState.CONFIRM)
    assert only(page, "header").get_text(strip=True) == "Contoso"
    assert only(page, "footer p").get_text() == asked.company.imprint["en"]
    links = {link["href"]: link.get_text() for link in soup(page).select("footer a")}
    assert links == {WEBSITE: "www.contoso.example", f"{WEBSITE}/privacy.html": "Privacy policy"}
    assert only(page, "title").get_text() == "Confirm your sign-up \N{EN DASH} Contoso"


def test_what_the_company_wrote_is_escaped() -> None:
    asked = form(name='<b>A&B</b>"', imprint={"en": "<script>1</script>", "de": "", "fr": ""})
    page = link_page(LinkState.CONFIRM, pages=Pages({"newsletter": asked}, TOKENS))
    assert only(page, "header p").get_text() == '<b>A&B</b>"'
    assert only(page, "footer p").get_text() == "<script>1</script>"
    assert soup(page).find(["b", "script"]) is None


def test_gone_sends_the_person_back_to_the_website() -> None:
    link = only(link_page(LinkState.GONE), "main a.button")
    assert link["href"] == WEBSITE


def test_the_company_s_colour_is_on_the_button() -> None:
    asked = form(colour="#7a3e00")
    page = link_page(LinkState.CONFIRM, pages=Pages({"newsletter": asked}, TOKENS))
    assert "--fill: #7a3e00;" in page.html


# Storage does not answer ---------------------------------------------------------------------


@pytest.mark.parametrize("purpose", Purpose)
def test_try_again_opens_the_link_and_posts_nothing(purpose: Purpose) -> None:
    text = token_text("de", purpose)
    page = PAGES.link_unavailable(purpose, text, "en")
    assert only(page, "html")["lang"] == "de"
    assert only(page, "main a.button")["href"] == f"/api/{purpose}?token={text}"
    assert soup(page).find("form") is None


def test_a_token_for_another_purpose_is_not_echoed() -> None:
    text = token_text("de", Purpose.DECLINE)
    page = PAGES.link_unavailable(Purpose.CONFIRM, text, "en")
    assert text not in page.html
    assert only(page, "h1").get_text() == catalogue("en").pages[LinkState.NOT_VALID].heading


def test_a_form_that_could_not_be_stored_can_be_sent_again() -> None:
    page = PAGES.form_unavailable(FORMS["newsletter"], "it", f"{WEBSITE}/newsletter.html")
    assert only(page, "main a.button")["href"] == f"{WEBSITE}/newsletter.html"
    assert only(page, "main a.button").get_text() == "Riprova"


# A plain form post with mistakes ---------------------------------------------------------------


def mistakes_shown(*errors: FieldError) -> list[list[str]]:
    page = PAGES.rejected(form(), "de", errors, None)
    return [list(item.stripped_strings) for item in soup(page).select(".mistakes li")]


def test_each_mistake_stands_beside_what_the_person_knows_the_field_by() -> None:
    asked = form()
    assert mistakes_shown(*ERRORS, FieldError(pointer="/consents", code="wrong_type")) == [
        ["Vorname", "Bitte geben Sie höchstens 50 Zeichen ein."],
        [asked.consents[0].text["de"], "Für die Anmeldung ist Ihre Einwilligung nötig."],
        ["Eine solche Angabe ist hier nicht erlaubt."],
    ]


def test_an_unknown_field_s_name_is_shown_as_text() -> None:
    nasty = "<script>alert('x')</script>"
    shown = mistakes_shown(FieldError(pointer=f"/fields/{nasty}", code="unknown_field"))
    assert shown == [[nasty, "Das Formular hat kein solches Feld."]]


@pytest.mark.parametrize(
    "page_url",
    [
        None,
        "",
        "https://evil.example/",
        f"{WEBSITE}.evil.example/",
        f"{WEBSITE}@evil.example/",
        f"{WEBSITE}\\@evil.example/",
        "javascript:alert(1)",
        "http://[",
        "/newsletter.html",
    ],
)
def test_the_way_back_leads_to_no_strange_website(page_url: str | None) -> None:
    page = PAGES.rejected(FORMS["newsletter"], "en", ERRORS, page_url)
    link = only(page, "main a")
    assert link["href"] == WEBSITE
    assert link.get_text() == "Back to the website"


def test_the_way_back_leads_to_the_page_of_the_form() -> None:
    page = PAGES.rejected(FORMS["newsletter"], "en", ERRORS, f"{WEBSITE}/newsletter.html?lang=en")
    assert only(page, "main a.button")["href"] == f"{WEBSITE}/newsletter.html?lang=en"
    assert only(page, "main a.button").get_text() == "Fill in the form again"


# Right to left ---------------------------------------------------------------------------------


def test_pages_read_from_right_to_left_where_the_language_does(tmp_path: Path) -> None:
    pages = Pages({"newsletter": form_in("ar")}, TOKENS, write_arabic_catalogue(tmp_path))
    page = link_page(LinkState.CONFIRM, "ar", pages)
    assert (only(page, "html")["lang"], only(page, "html")["dir"]) == ("ar", "rtl")
    assert only(page, "form button").get_text() == "نص"


def test_the_style_knows_no_left_and_no_right() -> None:
    style = only(link_page(LinkState.CONFIRM), "style").decode_contents()
    for side in ("left", "right", "margin-top", "padding-top"):
        assert side not in style
