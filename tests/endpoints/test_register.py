"""POST /api/forms/{form}/registrations with JSON: what is taken, and how it is queued."""

import json
from typing import Any

import azure.functions as func
import pytest

from functions import register
from shared.values.messages import MAX_MESSAGE_BYTES
from shared.web.request_body import MAX_BODY_BYTES
from tests.endpoints.calls import (
    ANNA,
    FIELDS,
    WHITEPAPER,
    documented,
    json_of,
    post_json,
    post_raw,
    registration,
)
from tests.endpoints.worlds import WebOnly, with_form
from tests.examples import NOON, WEBSITE, sample_forms
from tests.fakes.outside import FakeOutside
from tests.story.journey import deliver

JSON = "application/json"


def answer(request: func.HttpRequest, outside: FakeOutside) -> func.HttpResponse:
    return documented("/forms/{form}/registrations", "post", register.answer(request, outside))


def test_a_sign_up_is_accepted_and_queued() -> None:
    outside = WebOnly()
    accepted = answer(
        post_json(registration(), X_Forwarded_For="203.0.113.7:4711", User_Agent="Browser/1.0"),
        outside,
    )
    assert accepted.status_code == 202
    asked = outside.only_registration()
    assert json_of(accepted) == {"registrationId": asked.id, "status": "accepted"}
    assert accepted.headers["Cache-Control"] == "no-store"
    assert accepted.headers["X-Content-Type-Options"] == "nosniff"
    form = sample_forms()["newsletter"]
    assert (asked.form, asked.email, asked.locale) == ("newsletter", ANNA, "de")
    assert asked.answers == FIELDS
    (given,) = asked.consents
    assert (given.id, given.text) == ("newsletter", form.consents[0].text["de"])
    assert given.version == form.consents[0].version("de")
    assert (given.purpose_id, given.topic_id) == (form.consents[0].purpose_id, None)
    assert asked.privacy_policy_url == form.privacy_policy_url["de"]
    assert (asked.source.page_url, asked.source.campaign) == (
        "https://www.contoso.example/n",
        "spring",
    )
    assert asked.asked_at == NOON
    assert (asked.asked_from, asked.user_agent) == ("203.0.113.7", "Browser/1.0")


def test_it_is_exactly_one_storage_operation_visible_at_once() -> None:
    outside = WebOnly()
    answer(post_json(registration()), outside)
    (waiting,) = outside.queues.messages["registrations"]
    assert not waiting.visible_in


def test_the_evidence_is_in_the_language_of_the_visitor() -> None:
    outside = WebOnly()
    form = sample_forms()["newsletter"]
    policies = {tag: f"https://www.contoso.example/{tag}/privacy" for tag in form.languages}
    changes = {"privacy_policy_url": policies, "privacy_policy_version": "2026-03"}
    with_form(outside, "newsletter", form.model_copy(update=changes))
    answer(post_json(registration(locale="fr")), outside)
    asked = outside.only_registration()
    assert asked.privacy_policy_url == "https://www.contoso.example/fr/privacy"
    assert asked.privacy_policy_version == "2026-03"
    (given,) = asked.consents
    assert (given.language, given.text) == ("fr", form.consents[0].text["fr"])


@pytest.mark.parametrize(
    "content_type", [JSON, "Application/JSON", "application/json; charset=utf-8"]
)
def test_ways_to_write_the_content_type(content_type: str) -> None:
    body = json.dumps(registration()).encode()
    assert answer(post_raw(body, content_type), WebOnly()).status_code == 202


@pytest.mark.parametrize("left_out", [["locale"], ["source"], ["locale", "source"]])
def test_what_may_be_left_out(left_out: list[str]) -> None:
    body = registration()
    for name in left_out:
        del body[name]
    outside = WebOnly()
    assert answer(post_json(body, Accept_Language="fr-CH, de;q=0.5"), outside).status_code == 202
    asked = outside.only_registration()
    assert asked.locale == ("fr" if "locale" in left_out else "de")


@pytest.mark.parametrize("nothing", [None, ""])
def test_optional_answers_may_be_empty(nothing: str | None) -> None:
    outside = WebOnly()
    fields = {**FIELDS, "firstName": nothing, "lastName": nothing}
    body = registration(fields=fields, source={"pageUrl": nothing, "campaign": nothing})
    assert answer(post_json(body), outside).status_code == 202
    assert outside.only_registration().answers == {"email": ANNA}


def test_an_unknown_locale_falls_back_to_the_forms_first() -> None:
    outside = WebOnly()
    assert answer(post_json(registration(locale="tlh")), outside).status_code == 202
    assert outside.only_registration().locale == "en"


def test_every_kind_of_field() -> None:
    outside = WebOnly()
    fields = {
        **WHITEPAPER,
        "phone": "030 123456",
        "interests": ["journeys", "consent"],
        "projectStart": "2027-01-01",
        "existingCustomer": True,
        "message": "First\r\nsecond",
    }
    body = registration(fields=fields, consents=["download", "productNews"])
    assert answer(post_json(body, "whitepaper"), outside).status_code == 202
    asked = outside.only_registration()
    assert asked.answers == {
        **fields,
        "phone": "+4930123456",
        "interests": ["consent", "journeys"],
        "message": "First\nsecond",
    }
    assert [given.id for given in asked.consents] == ["download", "productNews"]


def test_the_answer_does_not_tell_who_is_known() -> None:
    def heard(outside: FakeOutside) -> tuple[int, dict[str, str], dict[str, Any]]:
        answered = answer(post_json(registration()), outside)
        return (
            answered.status_code,
            dict(answered.headers),
            json_of(answered) | {"registrationId": "any"},
        )

    known = FakeOutside()
    for _ in range(5):  # more than the mail budget
        answer(post_json(registration()), known)
    deliver("registrations", known)
    assert known.table.records
    assert heard(known) == heard(WebOnly())


def test_ids_cannot_be_guessed() -> None:
    outside = WebOnly()
    ids = {json_of(answer(post_json(registration()), outside))["registrationId"] for _ in range(20)}
    assert len(ids) == 20


class TestIdempotencyKey:
    """Repeating a call with the same key is the same registration."""

    def id_of(
        self, key: str | None, form: str = "newsletter", email: str = ANNA, **body: Any
    ) -> str:
        headers = {} if key is None else {"Idempotency_Key": key}
        fields = {**(WHITEPAPER if form == "whitepaper" else FIELDS), "email": email}
        consents = ["download"] if form == "whitepaper" else ["newsletter"]
        posted = registration(fields=fields, consents=consents, **body)
        answered = answer(post_json(posted, form, **headers), WebOnly())
        assert answered.status_code == 202
        registration_id: str = json_of(answered)["registrationId"]
        return registration_id

    def test_the_same_key_is_the_same_registration(self) -> None:
        assert self.id_of("key-1") == self.id_of("key-1")
        assert self.id_of("key-1") == self.id_of("key-1", email=ANNA.upper())
        assert self.id_of("key-1") == self.id_of("key-1", locale="fr")
        assert self.id_of("x" * 255) == self.id_of("x" * 255)

    def test_another_key_is_another_registration(self) -> None:
        ids = {
            self.id_of("key-1"),
            self.id_of("key-2"),
            self.id_of("Key-1"),
            self.id_of("key-1", form="whitepaper"),
            self.id_of("key-1", email="ben@example.com"),
            self.id_of(None),
            self.id_of(None),
        }
        assert len(ids) == 7

    @pytest.mark.parametrize("key", ["two words", "x" * 256, "ü", "tab\t", "\r\nX: y"])
    def test_a_key_of_another_shape_is_refused(self, key: str) -> None:
        outside = WebOnly()
        refused = answer(post_json(registration(), Idempotency_Key=key), outside)
        assert refused.status_code == 400
        assert "Idempotency-Key" in json_of(refused)["detail"]
        assert outside.did_nothing()

    def test_one_key_makes_one_record_and_one_mail(self) -> None:
        outside = FakeOutside()
        for _ in range(3):
            answer(post_json(registration(), Idempotency_Key="key-1"), outside)
        deliver("registrations", outside)
        assert len(outside.table.records) == 1
        assert len(outside.mailer.sent) == 1


@pytest.mark.parametrize("filled_in", ["https://spam.example", "x", True, 1, ["x"], {"a": 1}])
def test_the_honeypot_is_answered_alike_and_dropped(filled_in: Any) -> None:
    outside = WebOnly()
    body = registration(fields={**FIELDS, "homepage": filled_in})
    dropped = answer(post_json(body), outside)
    taken = answer(post_json(registration()), WebOnly())
    assert dropped.status_code == taken.status_code == 202
    assert dict(dropped.headers) == dict(taken.headers)
    assert set(json_of(dropped)) == set(json_of(taken))
    assert outside.did_nothing()


def test_the_honeypot_hides_every_other_mistake() -> None:
    outside = WebOnly()
    body = registration(fields={"homepage": "x", "other": 1}, consents=["unknown"])
    assert answer(post_json(body), outside).status_code == 202
    assert outside.did_nothing()


@pytest.mark.parametrize("empty", ["", None, False])
def test_an_empty_honeypot_is_no_honey(empty: Any) -> None:
    outside = WebOnly()
    body = registration(fields={**FIELDS, "homepage": empty})
    assert answer(post_json(body), outside).status_code == 202
    assert outside.only_registration().answers == FIELDS


@pytest.mark.parametrize("origin", [None, WEBSITE, "null"])
def test_who_may_post(origin: str | None) -> None:
    headers = {} if origin is None else {"Origin": origin}
    assert answer(post_json(registration(), **headers), WebOnly()).status_code == 202


@pytest.mark.parametrize(
    ("forwarded_for", "proxies", "address"),
    [
        ("203.0.113.7:4711", 1, "203.0.113.7"),
        ("10.0.0.1, 203.0.113.7", 1, "203.0.113.7"),  # the left part is the client's own
        ("198.51.100.1, 203.0.113.7:1, 192.0.2.1", 2, "203.0.113.7"),
        ("203.0.113.7", 2, None),
        ("203.0.113.7", 0, None),
        ("[2001:db8::1]:4711", 1, "2001:db8::1"),
        ("anna@example.com", 1, None),
    ],
)
def test_where_it_was_asked_from(forwarded_for: str, proxies: int, address: str | None) -> None:
    outside = WebOnly()
    outside.rules = type(outside.rules)(**{**vars(outside.rules), "trusted_proxies": proxies})
    answer(post_json(registration(), X_Forwarded_For=forwarded_for), outside)
    assert outside.only_registration().asked_from == address


def test_the_user_agent_is_kept_short_and_printable() -> None:
    outside = WebOnly()
    answer(post_json(registration(), User_Agent="Browser\r\n\x1b[31m" + "x" * 1000), outside)
    agent = outside.only_registration().user_agent
    assert agent is not None
    assert agent.startswith("Browser[31mxxx")
    assert len(agent) == 300


def test_whatever_fits_the_body_limit_fits_the_queue() -> None:
    fields = {**WHITEPAPER, "message": "🙂" * 1000}
    body = json.dumps(registration(fields=fields, consents=["download", "productNews"]))
    outside = WebOnly()
    assert answer(post_raw(body.encode(), JSON, "whitepaper"), outside).status_code == 202
    (queued,) = outside.queues.bodies("registrations")
    assert len(queued.encode()) < MAX_MESSAGE_BYTES


def test_a_registration_that_no_queue_message_holds() -> None:
    """Long consent texts are added to what was posted: the queue's own limit counts in the end."""
    outside = WebOnly()
    form = sample_forms()["newsletter"]
    consent = form.consents[0]
    many = tuple(
        consent.model_copy(
            update={"id": f"c{n}", "text": dict.fromkeys(form.languages, "ü" * 2000)}
        )
        for n in range(13)
    )
    outside.forms = {"newsletter": form.model_copy(update={"consents": many})}
    body = registration(consents=[consent.id for consent in many])
    refused = answer(post_json(body), outside)
    assert refused.status_code == 413
    assert outside.did_nothing()


def test_the_largest_body() -> None:
    body = json.dumps(registration()).encode()
    full = body + b" " * (MAX_BODY_BYTES - len(body))
    assert answer(post_raw(full, JSON), WebOnly()).status_code == 202
    outside = WebOnly()
    assert answer(post_raw(full + b" ", JSON), outside).status_code == 413
    assert outside.did_nothing()
