"""No log line and no exception names the person: over a whole run, failures included."""

import logging
import traceback
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from functions import confirm, decline, register, renew, withdraw
from shared.failures import PermanentFailure, TemporaryFailure
from shared.web.register_request import RequestRefused, published_form, read_register_request
from shared.withdraw_link import withdraw_link
from tests.endpoints.calls import (
    ANNA,
    BROWSER,
    WHITEPAPER,
    get,
    post_form,
    post_json,
    press_button,
    registration,
)
from tests.fakes.outside import FakeOutside
from tests.story.journey import deliver, link
from tests.told import names, told

PERSONAL = ("unmistakable", "annabella", "203.0.113.7", "phone/2.0", "+4930123456", "secret plan")
BODY = registration(
    fields={**WHITEPAPER, "phone": "+4930123456", "message": "My secret plan"},
    consents=["download"],
)
HEADERS = {"X_Forwarded_For": "203.0.113.7", "User_Agent": "Phone/2.0"}
QUEUES = ("registrations", "promotions", "follow-ups")


@pytest.fixture(autouse=True)
def _nothing_personal(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Looks at every line of a test, of the app and of every package, when it has ended."""
    with caplog.at_level(logging.DEBUG):
        yield
    for line in caplog.get_records("call"):
        everything = f"{line.getMessage()} {vars(line)}".lower()
        if line.exc_info:
            everything += "".join(traceback.format_exception(*line.exc_info)).lower()
        assert not [word for word in PERSONAL if word in everything]


def sign_up(outside: FakeOutside) -> None:
    request = post_json(BODY, "whitepaper", **HEADERS)
    assert register.answer(request, outside).status_code == 202


def test_the_whole_journey(caplog: pytest.LogCaptureFixture) -> None:
    outside = FakeOutside()
    sign_up(outside)
    deliver("registrations", outside)
    token = link(outside.mailer.sent[-1])
    confirm.show(get("/confirm", {"token": token}), outside)
    confirm.press(press_button("/confirm", token, **HEADERS), outside)
    for queue in QUEUES:
        deliver(queue, outside)
    events = told(caplog)
    assert names(events) == ["accepted", "mailed", "confirmed", "contact_written", "promoted"]
    ids = {each.facts["registration"] for each in events}
    assert len(ids) == 1  # one registration can be followed through all of its lines
    assert all(each.has(form="whitepaper", source="website") for each in events)


def test_the_other_endings(caplog: pytest.LogCaptureFixture) -> None:
    outside = FakeOutside()
    sign_up(outside)
    deliver("registrations", outside)
    decline.press(
        press_button("/decline", link(outside.mailer.sent[-1], "decline"), **HEADERS), outside
    )
    sign_up(outside)  # suppressed now
    deliver("registrations", outside)
    outside = FakeOutside()
    sign_up(outside)
    deliver("registrations", outside)
    outside.pass_time(timedelta(days=4))
    renew.press(press_button("/renew", link(outside.mailer.sent[-1]), **HEADERS), outside)
    deliver("registrations", outside)
    outside.pass_time(timedelta(days=20))
    deliver("follow-ups", outside)
    events = set(names(told(caplog)))
    assert events >= {"declined", "mail_withheld", "mailed", "expired"}


def test_a_withdrawal(caplog: pytest.LogCaptureFixture) -> None:
    outside = FakeOutside()
    sign_up(outside)
    deliver("registrations", outside)
    confirm.press(press_button("/confirm", link(outside.mailer.sent[-1]), **HEADERS), outside)
    (stored,) = outside.table.records.values()
    token = withdraw_link(stored.value, outside).partition("?token=")[2]
    caplog.clear()
    withdraw.show(get("/withdraw", {"token": token}, **HEADERS), outside)
    outside.customer_insights.failures += [TemporaryFailure("503"), PermanentFailure("403")]
    withdraw.press(press_button("/withdraw", token, **HEADERS), outside)
    deliver("promotions", outside)
    for body in outside.queues.take_all("promotions-poison"):
        outside.queues.put("promotions", body)
    deliver("promotions", outside)
    assert names(told(caplog)) == ["withdrawn", "withdrawal_postponed", "poisoned", "opted_out"]


def test_outages(caplog: pytest.LogCaptureFixture) -> None:
    outside = FakeOutside()
    outside.queues.down = True
    assert register.answer(post_json(BODY, "whitepaper"), outside).status_code == 503
    outside.queues.down = False
    sign_up(outside)
    outside.mailer.fail_next(TemporaryFailure("quota", retry_after=60))
    deliver("registrations", outside)
    outside.mailer.fail_next(PermanentFailure("rejected"))
    deliver("registrations", outside)
    for body in outside.queues.take_all("registrations-poison"):
        outside.queues.put("registrations", body)
    deliver("registrations", outside)
    token = link(outside.mailer.sent[-1])
    outside.table.down = True
    assert confirm.press(press_button("/confirm", token), outside).status_code == 503
    outside.table.down = False
    outside.customer_insights.failures += [TemporaryFailure("503"), PermanentFailure("no column")]
    assert confirm.press(press_button("/confirm", token), outside).status_code == 200
    deliver("promotions", outside)
    levels = {line.levelno for line in caplog.records}
    assert levels == {logging.INFO, logging.WARNING, logging.ERROR}


def test_the_honeypot(caplog: pytest.LogCaptureFixture) -> None:
    body = BODY | {"fields": BODY["fields"] | {"homepage": "https://spam.example"}}
    assert register.answer(post_json(body, "whitepaper"), FakeOutside()).status_code == 202
    assert names(told(caplog)) == ["honeypot"]
    assert "spam" not in caplog.text


def test_an_unconfirmed_form_post_is_not_logged_with_its_content(
    caplog: pytest.LogCaptureFixture,
) -> None:
    outside = FakeOutside()
    outside.queues.down = True
    pairs = [("email", ANNA), ("consent", "newsletter")]
    answer = register.answer(post_form(pairs, Accept=BROWSER), outside)
    assert answer.status_code == 503
    assert len(caplog.records) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"email": "unmistakable"},
        {"email": "unmistakable@nowhere.invalid"},
        {"email": "unmistakable@example.com\r\nBcc: x"},
        {"email": "unmistakable\x00@example.com"},
        {"firstName": "<Annabella>"},
        {"firstName": "https://annabella"},
        {"firstName": "annabella" * 100},
        {"phone": "unmistakable"},
        {"companySize": "unmistakable"},
        {"projectStart": "annabella"},
        {"unmistakable": 1},
        {"asset": "ANNABELLA"},
    ],
)
def test_a_refusal_carries_nothing_into_a_stack_trace(fields: dict[str, Any]) -> None:
    outside = FakeOutside()
    body = BODY | {"fields": {**WHITEPAPER, **fields}}
    request = post_json(body, "whitepaper")
    with pytest.raises(RequestRefused) as refused:
        read_register_request(request, published_form(request, outside), outside)
    trace = "".join(traceback.format_exception(refused.value)).lower()
    assert "annabella" not in trace
    assert "unmistakable" not in trace


def test_a_body_that_is_not_readable_carries_nothing_into_a_stack_trace() -> None:
    outside = FakeOutside()
    request = post_json({"fields": {}, "unmistakable": 1})
    with pytest.raises(RequestRefused) as refused:
        read_register_request(request, published_form(request, outside), outside)
    assert "unmistakable" not in "".join(traceback.format_exception(refused.value))
