"""Queue messages: read back as written; what is not ours is named by place, never by content."""

import json
import traceback
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from shared.values.messages import (
    MAX_MESSAGE_BYTES,
    MAX_PROPERTY_UNITS,
    FollowUp,
    FollowUpMessage,
    MailAgainMessage,
    Message,
    MessageNotOurs,
    MessageTooLarge,
    PromotionMessage,
    RegistrationMessage,
    WithdrawalMessage,
    parse_hand_over,
    parse_mail_request,
)
from shared.values.queue_name import QueueName
from shared.values.record_notes import MailKind
from tests.examples import NOON, key_of, registration

KEY = key_of(registration())
REGISTRATION = RegistrationMessage(registration=registration())
MAIL_AGAIN = MailAgainMessage(
    mailbox_key=KEY.mailbox_key,
    registration_id=KEY.registration_id,
    mail=MailKind.RENEWAL,
    number=2,
)
PROMOTION = PromotionMessage(mailbox_key=KEY.mailbox_key, registration_id=KEY.registration_id)
FOLLOW_UP = FollowUpMessage(
    mailbox_key=KEY.mailbox_key,
    registration_id=KEY.registration_id,
    follow_up=FollowUp.FORGET,
    due_at=NOON,
)
WITHDRAWAL = WithdrawalMessage(
    mailbox_key=KEY.mailbox_key, registration_id=KEY.registration_id, withdrawn_at=NOON
)
MESSAGES: list[Message] = [REGISTRATION, MAIL_AGAIN, PROMOTION, WITHDRAWAL, FOLLOW_UP]


def altered(message: Message, **changes: Any) -> bytes:
    """The message as JSON, with other members on top."""
    return json.dumps(json.loads(message.to_json()) | changes).encode()


def altered_registration(**changes: Any) -> bytes:
    body = json.loads(REGISTRATION.to_json())
    body["registration"] |= changes
    return json.dumps(body).encode()


def places(parse: Callable[[bytes], Message], body: bytes) -> str:
    with pytest.raises(MessageNotOurs) as refused:
        parse(body)
    trace = "".join(traceback.format_exception(refused.value))
    assert "pydantic" not in trace  # whose message quotes what it was given
    return str(refused.value)


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_a_message_is_read_as_it_was_written(message: Message) -> None:
    assert type(message).parse(message.to_json()) == message
    assert type(message).parse(message.to_json().encode()) == message
    body = json.loads(message.to_json())
    assert body["version"] == 1
    assert "failure" not in body
    assert message.about.registration == KEY.registration_id


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_the_next_attempt_and_the_poison_are_the_same_message(message: Message) -> None:
    again = message.again().again()
    assert again.attempt == 2
    assert type(message).parse(again.to_json()) == again
    poison = message.failed("smtp 550")
    assert poison.failure == "smtp 550"
    assert type(message).parse(poison.to_json()) == poison
    assert poison.model_copy(update={"failure": None}) == message


def test_queue_registrations_has_two_kinds() -> None:
    assert parse_mail_request(REGISTRATION.to_json().encode()) == REGISTRATION
    assert parse_mail_request(MAIL_AGAIN.to_json().encode()) == MAIL_AGAIN


def test_queue_promotions_has_two_kinds() -> None:
    assert parse_hand_over(PROMOTION.to_json().encode()) == PROMOTION
    assert parse_hand_over(WITHDRAWAL.to_json().encode()) == WITHDRAWAL


def test_a_message_about_a_record_says_where_it_lives() -> None:
    assert PROMOTION.key == KEY


@pytest.mark.parametrize("body", [b"", b"not json", b"[]", b'"x"', b"7", b"null", b"{}", b"\xff"])
@pytest.mark.parametrize(
    "parse",
    [parse_mail_request, parse_hand_over, FollowUpMessage.parse],
    ids=["registrations", "promotions", "follow-ups"],
)
def test_what_is_no_message(parse: Callable[[bytes], Message], body: bytes) -> None:
    assert places(parse, body).startswith("/")


@pytest.mark.parametrize(
    ("parse", "body"),
    [
        (parse_mail_request, PROMOTION.to_json().encode()),
        (parse_mail_request, FOLLOW_UP.to_json().encode()),
        (parse_hand_over, REGISTRATION.to_json().encode()),
        (parse_hand_over, MAIL_AGAIN.to_json().encode()),
        (parse_hand_over, FOLLOW_UP.to_json().encode()),
        (FollowUpMessage.parse, PROMOTION.to_json().encode()),
    ],
)
def test_a_message_of_another_queue(parse: Callable[[bytes], Message], body: bytes) -> None:
    assert places(parse, body).startswith("/")


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (altered(PROMOTION, version=2), "/version: literal_error"),
        (altered(PROMOTION, version="1"), "/version: literal_error"),
        (altered(PROMOTION, attempt=-1), "/attempt: greater_than_equal"),
        (altered(PROMOTION, attempt="many"), "/attempt: int_parsing"),
        (altered(PROMOTION, mailboxKey="anna@example.com"), "/mailboxKey: string_pattern_mismatch"),
        (altered(PROMOTION, mailboxKey="A" * 64), "/mailboxKey: string_pattern_mismatch"),
        (altered(PROMOTION, mailboxKey=None), "/mailboxKey: string_type"),
        (altered(PROMOTION, registrationId="a/b#c"), "/registrationId: string_pattern_mismatch"),
        (altered(PROMOTION, registrationId="address"), "/registrationId: string_pattern_mismatch"),
        (altered(PROMOTION, surprise=1), "/?: extra_forbidden"),
        (PROMOTION.to_json().encode() + b"}", "/: json_invalid"),
    ],
)
def test_the_place_of_a_mistake(body: bytes, place: str) -> None:
    assert places(PromotionMessage.parse, body) == place


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (altered_registration(id="1"), "/registration/id: string_pattern_mismatch"),
        (
            altered_registration(askedAt="2026-11-22T12:00:00"),
            "/registration/askedAt: timezone_aware",
        ),
        (altered_registration(askedAt="noon"), "/registration/askedAt: datetime_from_date_parsing"),
        (altered_registration(consents=[{}]), "/registration/consents/0/id: missing"),
        (altered_registration(source=None), "/registration/source: model_type"),
        (altered_registration(email=None), "/registration/email: string_type"),
        (altered_registration(answers={"anna@example.com": 5}), "/registration/answers/?/?: "),
    ],
)
def test_the_place_of_a_mistake_in_a_registration(body: bytes, place: str) -> None:
    assert places(parse_mail_request, body).startswith(place)


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (altered(FOLLOW_UP, dueAt="2026-11-22T12:00:00"), "/dueAt: timezone_aware"),
        (altered(FOLLOW_UP, dueAt=[]), "/dueAt: datetime_type"),
        (altered(FOLLOW_UP, followUp="delete everything"), "/followUp: enum"),
    ],
)
def test_the_place_of_a_mistake_in_a_follow_up(body: bytes, place: str) -> None:
    assert places(FollowUpMessage.parse, body).startswith(place)


def test_the_place_of_a_mistake_in_a_withdrawal() -> None:
    for body, place in (
        (altered(WITHDRAWAL, withdrawnAt="2026-11-22"), "/withdrawnAt: timezone_aware"),
        (altered(WITHDRAWAL, withdrawnAt=None), "/withdrawnAt: datetime_type"),
        (altered(WITHDRAWAL, oneClick="maybe"), "/oneClick: bool_parsing"),
        (altered(WITHDRAWAL, version=2), "/version: literal_error"),
    ):
        assert places(parse_hand_over, body) == place


@pytest.mark.parametrize("number", [0, -1, None, "second"])
def test_mails_are_counted_from_one(number: Any) -> None:
    with pytest.raises(MessageNotOurs, match=r"^/number: "):
        MailAgainMessage.parse(altered(MAIL_AGAIN, number=number))


@pytest.mark.parametrize(
    "body",
    [
        b'{"anna@example.com": "secret"}',
        b'{"version": "anna@example.com", "registration": "secret"}',
        altered_registration(email=["anna@example.com"], id="secret"),
        altered_registration(answers={"anna@example.com": {"secret": "secret"}}),
        altered_registration(consents=[{"anna@example.com": "secret"}]),
        altered(PROMOTION, mailboxKey="secret", registrationId="anna@example.com"),
        b'{"registration": "anna@example.com", secret',
        b"anna@example.com secret",
    ],
)
def test_no_content_is_told(body: bytes) -> None:
    for parse in (parse_mail_request, PromotionMessage.parse, FollowUpMessage.parse):
        told = places(parse, body)
        assert "anna" not in told
        assert "secret" not in told
        assert len(told) < 300


def test_many_mistakes_are_told_briefly() -> None:
    body = json.dumps({f"key{number}": number for number in range(1000)}).encode()
    assert len(places(PromotionMessage.parse, body)) < 300


QUEUE_BYTES = 64 * 1024 * 3 // 4  # 64 KiB as base64


def with_answer(letters: str) -> RegistrationMessage:
    """The registration with one long answer."""
    asked = registration().model_copy(update={"answers": {"message": letters}})
    return RegistrationMessage(registration=asked)


def test_a_message_fits_a_queue_with_room_for_what_is_added_later() -> None:
    room = MAX_MESSAGE_BYTES - len(with_answer("").to_json().encode())
    # A quote takes two bytes in JSON and one unit in the row, so that this is about the queue.
    largest = with_answer('"' * (room // 2))
    with pytest.raises(MessageTooLarge):
        with_answer('"' * (room // 2 + 1)).to_fitting_json()
    assert MAX_MESSAGE_BYTES - 1 <= len(largest.to_json().encode()) <= MAX_MESSAGE_BYTES
    poison = largest.model_copy(update={"attempt": 10_000}).failed("x" * 900)
    assert len(poison.to_json().encode()) <= QUEUE_BYTES


def test_bytes_count_and_not_letters() -> None:
    room = MAX_MESSAGE_BYTES - len(with_answer("").to_json().encode())
    with_answer("€" * (room // 3)).to_fitting_json()
    with pytest.raises(MessageTooLarge):
        with_answer("€" * (room // 3 + 1)).to_fitting_json()


def test_a_registration_fits_the_records_row() -> None:
    overhead = len('{"message": ""}')
    with_answer("x" * (MAX_PROPERTY_UNITS - overhead)).to_fitting_json()
    with pytest.raises(MessageTooLarge):
        with_answer("x" * (MAX_PROPERTY_UNITS - overhead + 1)).to_fitting_json()


def test_too_large_tells_sizes_and_nothing_else() -> None:
    with pytest.raises(MessageTooLarge) as refused:
        with_answer("secret" * 10_000).to_fitting_json()
    assert "secret" not in str(refused.value)


def test_each_queue_has_a_poison_queue_as_the_host_names_it() -> None:
    assert {name.poison for name in QueueName} == {f"{name}-poison" for name in QueueName}


def test_times_keep_their_zone() -> None:
    read = FollowUpMessage.parse(altered(FOLLOW_UP, dueAt="2026-11-22T14:00:00+02:00"))
    assert read.due_at == NOON
    assert read.due_at.utcoffset() == timedelta(hours=2)
