"""Bad input, named: each gets its documented answer, and leaves nothing behind."""

import json
from typing import Any

import pytest
import requests

from tests.journey import function_log
from tests.journey.customer_insights import knows_nothing_about
from tests.journey.inbox import mails_to
from tests.journey.operator import doi
from tests.journey.person import Person
from tests.journey.sign_up import SECONDS, newsletter, post_json, registrations_url
from tests.journey.storage import poison, put, put_as_it_is, wait_for_record, wait_until_empty
from tests.running_stack import Stack
from tests.told import Told, told_in

pytestmark = pytest.mark.stack

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
WHO = "a.mustermann@journey.example.com"


def post(
    stack: Stack, body: bytes, content_type: str | None = JSON, **headers: str
) -> requests.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if content_type is not None:
        named["Content-Type"] = content_type
    return requests.post(registrations_url(stack), data=body, headers=named, timeout=SECONDS)


def assert_problem(answer: requests.Response, status: int, kind: str) -> None:
    """RFC 9457, and nothing in it but our own words."""
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    problem = answer.json()
    assert problem["type"] == f"urn:double-opt-in:problem:{kind}"
    assert problem["status"] == status
    for leak in ("Traceback", "azure", "pydantic", "Error(", ".py", "Mustermann", WHO):
        assert leak not in answer.text


def mistakes(answer: requests.Response) -> set[tuple[str, str]]:
    assert_problem(answer, 422, "answers-refused")
    errors: list[dict[str, str]] = answer.json()["errors"]
    assert all(error["message"] for error in errors)
    return {(error["pointer"], error["code"]) for error in errors}


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        pytest.param(b'{"fields": {"email": "', JSON, id="malformed JSON"),
        pytest.param(b"", JSON, id="empty"),
        pytest.param(b"[]", JSON, id="no object"),
        pytest.param(b'{"consents": ["newsletter"]}', JSON, id="no fields"),
        pytest.param(b'{"fields": []}', JSON, id="fields are a list"),
        pytest.param(b'{"fields": {}, "source": "here"}', JSON, id="source is text"),
        pytest.param(b'{"fields": {}, "answers": {}}', JSON, id="unknown key"),
        pytest.param(b'{"fields": {"email": NaN}}', JSON, id="NaN"),
        pytest.param(b"[" * 30_000, JSON, id="30,000 levels"),
        pytest.param(b'{"fields": {"email": ' + b"9" * 5000 + b"}}", JSON, id="5,000 digits"),
        pytest.param(
            b'{"fields": {"email": "a@b.example", "email": "c@d.example"}}', JSON, id="key twice"
        ),
        pytest.param(b'{"fields": {}, "fields": {}}', JSON, id="outer key twice"),
        pytest.param(b'{"fields": {"email": "\xff\xfe"}}', JSON, id="invalid UTF-8 in JSON"),
        pytest.param(b"email=\xff\xfe", FORM, id="invalid UTF-8 in a form post"),
        pytest.param(b"email=%FF%FE", FORM, id="invalid UTF-8, percent-encoded"),
        pytest.param(b"&".join(b"a%d=1" % n for n in range(600)), FORM, id="600 fields"),
    ],
)
def test_what_cannot_be_read_is_malformed(stack: Stack, body: bytes, content_type: str) -> None:
    assert_problem(post(stack, body, content_type), 400, "malformed")


@pytest.mark.parametrize("key", ["with a blank", "x" * 256])
def test_an_idempotency_key_that_is_none_is_malformed(
    stack: Stack, person: Person, key: str
) -> None:
    body = json.dumps(newsletter(person)).encode()

    assert_problem(post(stack, body, Idempotency_Key=key), 400, "malformed")


@pytest.mark.parametrize(
    "content_type", [None, "text/plain", "multipart/form-data; boundary=x", "application/xml"]
)
def test_other_content_types_are_refused(
    stack: Stack, person: Person, content_type: str | None
) -> None:
    body = json.dumps(newsletter(person)).encode()

    assert_problem(post(stack, body, content_type), 415, "unsupported-content-type")


@pytest.mark.parametrize("size", [33_000, 1_000_000])
@pytest.mark.parametrize("content_type", [JSON, FORM])
def test_a_large_body_is_refused(stack: Stack, size: int, content_type: str) -> None:
    assert_problem(post(stack, b"x" * size, content_type), 413, "too-large")


@pytest.mark.parametrize("form", ["unknown", "draft", "archived", "Newsletter", "%2e%2e%2fhost"])
def test_a_form_that_is_not_published_does_not_exist(
    stack: Stack, person: Person, form: str
) -> None:
    described = requests.get(f"{stack.functions}/api/forms/{form}", timeout=SECONDS)

    assert_problem(described, 404, "unknown-form")
    assert_problem(post_json(stack, newsletter(person), form=form), 404, "unknown-form")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"email": None}, ("/fields/email", "required")),
        ({"email": ""}, ("/fields/email", "required")),
        ({"email": "a.mustermann"}, ("/fields/email", "invalid_email")),
        ({"email": "a..mustermann@journey.example.com"}, ("/fields/email", "invalid_email")),
        ({"email": f"Anna <{WHO}>"}, ("/fields/email", "invalid_email")),
        ({"email": f"{WHO}, {WHO}"}, ("/fields/email", "invalid_email")),
        ({"email": "a.mustermann@[127.0.0.1]"}, ("/fields/email", "invalid_email")),
        ({"email": "a.mustermann@localhost"}, ("/fields/email", "invalid_email")),
        ({"email": f"{WHO}\r\nBcc: b.{WHO}"}, ("/fields/email", "line_break")),
        ({"email": [WHO]}, ("/fields/email", "wrong_type")),
        ({"firstName": "A" * 5000}, ("/fields/firstName", "too_long")),
        ({"firstName": f"Anna\r\nBcc: {WHO}"}, ("/fields/firstName", "line_break")),
        ({"lastName": f"Mustermann\nBcc: {WHO}"}, ("/fields/lastName", "line_break")),
        ({"lastName": "Mustermann\u2028"}, ("/fields/lastName", "line_break")),
        ({"firstName": "Anna\x00"}, ("/fields/firstName", "control_character")),
        ({"firstName": "\ud800"}, ("/fields/firstName", "control_character")),
        ({"firstName": "\u202eannA"}, ("/fields/firstName", "control_character")),
        ({"firstName": "<script>alert(1)</script>"}, ("/fields/firstName", "markup")),
        ({"firstName": "https://spam.example"}, ("/fields/firstName", "url")),
        ({"lastName": "win at www.spam.example"}, ("/fields/lastName", "url")),
        ({"firstName": 42}, ("/fields/firstName", "wrong_type")),
        ({"firstName": {"$ne": ""}}, ("/fields/firstName", "wrong_type")),
        ({"firstName": True}, ("/fields/firstName", "wrong_type")),
        ({"role": "admin"}, ("/fields/role", "unknown_field")),
        ({"<b>role</b>": "x"}, ("/fields/_b_role__b_", "unknown_field")),
    ],
)
def test_answers_that_the_form_does_not_ask_for(
    stack: Stack, person: Person, changes: dict[str, Any], expected: tuple[str, str]
) -> None:
    answer = post_json(stack, newsletter(person, **changes))

    assert mistakes(answer) == {expected}


@pytest.mark.parametrize(
    ("consents", "expected"),
    [
        ([], {("/consents/newsletter", "consent_required")}),
        (
            ["other"],
            {("/consents/newsletter", "consent_required"), ("/consents/0", "unknown_consent")},
        ),
        ("newsletter", {("/consents", "wrong_type")}),
        ({"newsletter": True}, {("/consents", "wrong_type")}),
        ([True], {("/consents", "wrong_type")}),
        (None, {("/consents", "wrong_type")}),
    ],
)
def test_consents_that_were_not_given(
    stack: Stack, person: Person, consents: Any, expected: set[tuple[str, str]]
) -> None:
    answer = post_json(stack, newsletter(person) | {"consents": consents})

    assert mistakes(answer) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ({"pageUrl": "javascript:alert(1)"}, ("/source/pageUrl", "pattern")),
        ({"pageUrl": "https://a.example/\r\nBcc: x"}, ("/source/pageUrl", "line_break")),
        ({"pageUrl": f"https://a.example/{'x' * 3000}"}, ("/source/pageUrl", "too_long")),
        ({"campaign": ["spring"]}, ("/source/campaign", "wrong_type")),
        ({"campaign": "x" * 101}, ("/source/campaign", "too_long")),
        ({"campaign": "spring\r\nBcc: x"}, ("/source/campaign", "line_break")),
    ],
)
def test_sources_that_are_none(
    stack: Stack, person: Person, source: dict[str, Any], expected: tuple[str, str]
) -> None:
    answer = post_json(stack, newsletter(person) | {"source": source})

    assert mistakes(answer) == {expected}


def test_every_mistake_is_named_at_once_in_the_visitor_s_language(
    stack: Stack, person: Person
) -> None:
    body = newsletter(person, email="a.mustermann", firstName="https://spam.example")
    answer = post_json(stack, body | {"consents": [], "locale": "fr"})

    assert mistakes(answer) == {
        ("/fields/email", "invalid_email"),
        ("/fields/firstName", "url"),
        ("/consents/newsletter", "consent_required"),
    }
    assert "adresse e-mail valable" in answer.text


@pytest.mark.parametrize("locale", ["tlh", "de-AT-1901", "", "x" * 500, 42, ["de"], {"a": 1}, None])
def test_no_locale_is_a_mistake(stack: Stack, person: Person, locale: Any) -> None:
    answer = post_json(stack, newsletter(person) | {"locale": locale})

    assert answer.status_code == 202, answer.text


def test_what_was_refused_is_nowhere(stack: Stack, person: Person) -> None:
    refused = post_json(stack, newsletter(person, firstName="<script>"))
    assert refused.status_code == 422
    wait_until_empty(stack, "registrations")

    assert not mails_to(stack, person.email)
    assert knows_nothing_about(stack, person)


def test_a_program_that_fills_in_the_honeypot_is_answered_alike(
    stack: Stack, person: Person
) -> None:
    honeypot = requests.get(f"{stack.functions}/api/forms/newsletter", timeout=SECONDS).json()[
        "honeypot"
    ]

    answer = post_json(stack, newsletter(person, **{honeypot: "https://spam.example"}))

    assert answer.status_code == 202
    assert set(answer.json()) == {"registrationId", "status"}
    wait_until_empty(stack, "registrations")
    assert not mails_to(stack, person.email)


@pytest.mark.parametrize("queue", ["registrations", "promotions", "follow-ups"])
@pytest.mark.parametrize(
    "body",
    [
        pytest.param('{{"hello": "{person}"}}', id="JSON of somebody else"),
        pytest.param("hello {person}", id="text"),
        pytest.param('{{"version": 2, "registrationId": "{person}"}}', id="another version"),
    ],
)
def test_a_queue_message_that_is_not_ours_goes_to_poison_with_one_line(
    stack: Stack, person: Person, queue: str, body: str
) -> None:
    strange = body.format(person=person.email)
    before = _alarms(stack)
    message_id = put(stack, queue, strange)
    function_log.wait_until_handled(stack, message_id)

    assert poison(stack, queue).count(strange) == 1
    [told] = _alarms(stack)[len(before) :]
    assert (told.event, told.facts["queue"]) == ("poisoned", queue)
    assert "registration" not in told.facts
    assert told.facts["reason"].startswith("not ours")


def test_a_queue_message_that_is_not_even_encoded_goes_to_poison_with_one_line(
    stack: Stack, person: Person
) -> None:
    strange = f"<hello>{person.email}</hello>"
    before = _alarms(stack)
    message_id = put_as_it_is(stack, "registrations", strange)
    function_log.wait_until_handled(stack, message_id)

    assert poison(stack, "registrations").count(strange) == 1
    [told] = _alarms(stack)[len(before) :]
    assert (told.event, told.facts["queue"]) == ("poisoned", "registrations")
    assert "registration" not in told.facts
    assert told.facts["reason"].startswith("not ours")


def _alarms(stack: Stack) -> list[Told]:
    """What the watch over the poison queues says comes by its own clock."""
    lines = function_log.lines_with(stack, "ERROR")
    alarms = told_in(lines)
    assert len(alarms) == len(lines)
    return [each for each in alarms if each.event != "poison_waiting"]


def test_a_visitor_cannot_choose_the_address_that_is_kept_as_evidence(
    stack: Stack, person: Person
) -> None:
    forged = {"X-Forwarded-For": "203.0.113.99, 198.51.100.1"}
    accepted = post_json(stack, newsletter(person), headers=forged)

    wait_for_record(stack, accepted.json()["registrationId"], "pending")

    [registration] = doi(stack, "export", person.email)["registrations"]
    assert registration["askedFrom"] == "127.0.0.1"
