"""What the register call refuses: each with its status, and nothing is queued."""

import json
from typing import Any

import azure.functions as func
import pytest

from functions import register
from shared.texts.catalogue import catalogue
from shared.values.form import State
from tests.endpoints.calls import (
    ANNA,
    BROWSER,
    FIELDS,
    documented,
    json_of,
    post_json,
    post_raw,
    registration,
)
from tests.endpoints.worlds import WebOnly, with_form
from tests.examples import WEBSITE, sample_forms

JSON = "application/json"


def refused(request: func.HttpRequest, outside: WebOnly | None = None) -> func.HttpResponse:
    outside = outside or WebOnly()
    answer = documented("/forms/{form}/registrations", "post", register.answer(request, outside))
    assert outside.did_nothing()
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert json_of(answer)["status"] == answer.status_code
    return answer


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"", "not valid JSON"),
        (b"{", "not valid JSON"),
        (b"{'fields': {}}", "not valid JSON"),
        (b'{"fields": {"email": NaN}}', "not valid JSON"),
        (b'{"fields": {"email": Infinity}}', "not valid JSON"),
        (b'{"fields": {"n": ' + b"9" * 5000 + b"}}", "not valid JSON"),
        (b"[" * 20_000, "not valid JSON"),
        (b'{"fields":' * 3000, "not valid JSON"),
        (b'{"fields": {}} x', "not valid JSON"),
        (b'{"fields": {"email": "\xff"}}', "not UTF-8"),
        (b'{"fields": {"email": "\xc0\xaf"}}', "not UTF-8"),
        (json.dumps(registration()).encode("utf-16"), "not UTF-8"),
        (b'{"fields": {}, "fields": {}}', "twice"),
        (b'{"fields": {"email": "a", "email": "b"}}', "twice"),
        (b'{"fields": {}, "source": {"campaign": "a", "campaign": "b"}}', "twice"),
        (b"[]", "not a JSON object"),
        (b'"x"', "not a JSON object"),
        (b"null", "not a JSON object"),
        (b"{}", "'fields' is missing"),
        (b'{"fields": []}', "'fields' is missing or is not an object"),
        (b'{"fields": "email"}', "'fields' is missing or is not an object"),
        (b'{"fields": null}', "'fields' is missing or is not an object"),
        (b'{"fields": {}, "source": "x"}', "'source' is not an object"),
        (b'{"fields": {}, "source": []}', "'source' is not an object"),
        (b'{"fields": {}, "anna@example.com": 1}', "unknown keys"),
        (b'{"fields": {}, "source": {"referrer": "x"}}', "unknown keys"),
    ],
)
def test_a_body_that_is_not_readable(body: bytes, detail: str) -> None:
    answer = refused(post_raw(body, JSON))
    assert answer.status_code == 400
    assert detail in json_of(answer)["detail"]
    assert b"anna" not in answer.get_body()


@pytest.mark.parametrize("origin", ["https://evil.example", f"{WEBSITE}.evil.example", "*", "x"])
def test_a_website_that_may_not_post(origin: str) -> None:
    answer = refused(post_json(registration(), Origin=origin))
    assert answer.status_code == 403
    assert origin.encode() not in answer.get_body() or origin in {"*", "x"}


def test_a_form_without_websites_takes_posts_of_servers_only() -> None:
    outside = WebOnly()
    form = sample_forms()["newsletter"].model_copy(update={"allowed_origins": ()})
    with_form(outside, "newsletter", form)
    assert refused(post_json(registration(), Origin=WEBSITE), outside).status_code == 403
    assert register.answer(post_json(registration()), outside).status_code == 202


@pytest.mark.parametrize(
    "name",
    ["unknown", "Newsletter", "newsletter.json", "../newsletter", "", "form.schema", "\ud800"],
)
def test_an_unknown_form(name: str) -> None:
    assert refused(post_json(registration(), name)).status_code == 404


@pytest.mark.parametrize("state", [State.DRAFT, State.ARCHIVED])
def test_a_form_that_is_not_published_is_as_unknown_as_any(state: State) -> None:
    outside = WebOnly()
    hidden = sample_forms()["newsletter"].model_copy(update={"id": "hidden", "state": state})
    with_form(outside, "hidden", hidden)
    answer = refused(post_json(registration(), "hidden"), outside)
    unknown = refused(post_json(registration(), "unknown"))
    assert answer.status_code == 404
    assert answer.get_body() == unknown.get_body()


@pytest.mark.parametrize("size", [32 * 1024 + 1, 1024 * 1024])
def test_a_body_that_is_too_large(size: int) -> None:
    answer = refused(post_raw(b"x" * size, JSON))
    assert answer.status_code == 413
    assert "32768" in json_of(answer)["detail"]


@pytest.mark.parametrize(
    "content_type",
    [None, "", "text/plain", "text/json", "multipart/form-data; boundary=x", "application/xml"],
)
def test_another_content_type(content_type: str | None) -> None:
    body = json.dumps(registration()).encode()
    assert refused(post_raw(body, content_type)).status_code == 415


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"email": "anna"}, "/fields/email", "invalid_email"),
        ({"email": None}, "/fields/email", "required"),
        ({"email": 5}, "/fields/email", "wrong_type"),
        ({"email": f"{ANNA}\r\nBcc: ben@example.com"}, "/fields/email", "line_break"),
        ({"firstName": "x" * 5000}, "/fields/firstName", "too_long"),
        ({"firstName": "Anna\r\nBcc: x"}, "/fields/firstName", "line_break"),
        ({"firstName": "<script>alert(1)</script>"}, "/fields/firstName", "markup"),
        ({"firstName": "https://spam.example"}, "/fields/firstName", "url"),
        ({"firstName": "An\x00na"}, "/fields/firstName", "control_character"),
        ({"firstName": ["Anna"]}, "/fields/firstName", "wrong_type"),
        ({"lastName": {"a": "b"}}, "/fields/lastName", "wrong_type"),
        ({"birthday": "x"}, "/fields/birthday", "unknown_field"),
    ],
)
def test_answers_that_have_to_be_corrected(fields: dict[str, Any], pointer: str, code: str) -> None:
    answer = refused(post_json(registration(fields={**FIELDS, **fields})))
    assert answer.status_code == 422
    (error,) = json_of(answer)["errors"]
    assert (error["pointer"], error["code"]) == (pointer, code)


@pytest.mark.parametrize(
    ("consents", "pointer", "code"),
    [
        ([], "/consents/newsletter", "consent_required"),
        (["newsletter", "other"], "/consents/1", "unknown_consent"),
        ("newsletter", "/consents", "wrong_type"),
        (None, "/consents", "wrong_type"),
    ],
)
def test_consents_that_have_to_be_corrected(consents: Any, pointer: str, code: str) -> None:
    answer = refused(post_json(registration(consents=consents)))
    assert answer.status_code == 422
    (error,) = json_of(answer)["errors"]
    assert (error["pointer"], error["code"]) == (pointer, code)


def test_no_consent_at_all_is_no_consent() -> None:
    body = registration()
    del body["consents"]
    (error,) = json_of(refused(post_json(body)))["errors"]
    assert error["code"] == "consent_required"


@pytest.mark.parametrize(
    ("source", "pointer"),
    [({"pageUrl": "javascript:x"}, "/source/pageUrl"), ({"campaign": 5}, "/source/campaign")],
)
def test_a_source_that_has_to_be_corrected(source: dict[str, Any], pointer: str) -> None:
    answer = refused(post_json(registration(source=source)))
    assert answer.status_code == 422
    (error,) = json_of(answer)["errors"]
    assert error["pointer"] == pointer


@pytest.mark.parametrize(
    ("locale", "headers", "language"),
    [
        ("en", {}, "en"),
        ("de", {}, "de"),
        ("fr", {}, "fr"),
        (None, {"Accept_Language": "de-AT"}, "de"),
        ("tlh", {"Accept_Language": "de"}, "en"),
    ],
)
def test_the_sentence_is_in_the_visitors_language(
    locale: str | None, headers: dict[str, str], language: str
) -> None:
    body = registration(fields={**FIELDS, "firstName": "x" * 51}, locale=locale)
    (error,) = json_of(refused(post_json(body, **headers)))["errors"]
    assert error["message"] == catalogue(language).errors["too_long"].format(limit=50)
    assert "50" in error["message"]


def test_all_mistakes_come_at_once() -> None:
    body = registration(fields={"firstName": "<", "x": 1}, consents=[], source={"campaign": 1})
    errors = json_of(refused(post_json(body)))["errors"]
    assert [error["pointer"] for error in errors] == [
        "/fields/email",
        "/fields/firstName",
        "/fields/x",
        "/consents/newsletter",
        "/source/campaign",
    ]


def test_what_was_typed_is_not_echoed() -> None:
    fields = {"email": "anna", "firstName": "https://Annabella", "a\r\nb <c>": 1}
    answer = refused(post_json(registration(fields=fields)))
    text = answer.get_body().decode()
    assert "Annabella" not in text
    assert "<" not in text
    assert "\\r" not in text
    assert "/fields/a__b__c_" in text


def test_a_queue_that_does_not_take_it() -> None:
    outside = WebOnly()
    outside.queues.down = True
    answer = refused(post_json(registration()), outside)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert answer.headers["Access-Control-Expose-Headers"] == "Retry-After"
    assert "queue" not in answer.get_body().decode()  # how Azure calls things is nobody's business


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (post_raw(b"{", JSON, Accept=BROWSER), 400),
        (post_json(registration(), Origin="https://evil.example", Accept=BROWSER), 403),
        (post_json(registration(), "unknown", Accept=BROWSER), 404),
        (post_raw(b"x" * 40_000, JSON, Accept=BROWSER), 413),
        (post_raw(b"x", "text/plain", Accept=BROWSER), 415),
    ],
)
def test_mistakes_of_the_website_are_told_to_its_developer(
    request_: func.HttpRequest, status: int
) -> None:
    """No visitor can do anything about them, so no page is made of them."""
    assert refused(request_).status_code == status
