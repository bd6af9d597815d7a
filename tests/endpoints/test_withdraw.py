"""The link to withdraw: its page, its button, and mail programs that press it (RFC 8058)."""

from collections.abc import Mapping

import azure.functions as func
import pytest
import requests

from functions import confirm, withdraw
from shared.failures import TemporaryFailure
from shared.values.record import Record
from shared.withdraw_link import withdraw_link
from tests.endpoints.calls import documented, get, post_inputs, press_button
from tests.endpoints.test_links import ASKED, button, everything, page, sent_to, signed_up
from tests.endpoints.worlds import with_form
from tests.examples import sample_forms
from tests.fakes.outside import PUBLIC_URL, FakeOutside
from tests.story.journey import deliver, stored

PATH = "/withdraw"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
FORM_TYPE = "application/x-www-form-urlencoded"


def confirmed() -> tuple[FakeOutside, str]:
    """Somebody who confirmed; with the token of the link to withdraw."""
    outside, token, _ = signed_up()
    assert confirm.press(press_button("/confirm", token), outside).status_code == 200
    return outside, withdraw_link(record(outside), outside).partition("?token=")[2]


def record(outside: FakeOutside) -> Record:
    found = stored(ASKED, outside)
    assert found is not None
    return found


def consent_texts(outside: FakeOutside) -> list[str]:
    texts = [consent.text for consent in record(outside).consents]
    assert texts
    return texts


def opened(outside: FakeOutside, token: str, **headers: str) -> func.HttpResponse:
    request = get(PATH, {"token": token}, **headers)
    return documented(PATH, "get", withdraw.show(request, outside))


def pressed(outside: FakeOutside, token: str, **headers: str) -> func.HttpResponse:
    request = press_button(PATH, token, **headers)
    return documented(PATH, "post", withdraw.press(request, outside))


def posted(
    outside: FakeOutside, token: str, body: bytes, content_type: str = FORM_TYPE
) -> func.HttpResponse:
    """As a mail program posts: to the link itself, and without cookies."""
    request = func.HttpRequest(
        "POST",
        f"{PUBLIC_URL}/api{PATH}",
        headers={"Content-Type": content_type, "User-Agent": "Mail/1.0"},
        params={"token": token},
        body=body,
    )
    return documented(PATH, "post", withdraw.press(request, outside))


def as_multipart(fields: Mapping[str, str]) -> tuple[bytes, str]:
    """Written by a library that browsers' servers understand."""
    files = {name: (None, value) for name, value in fields.items()}
    prepared = requests.Request("POST", "https://doi.example", files=files).prepare()
    assert isinstance(prepared.body, bytes)
    return prepared.body, str(prepared.headers["Content-Type"])


def opted_in(outside: FakeOutside) -> list[bool]:
    return [row.opted_in for row in outside.customer_insights.consents.values()]


def test_the_page_has_one_button_and_opening_it_changes_nothing() -> None:
    outside, token = confirmed()
    before = everything(outside)
    for _ in range(3):
        answer = opened(outside, token)
        assert answer.status_code == 200
        shown = page(answer, "withdraw")
        assert button(shown) == ("/api/withdraw", token)
        assert len(shown.find_all("button")) == 1
        assert [quote.text for quote in shown.find_all("blockquote")] == consent_texts(outside)
    assert everything(outside) == before
    assert opted_in(outside) == [True]


def test_the_button_withdraws_and_repeating_shows_the_same() -> None:
    outside, token = confirmed()
    for answer in (pressed(outside, token), pressed(outside, token), opened(outside, token)):
        assert answer.status_code == 200
        shown = page(answer, "withdrawn")
        assert button(shown) is None
        assert shown.find("blockquote") is None
    assert opted_in(outside) == [False]
    (note,) = record(outside).withdrawals
    assert not note.one_click


def test_the_evidence_says_from_where() -> None:
    outside, token = confirmed()
    pressed(outside, token, X_Forwarded_For="203.0.113.9", User_Agent="Phone/2.0")
    (note,) = record(outside).withdrawals
    assert (note.address, note.user_agent) == ("203.0.113.9", "Phone/2.0")


@pytest.mark.parametrize("kind", ["urlencoded", "multipart"])
def test_one_click(kind: str) -> None:
    outside, token = confirmed()
    body, content_type = b"List-Unsubscribe=One-Click", FORM_TYPE
    if kind == "multipart":
        body, content_type = as_multipart(ONE_CLICK)
    for _ in range(3):
        answer = posted(outside, token, body, content_type)
        assert answer.status_code == 200
        page(answer, "withdrawn")
        assert "Set-Cookie" not in answer.headers
    assert opted_in(outside) == [False]
    (note,) = record(outside).withdrawals
    assert (note.one_click, note.user_agent) == (True, "Mail/1.0")
    (row,) = outside.customer_insights.consents.values()
    assert row.by_one_click


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded; charset=UTF-8", ""])
def test_one_click_however_the_body_is_labelled(content_type: str) -> None:
    outside, token = confirmed()
    assert posted(outside, token, b"List-Unsubscribe=One-Click", content_type).status_code == 200
    assert opted_in(outside) == [False]


def test_one_click_while_dataverse_is_down_is_kept() -> None:
    outside, token = confirmed()
    outside.customer_insights.failures.append(TemporaryFailure("503"))
    assert posted(outside, token, b"List-Unsubscribe=One-Click").status_code == 200
    assert opted_in(outside) == [True]
    deliver("promotions", outside)
    assert opted_in(outside) == [False]
    (row,) = outside.customer_insights.consents.values()
    assert row.by_one_click


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"List-Unsubscribe",
        b"List-Unsubscribe=",
        b"List-Unsubscribe=Yes",
        b"Unsubscribe=One-Click",
        b"x" * 100_000,
        b"a=1&" * 50 + b"List-Unsubscribe=One-Click",
        b"\xff\xfe",
    ],
)
def test_a_post_to_the_link_that_does_not_say_so_withdraws_nothing(body: bytes) -> None:
    """Whatever follows a link with a POST of its own is no mail program."""
    outside, token = confirmed()
    before = everything(outside)
    assert posted(outside, token, body).status_code == 404
    assert everything(outside) == before


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        as_multipart({"List-Unsubscribe": "Yes"}),
        as_multipart({"Other": "One-Click"}),
        (as_multipart(ONE_CLICK)[0], "multipart/form-data"),
        (as_multipart(ONE_CLICK)[0], "multipart/form-data; boundary=other"),
        (as_multipart(ONE_CLICK)[0], "multipart/form-data; boundary=\xe4"),
        (b"--b\r\n\r\n--b--", "multipart/form-data; boundary=b"),
        (b"\x00" * 50, "multipart/form-data; boundary=b"),
    ],
    ids=["no", "another field", "no boundary", "another", "not ASCII", "no field", "no parts"],
)
def test_nor_does_a_multipart_body_that_does_not(body: bytes, content_type: str) -> None:
    outside, token = confirmed()
    assert posted(outside, token, body, content_type).status_code == 404
    assert opted_in(outside) == [True]


def test_one_click_with_a_token_in_the_body_only_is_none() -> None:
    outside, token = confirmed()
    request = post_inputs(PATH, {"token": token, **ONE_CLICK})
    assert withdraw.press(request, outside).status_code == 404
    assert opted_in(outside) == [True]


def test_what_is_not_stored_any_more() -> None:
    outside, token = confirmed()
    outside.table.records.clear()
    for answer in (
        opened(outside, token),
        pressed(outside, token),
        posted(outside, token, b"List-Unsubscribe=One-Click"),
    ):
        assert answer.status_code == 410
        assert button(page(answer, "nothingToWithdraw")) is None


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "🙂", "A" * 5000, "<script>alert(1)</script>"])
def test_a_link_that_is_not_ours(token: str) -> None:
    outside, _ = confirmed()
    for answer in (
        opened(outside, token, Accept_Language="fr"),
        pressed(outside, token, Accept_Language="fr"),
    ):
        assert answer.status_code == 404
        page(answer, "notValid", "fr")
    assert posted(outside, token, b"List-Unsubscribe=One-Click").status_code == 404
    assert opted_in(outside) == [True]


def test_links_of_the_mail_do_not_withdraw() -> None:
    outside, token, other = signed_up()
    confirm.press(press_button("/confirm", token), outside)
    for wrong in (token, other):
        assert pressed(outside, wrong).status_code == 404
        assert posted(outside, wrong, b"List-Unsubscribe=One-Click").status_code == 404
    assert opted_in(outside) == [True]


def test_while_storage_is_down() -> None:
    outside, token = confirmed()
    outside.table.down = True
    for answer in (
        opened(outside, token),
        pressed(outside, token),
        posted(outside, token, b"List-Unsubscribe=One-Click"),
    ):
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "5"
        ways = [str(way["href"]) for way in page(answer, "unavailable").find_all("a")]
        assert f"/api/withdraw?token={token}" in ways


def test_a_form_with_a_page_of_its_own() -> None:
    """A mail program is shown ours: RFC 8058 wants no redirect."""
    outside, token = confirmed()
    form = sample_forms()["newsletter"]
    target = "https://www.contoso.example/withdrawn"
    redirects = form.redirects.model_copy(update={"withdrawn": target})
    with_form(outside, "newsletter", form.model_copy(update={"redirects": redirects}))
    shown = opened(outside, token)
    assert shown.status_code == 200
    assert "https://www.contoso.example" in shown.headers["Content-Security-Policy"]
    assert posted(outside, token, b"List-Unsubscribe=One-Click").status_code == 200
    assert sent_to(pressed(outside, token)) == target
    assert sent_to(opened(outside, token)) == target


def test_a_form_that_was_removed() -> None:
    outside, token = confirmed()
    outside.forms = {}
    assert opened(outside, token).status_code == 200
    assert pressed(outside, token).status_code == 200
    assert opted_in(outside) == [False]
