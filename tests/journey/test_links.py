"""Links that are old, altered, for something else, or signed with another key."""

from collections.abc import Callable

import pytest
import requests
from bs4 import BeautifulSoup

from shared.values.confirmation_token import Purpose, Tokens
from tests.journey.customer_insights import known_about, known_once_promoted
from tests.journey.inbox import mail_to, mails_to
from tests.journey.person import Person
from tests.journey.sign_up import open_link, press, press_with, sign_up, token_of
from tests.journey.storage import wait_for_record
from tests.journey.tokens import (
    confirm_link,
    expired_link,
    keys,
    link_of_a_forgotten_registration,
    waiting_token,
)
from tests.journey.waiting import until
from tests.running_stack import Stack

pytestmark = pytest.mark.stack


def assert_not_valid(stack: Stack, token: str) -> None:
    link = f"{stack.functions}/api/confirm?token={token}"
    for answer in (open_link(link), press(link)):
        assert answer.status_code == 404
        page = BeautifulSoup(answer.text, "html.parser")
        assert page.h1 is not None
        assert page.h1.text == "This link is not valid"
        assert not page.find_all("form")
        assert token == "" or token not in answer.text


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda token: token[: len(token) // 2], id="half of it"),
        pytest.param(lambda token: token[:-1], id="without its last letter"),
        pytest.param(lambda token: token[:-1] + chr(ord(token[-1]) ^ 1), id="last letter changed"),
        pytest.param(lambda token: ("A" if token[0] != "A" else "B") + token[1:], id="first one"),
        pytest.param(lambda token: token + "A", id="one letter more"),
        pytest.param(lambda token: token.replace(".", ""), id="no dots"),
        pytest.param(lambda _: "", id="nothing"),
        pytest.param(lambda _: "x" * 5000, id="5,000 letters"),
        pytest.param(lambda _: "%00%ff%0d%0a", id="control characters"),
        pytest.param(lambda _: "<script>alert(1)</script>", id="markup"),
    ],
)
def test_a_damaged_token_is_not_valid(
    stack: Stack, person: Person, damage: Callable[[str], str]
) -> None:
    registration_id = sign_up(stack, person)
    link = mail_to(stack, person.email).confirm_url
    wait_for_record(stack, registration_id, "pending")

    assert_not_valid(stack, damage(token_of(link)))

    wait_for_record(stack, registration_id, "pending")


def test_a_token_serves_no_other_purpose(stack: Stack, person: Person) -> None:
    registration_id = sign_up(stack, person)
    mail = mail_to(stack, person.email)
    wait_for_record(stack, registration_id, "pending")

    assert_not_valid(stack, token_of(mail.decline_url))
    decline = f"{stack.functions}/api/decline"
    for purpose_of_another in (
        open_link(f"{decline}?token={token_of(mail.confirm_url)}"),
        press_with(decline, token_of(mail.confirm_url)),
        press_with(f"{stack.functions}/api/renew", token_of(mail.decline_url)),
    ):
        assert purpose_of_another.status_code == 404
    wait_for_record(stack, registration_id, "pending")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "application/x-www-form-urlencoded"),
        (b"token=\xff\xfe", "application/x-www-form-urlencoded"),
        (b"&".join(b"a=1" for _ in range(500)), "application/x-www-form-urlencoded"),
        (b'{"token": 1}', "application/json"),
        (b"\x00" * 1_000_000, "application/octet-stream"),
    ],
)
@pytest.mark.parametrize("step", ["confirm", "decline", "renew"])
def test_a_button_that_is_not_ours_is_not_valid(
    stack: Stack, step: str, body: bytes, content_type: str
) -> None:
    answer = requests.post(
        f"{stack.functions}/api/{step}",
        data=body,
        headers={"Content-Type": content_type},
        timeout=30,
    )

    assert answer.status_code == 404
    assert "This link is not valid" in answer.text


def test_a_link_signed_with_the_older_key_still_confirms(stack: Stack, person: Person) -> None:
    _, older = keys()
    token = waiting_token(stack, person)

    link = confirm_link(stack, token, [older])

    assert open_link(link).status_code == 200
    assert "Ihre Anmeldung ist bestätigt" in press(link).text
    assert known_once_promoted(stack, person).contacts


def test_a_link_signed_with_a_key_that_was_removed_is_not_valid(
    stack: Stack, person: Person
) -> None:
    removed = "a-key-that-the-settings-no-longer-have"
    token = waiting_token(stack, person)

    assert_not_valid(stack, Tokens([removed]).issue(Purpose.CONFIRM, token))

    wait_for_record(stack, token.key.registration_id, "pending")


def test_an_expired_link_gets_a_fresh_mail(stack: Stack, person: Person) -> None:
    expired = expired_link(stack, person)
    [first] = mails_to(stack, person.email)

    for answer in (open_link(expired), press(expired)):
        assert answer.status_code == 410
        assert "Dieser Link ist abgelaufen" in answer.text
        assert person.email not in answer.text
        assert 'action="/api/renew"' in answer.text
    renewed = press_with(f"{stack.functions}/api/renew", token_of(expired))
    assert renewed.status_code == 202
    assert "Eine neue E-Mail ist unterwegs" in renewed.text
    until(lambda: len(mails_to(stack, person.email)) == 2, "a second mail")
    [fresh] = [mail for mail in mails_to(stack, person.email) if mail.id != first.id]
    again = press_with(f"{stack.functions}/api/renew", token_of(expired))
    assert "Eine neue E-Mail ist unterwegs" in again.text  # it is: nobody gets a third one
    assert "weil der Link in einer früheren E-Mail abgelaufen war" in fresh.text
    assert fresh.headers["message-id"] != first.headers["message-id"]

    assert not known_about(stack, person).contacts
    assert "Ihre Anmeldung ist bestätigt" in press(fresh.confirm_url).text
    assert known_once_promoted(stack, person).contacts
    assert "Ihre Anmeldung ist bestätigt" in open_link(expired).text
    assert len(mails_to(stack, person.email)) == 2


def test_a_valid_link_is_not_renewed(stack: Stack, person: Person) -> None:
    sign_up(stack, person)
    link = mail_to(stack, person.email).confirm_url

    answer = press_with(f"{stack.functions}/api/renew", token_of(link))

    assert answer.status_code == 200
    assert "Bitte bestätigen Sie Ihre Anmeldung" in answer.text


def test_the_link_of_a_forgotten_registration_leads_back_to_the_website(
    stack: Stack, person: Person
) -> None:
    link = link_of_a_forgotten_registration(stack, person)

    for answer in (open_link(link), press(link)):
        assert answer.status_code == 410
        page = BeautifulSoup(answer.text, "html.parser")
        assert "gibt es nicht mehr" in page.text
        assert page.select(f"a.button[href='{stack.website}']")
