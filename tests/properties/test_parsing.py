"""Whatever is posted or queued: an answer that is documented, and nothing but that."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import azure.functions as func
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from functions.register import answer
from shared.values.messages import (
    FollowUpMessage,
    MailAgainMessage,
    Message,
    MessageNotOurs,
    PromotionMessage,
    RegistrationMessage,
    parse_mail_request,
)
from tests.endpoints.calls import documented, json_of, post_json, post_raw, registration
from tests.examples import key_of
from tests.examples import registration as example_registration
from tests.fakes.outside import FakeOutside
from tests.properties.strategies import json_values, nasty_text, whole_text

PATH = "/forms/{form}/registrations"
ACCEPTED = {202, 303}
FORM_TYPE = "application/x-www-form-urlencoded"
DEEP = b"[" * 15_000 + b"]" * 15_000


def holds(request: func.HttpRequest) -> int:
    """Accepted and queued once, or refused as documented and nothing kept. The status."""
    outside = FakeOutside()
    answered = documented(PATH, "post", answer(request, outside))
    queued = outside.queues.bodies("registrations")
    assert list(outside.queues.messages) in ([], ["registrations"])
    assert len(queued) == (1 if answered.status_code in ACCEPTED else 0)
    for body in queued:
        asked = RegistrationMessage.parse(body).registration
        assert not any(ord(letter) < 32 for letter in f"{asked.email}{asked.source.campaign}")
    if answered.status_code == 422 and answered.mimetype.endswith("json"):
        assert json_of(answered)["errors"]
    status: int = answered.status_code
    return status


@given(st.binary(max_size=200))
@example(DEEP)
@example(b'{"fields": {"email": ' + DEEP[:30_000] + b"}}")
@example(b"\xff\xfe{}")
@example(b'{"fields": {"email": NaN}}')
@example(b'{"fields": {"email": 1e999}}')
@example(b'{"fields": {"email": ' + b"9" * 5000 + b"}}")
@example(b'{"fields": {"a": 1, "a": 2}}')
@example(b'{"fields": {"\\ud800": "\\udfff"}}')
def test_any_bytes_as_json(body: bytes) -> None:
    assert holds(post_raw(body, "application/json")) in {400, 422}


@given(json_values)
def test_any_json(body: Any) -> None:
    assert holds(post_json(body)) in {400, 413, 422}


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "fields": st.dictionaries(
                st.sampled_from(["email", "firstName", "lastName", "website", "x"]), json_values
            ),
            "consents": json_values,
            "locale": json_values,
            "source": st.one_of(
                json_values,
                st.dictionaries(st.sampled_from(["pageUrl", "campaign"]), json_values),
            ),
        },
    )
)
def test_a_registration_with_anything_in_it(changes: Mapping[str, Any]) -> None:
    holds(post_json(registration(**changes)))


@given(st.sampled_from(["email", "firstName", "lastName"]), nasty_text)
def test_any_text_in_any_field(field: str, text: str) -> None:
    good = registration()
    good["fields"][field] = text
    holds(post_json(good))


@given(st.binary(max_size=200))
@example(b"&".join([b"a=1"] * 501))
@example(b"email=%ff%fe&consent=newsletter")
@example(b"email=%00&email=2")
def test_any_bytes_as_a_form_post(body: bytes) -> None:
    assert holds(post_raw(body, FORM_TYPE)) in {400, 422}


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["email", "firstName", "consent", "locale", "pageUrl", "campaign"]),
            whole_text,
        ),
        max_size=5,
    )
)
def test_a_form_post_with_anything_in_it(pairs: list[tuple[str, str]]) -> None:
    good = [("email", "anna@example.com"), ("consent", "newsletter")]
    holds(post_raw(urlencode([*good, *pairs]).encode(), FORM_TYPE))


@given(nasty_text)
def test_any_content_type_and_idempotency_key(text: str) -> None:
    body = json.dumps(registration()).encode()
    assert holds(post_raw(body, text)) == 415
    assert holds(post_raw(body, "application/json", Idempotency_Key=text)) in {202, 400}


@given(st.binary(max_size=100) | json_values.map(lambda value: json.dumps(value).encode()))
@example(DEEP)
def test_a_queue_message_is_ours_or_not(body: bytes) -> None:
    for parse in (parse_mail_request, PromotionMessage.parse, FollowUpMessage.parse):
        try:
            parse(body)
        except MessageNotOurs as wrong:
            told = str(wrong)
            assert told.startswith("/")
            assert "\n" not in told


KEY = key_of(example_registration())
RECORD = {"mailboxKey": KEY.mailbox_key, "registrationId": KEY.registration_id}
SAMPLES: list[tuple[type[Message], dict[str, Any]]] = [
    (
        RegistrationMessage,
        json.loads(RegistrationMessage(registration=example_registration()).to_json()),
    ),
    (MailAgainMessage, {"version": 1, **RECORD, "mail": "renewal", "number": 2}),
    (PromotionMessage, {"version": 1, **RECORD}),
    (
        FollowUpMessage,
        {"version": 1, **RECORD, "followUp": "forget", "dueAt": "2026-11-22T12:00:00Z"},
    ),
]


@given(st.sampled_from(SAMPLES), st.integers(min_value=0, max_value=10**6), whole_text)
def test_a_message_keeps_what_it_says(
    sample: tuple[type[Message], dict[str, Any]], attempt: int, reason: str
) -> None:
    kind, body = sample
    message = kind.parse(json.dumps({**body, "attempt": attempt})).again().failed(reason)
    read = kind.parse(message.to_json())
    assert (read.attempt, read.failure) == (attempt + 1, reason)
    assert read == message
    assert kind.parse(read.to_json().encode()) == message


@given(st.sampled_from(SAMPLES), st.data())
def test_a_message_with_a_part_replaced_is_refused_without_its_content(
    sample: tuple[type[Message], dict[str, Any]], data: st.DataObject
) -> None:
    kind, body = sample
    name = data.draw(st.sampled_from(sorted(body)))
    wrong = data.draw(st.sampled_from([[], {}, [1.5], "anna@example.com\n"]))
    with pytest.raises(MessageNotOurs) as refused:
        kind.parse(json.dumps({**body, name: wrong}))
    assert "anna" not in str(refused.value)
    assert "\n" not in str(refused.value)
