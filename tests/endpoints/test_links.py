"""The links of the mail: each state has its page; only a pressed button changes anything."""

import copy
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import azure.functions as func
import pytest
from bs4 import BeautifulSoup

from functions import confirm, decline, renew
from shared.failures import TemporaryFailure
from shared.texts.catalogue import catalogue
from shared.values.record import Status
from tests.endpoints.calls import documented, get, press_button
from tests.endpoints.worlds import with_form
from tests.examples import registration, sample_forms
from tests.fakes.outside import FakeOutside
from tests.story.journey import deliver, link, sign_up, stored

ASKED = registration()


def signed_up() -> tuple[FakeOutside, str, str]:
    """A mail went out; with the tokens of its two links."""
    outside = FakeOutside()
    mail = sign_up(ASKED, outside)
    return outside, link(mail), link(mail, "decline")


def page(answer: func.HttpResponse, state: str, language: str = "de") -> BeautifulSoup:
    """The page of a state, with the headers that every page has."""
    assert (answer.mimetype, answer.charset) == ("text/html", "utf-8")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers["Content-Language"] == language
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    shown = BeautifulSoup(answer.get_body(), "html.parser")
    assert shown.h1 is not None
    assert shown.h1.get_text(strip=True) == catalogue(language).pages[state].heading
    assert ASKED.email not in shown.get_text()
    assert not shown.find_all("script")
    return shown


def button(shown: BeautifulSoup) -> tuple[str, str] | None:
    """Where the page's button posts, and which token."""
    if shown.form is None:
        return None
    assert str(shown.form["method"]).lower() == "post"
    token = shown.form.find("input", {"name": "token"})
    assert token is not None
    return str(shown.form["action"]), str(token["value"])


def open_confirm(outside: FakeOutside, token: str, **headers: str) -> func.HttpResponse:
    request = get("/confirm", {"token": token}, **headers)
    return documented("/confirm", "get", confirm.show(request, outside))


def open_decline(outside: FakeOutside, token: str, **headers: str) -> func.HttpResponse:
    request = get("/decline", {"token": token}, **headers)
    return documented("/decline", "get", decline.show(request, outside))


def press_confirm(outside: FakeOutside, token: str, **headers: str) -> func.HttpResponse:
    request = press_button("/confirm", token, **headers)
    return documented("/confirm", "post", confirm.press(request, outside))


def press_decline(outside: FakeOutside, token: str, **headers: str) -> func.HttpResponse:
    request = press_button("/decline", token, **headers)
    return documented("/decline", "post", decline.press(request, outside))


def press_renew(outside: FakeOutside, token: str, **headers: str) -> func.HttpResponse:
    request = press_button("/renew", token, **headers)
    return documented("/renew", "post", renew.press(request, outside))


def everything(outside: FakeOutside) -> Any:
    """All that is stored anywhere."""
    return copy.deepcopy(
        (
            outside.table.records,
            outside.table.mailboxes,
            outside.queues.messages,
            outside.mailer.sent,
            outside.customer_insights.contacts,
            outside.customer_insights.consents,
            outside.customer_insights.triggers,
        )
    )


def test_the_link_shows_a_button_and_the_button_confirms() -> None:
    outside, token, _ = signed_up()
    shown = open_confirm(outside, token)
    assert shown.status_code == 200
    assert button(page(shown, "confirm")) == ("/api/confirm", token)
    pressed = press_confirm(
        outside, token, X_Forwarded_For="198.51.100.9:55000", User_Agent="Phone/2.0"
    )
    assert pressed.status_code == 200
    assert button(page(pressed, "confirmed")) is None
    record = stored(ASKED, outside)
    assert record is not None
    assert record.status is Status.PROMOTED
    assert record.click is not None
    assert (record.click.address, record.click.user_agent) == ("198.51.100.9", "Phone/2.0")
    assert len(outside.customer_insights.triggers) == 1


def test_the_other_link_shows_a_button_and_the_button_declines() -> None:
    outside, token, other = signed_up()
    shown = open_decline(outside, other)
    assert shown.status_code == 200
    assert button(page(shown, "decline")) == ("/api/decline", other)
    pressed = press_decline(outside, other)
    assert pressed.status_code == 200
    page(pressed, "declined")
    assert outside.table.records == {}
    for again in (open_confirm(outside, token), press_confirm(outside, token)):
        assert again.status_code == 200
        page(again, "declined")
    assert not outside.customer_insights.contacts


def test_repeating_any_click_shows_the_same_page() -> None:
    outside, token, other = signed_up()
    press_confirm(outside, token)
    before = everything(outside)
    for answer in (
        press_confirm(outside, token),
        open_confirm(outside, token),
        press_renew(outside, token),
    ):
        assert answer.status_code == 200
        page(answer, "confirmed")
    for answer in (press_decline(outside, other), open_decline(outside, other)):
        assert answer.status_code == 200
        page(answer, "alreadyConfirmed")
    assert everything(outside) == before


def expired() -> tuple[FakeOutside, str, str]:
    outside, token, other = signed_up()
    outside.pass_time(timedelta(days=3, seconds=1))
    return outside, token, other


def test_an_expired_link_offers_a_fresh_mail() -> None:
    outside, token, _ = expired()
    for answer in (open_confirm(outside, token), press_confirm(outside, token)):
        assert answer.status_code == 410
        assert button(page(answer, "expired")) == ("/api/renew", token)
    assert not outside.customer_insights.contacts
    renewed = press_renew(outside, token)
    assert renewed.status_code == 202
    page(renewed, "renewed")
    deliver("registrations", outside)
    assert len(outside.mailer.sent) == 2
    assert press_confirm(outside, link(outside.mailer.sent[-1])).status_code == 200
    assert len(outside.customer_insights.contacts) == 1


def test_a_link_that_has_not_expired_is_not_renewed() -> None:
    outside, token, _ = signed_up()
    answer = press_renew(outside, token)
    assert answer.status_code == 200
    page(answer, "confirm")
    assert not outside.queues.bodies("registrations")


def test_an_expired_link_still_declines() -> None:
    outside, _, other = expired()
    page(open_decline(outside, other), "decline")
    page(press_decline(outside, other), "declined")
    assert outside.table.records == {}


def test_too_many_fresh_mails() -> None:
    outside, token, _ = expired()
    for number in range(2, 5):
        sign_up(registration(number=number), outside)
    answer = press_renew(outside, token)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "86400"
    page(answer, "tryLater")
    assert not outside.queues.bodies("registrations")


def test_a_forgotten_registration() -> None:
    outside, token, other = signed_up()
    outside.table.records.clear()
    for answer in (
        open_confirm(outside, token),
        press_confirm(outside, token),
        open_decline(outside, other),
        press_renew(outside, token),
    ):
        assert answer.status_code == 410
        page(answer, "gone")


STEPS: list[Callable[..., func.HttpResponse]] = [
    open_confirm,
    open_decline,
    press_confirm,
    press_decline,
    press_renew,
]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    "token", ["", "x", "a.b.c", "🙂", "A" * 5000, "<script>alert(1)</script>", "\r\nX: y"]
)
def test_a_link_that_is_not_ours(step: Callable[..., func.HttpResponse], token: str) -> None:
    outside, _, _ = signed_up()
    before = everything(outside)
    answer = step(outside, token, Accept_Language="fr;q=0.9, de;q=0.5")
    assert answer.status_code == 404
    assert button(page(answer, "notValid", "fr")) is None
    assert not token.strip() or token == "x" or token.encode() not in answer.get_body()
    assert "Contoso" not in answer.get_body().decode()
    assert everything(outside) == before


@pytest.mark.parametrize("step", STEPS)
def test_a_token_that_was_altered_or_is_for_another_purpose(
    step: Callable[..., func.HttpResponse],
) -> None:
    outside, token, other = signed_up()
    right, wrong = (other, token) if step in {open_decline, press_decline} else (token, other)
    for bad in (wrong, right[:-1], right + "A", right[:40] + "AAAA" + right[44:]):
        answer = step(outside, bad)
        assert answer.status_code == 404
        page(answer, "notValid", "en")
    assert stored(ASKED, outside) is not None


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "application/x-www-form-urlencoded"),
        (b"token", "text/plain"),
        (b"token=", "application/x-www-form-urlencoded"),
        (b'{"token": "x"}', "application/json"),
        (b"\xff\xfe", "application/octet-stream"),
        (b"a=1&" * 20 + b"token=x", "application/x-www-form-urlencoded"),
        (b"token=" + b"x" * 1_000_000, "application/x-www-form-urlencoded"),
    ],
)
def test_a_button_that_is_not_ours(body: bytes, content_type: str) -> None:
    outside, _, _ = signed_up()
    request = func.HttpRequest(
        "POST", "https://doi/api/confirm", headers={"Content-Type": content_type}, body=body
    )
    for press in (confirm.press, decline.press, renew.press):
        assert press(request, outside).status_code == 404
    assert stored(ASKED, outside) is not None


def test_opening_links_changes_nothing_however_often() -> None:
    """Mail scanners open every link, with GET and with HEAD."""
    outside, token, other = signed_up()
    before = everything(outside)
    for method in ("GET", "HEAD"):
        for _ in range(3):
            for show, path, text in (
                (confirm.show, "/confirm", token),
                (decline.show, "/decline", other),
            ):
                request = func.HttpRequest(
                    method, f"https://doi/api{path}", params={"token": text}, body=b""
                )
                assert show(request, outside).status_code == 200
    assert everything(outside) == before


def test_the_token_counts_where_it_belongs() -> None:
    """A token in the address of a POST was not pressed: pages post it in the body."""
    outside, token, _ = signed_up()
    request = func.HttpRequest("POST", "https://doi/api/confirm", params={"token": token}, body=b"")
    assert confirm.press(request, outside).status_code == 404
    record = stored(ASKED, outside)
    assert record is not None
    assert record.status is Status.PENDING


@pytest.mark.parametrize("step", STEPS)
def test_while_storage_is_down(step: Callable[..., func.HttpResponse]) -> None:
    outside, token, other = signed_up()
    declines = step in {open_decline, press_decline}
    outside.table.down = True
    answer = step(outside, other if declines else token)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    shown = page(answer, "unavailable")
    assert button(shown) is None
    again = f"/api/{'decline' if declines else 'confirm'}?token={other if declines else token}"
    assert again in [str(way["href"]) for way in shown.find_all("a")]
    assert "table" not in shown.get_text()


def test_a_click_that_no_queue_takes_is_asked_for_again() -> None:
    outside, token, _ = signed_up()
    outside.queues.down = True
    assert press_confirm(outside, token).status_code == 503
    outside.queues.down = False
    assert press_confirm(outside, token).status_code == 200


def test_the_click_is_kept_while_dataverse_is_down() -> None:
    outside, token, _ = signed_up()
    outside.customer_insights.failures += [TemporaryFailure("down")]
    answer = press_confirm(outside, token)
    assert answer.status_code == 200
    page(answer, "confirmed")
    record = stored(ASKED, outside)
    assert record is not None
    assert record.status is Status.CONFIRMED


def with_pages_of_its_own() -> tuple[FakeOutside, str, str]:
    outside, token, other = signed_up()
    form = sample_forms()["newsletter"]
    pages = {
        name: f"https://www.contoso.example/{name}" for name in ("confirmed", "declined", "renewed")
    }
    redirects = form.redirects.model_copy(update=pages)
    with_form(outside, "newsletter", form.model_copy(update={"redirects": redirects}))
    return outside, token, other


def sent_to(answer: func.HttpResponse) -> str:
    assert answer.status_code == 303
    assert answer.headers["Cache-Control"] == "no-store"
    return str(answer.headers["Location"])


def test_a_form_with_pages_of_its_own() -> None:
    outside, token, _ = with_pages_of_its_own()
    assert open_confirm(outside, token).status_code == 200  # the button is always ours
    assert sent_to(press_confirm(outside, token)) == "https://www.contoso.example/confirmed"
    assert sent_to(open_confirm(outside, token)) == "https://www.contoso.example/confirmed"
    outside, _, other = with_pages_of_its_own()
    assert open_decline(outside, other).status_code == 200
    assert sent_to(press_decline(outside, other)) == "https://www.contoso.example/declined"
    outside, token, _ = with_pages_of_its_own()
    outside.pass_time(timedelta(days=4))
    assert open_confirm(outside, token).status_code == 410
    assert sent_to(press_renew(outside, token)) == "https://www.contoso.example/renewed"


def test_a_form_that_was_removed_still_confirms() -> None:
    outside, token, _ = signed_up()
    outside.forms = {}
    assert open_confirm(outside, token).status_code == 200
    answer = press_confirm(outside, token)
    assert answer.status_code == 200
    record = stored(ASKED, outside)
    assert record is not None
    assert record.was_confirmed
