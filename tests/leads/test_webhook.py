"""The webhook: what LinkedIn proves, what is refused, and nothing that signs for others."""

import hmac
import json
import logging
from hashlib import sha256
from typing import Any

import azure.functions as func
import pytest

from functions import linkedin_webhook
from shared.values.linkedin.symbols import LeadAction
from shared.values.messages import LeadMessage
from tests.endpoints.calls import documented, json_of
from tests.fakes.outside import PUBLIC_URL, FakeOutside
from tests.leads.worlds import CLIENT_SECRET, arrive, connected, deliver
from tests.told import Told, names, told

URL = f"{PUBLIC_URL}/api/linkedin/webhook"
CHALLENGE = "890e4665-4dfe-4ab1-b689-ed553bceeed0"
CHALLENGE_RESPONSE = "05f7c3a9fc0fd9476f5fa3a0f318d460b83aba7b241196a57cc44868a392fc57"
BODY = (
    b'{"type":"LEAD_ACTION","leadGenFormResponse":"urn:li:leadGenFormResponse:1a2b3c-4",'
    b'"leadGenForm":"urn:li:versionedLeadGenForm:(urn:li:leadGenForm:1, 1)",'
    b'"owner":{"organization":"urn:li:organization:123"},'
    b'"associatedEntity":{"event":"urn:li:event:123"},"leadType":"EVENT",'
    b'"leadAction":"CREATED","occurredAt":1686182358881}'
)
SIGNATURE = "7826c5a92a40914af6fd57cffdb5602346e33205df10a7a15def04967f59c767"
SECRET = "a-secret-in-the-address"


def signature(body: bytes) -> str:
    return hmac.new(CLIENT_SECRET.encode(), b"hmacsha256=" + body, sha256).hexdigest()


def challenge(outside: FakeOutside, **query: str) -> func.HttpResponse:
    request = func.HttpRequest("GET", URL, params=query, body=b"")
    return documented("/linkedin/webhook", "get", linkedin_webhook.prove(request, outside))


def post(
    outside: FakeOutside, body: bytes = BODY, signed: str | None = "", **query: str
) -> func.HttpResponse:
    """`signed`: the header; "" for the right one, None for none."""
    headers = {} if signed is None else {"X-LI-Signature": signed or signature(body)}
    request = func.HttpRequest("POST", URL, headers=headers, params=query, body=body)
    return documented("/linkedin/webhook", "post", linkedin_webhook.notify(request, outside))


def notification(**changes: Any) -> bytes:
    return json.dumps(json.loads(BODY) | changes).encode()


def queued(outside: FakeOutside) -> list[LeadMessage]:
    return [LeadMessage.parse(body) for body in outside.queues.bodies("linkedin-leads")]


def test_the_challenge_of_the_reference() -> None:
    answer = challenge(connected(), challengeCode=CHALLENGE)
    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    assert json_of(answer) == {
        "challengeCode": CHALLENGE,
        "challengeResponse": CHALLENGE_RESPONSE,
    }


@pytest.mark.parametrize(
    "code",
    [
        None,
        "",
        "x",
        CHALLENGE[:-1],
        CHALLENGE + "\n",
        f"hmacsha256={BODY.decode()}",  # its answer would be the signature of a forged body
        CHALLENGE.replace("-", ""),
    ],
)
def test_nothing_but_a_uuid_is_signed(code: str | None) -> None:
    answer = challenge(connected(), **({} if code is None else {"challengeCode": code}))
    assert answer.status_code == 400
    assert SIGNATURE not in answer.get_body().decode()


def test_no_linkedin_no_webhook() -> None:
    outside = FakeOutside()
    assert challenge(outside, challengeCode=CHALLENGE).status_code == 404
    assert post(outside).status_code == 404


def test_the_notification_of_the_reference() -> None:
    outside = connected()
    answer = post(outside, signed=SIGNATURE)
    assert answer.status_code == 200
    [message] = queued(outside)
    assert message.lead == "1a2b3c-4"
    assert message.action is LeadAction.CREATED
    assert message.owner == "urn:li:organization:123"
    assert message.lead_type == "EVENT"
    assert message.form == "urn:li:versionedLeadGenForm:(urn:li:leadGenForm:1,1)"
    assert message.occurred_at is not None
    assert message.occurred_at.isoformat() == "2023-06-07T23:59:18.881000+00:00"


@pytest.mark.parametrize(
    ("body", "signed"),
    [
        (BODY, None),
        (BODY, "0" * 64),
        (BODY, SIGNATURE[:-1]),
        (BODY.replace(b"1a2b3c-4", b"1a2b3c-5"), SIGNATURE),  # forged
        (BODY[:-1], SIGNATURE),  # truncated
        (b"", SIGNATURE),
        (BODY, hmac.new(CLIENT_SECRET.encode(), BODY, sha256).hexdigest()),
        (BODY, hmac.new(b"another", b"hmacsha256=" + BODY, sha256).hexdigest()),
    ],
)
def test_what_is_not_linkedins_is_refused(body: bytes, signed: str | None) -> None:
    outside = connected()
    answer = post(outside, body, signed)
    assert answer.status_code == 401
    assert outside.queues.messages == {}
    assert signature(body) not in answer.get_body().decode()  # no oracle


@pytest.mark.parametrize("signed", [f"hmacsha256={SIGNATURE}", SIGNATURE.upper()])
def test_spellings_of_the_signature(signed: str) -> None:
    outside = connected()
    assert post(outside, signed=signed).status_code == 200
    assert len(queued(outside)) == 1


def test_a_replayed_notification_changes_nothing() -> None:
    outside = connected()
    for _ in range(3):
        assert post(outside).status_code == 200
    for message in queued(outside):
        assert message.registration_id == queued(outside)[0].registration_id
    outside.queues.take_all("linkedin-leads")
    arrive(outside, "1a2b3c-4", LeadAction.DELETED)
    post(outside)  # an old one, sent again by whoever kept it
    deliver("linkedin-leads", outside)
    assert outside.queues.bodies("registrations") == []


def test_one_that_stands_twice_in_a_request_is_one() -> None:
    outside = connected()
    both = json.dumps([json.loads(BODY), json.loads(notification(occurredAt=1686182358))])
    assert json_of(post(outside, both.encode())) == {"accepted": 1, "ignored": 0}
    assert len(queued(outside)) == 1


@pytest.mark.parametrize("occurred_at", [1686182358, 1686182358000])
@pytest.mark.parametrize("name", ["occurredAt", "occuredAt"])
def test_times_in_seconds_and_milliseconds(occurred_at: int, name: str) -> None:
    outside = connected()
    given = json.loads(BODY)
    del given["occurredAt"]
    post(outside, json.dumps(given | {name: occurred_at}).encode())
    [message] = queued(outside)
    assert message.occurred_at is not None
    assert message.occurred_at.isoformat() == "2023-06-07T23:59:18+00:00"


def test_other_types_are_accepted_and_ignored(caplog: pytest.LogCaptureFixture) -> None:
    outside = connected()
    with caplog.at_level(logging.INFO):
        answer = post(outside, notification(type="ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS"))
    kind = "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS"
    assert told(caplog) == [Told("INFO", "linkedin_ignored", {"type": kind})]
    assert answer.status_code == 200
    assert json_of(answer) == {"accepted": 0, "ignored": 1}
    assert outside.queues.messages == {}


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b"null", b"\xff", b"{type: 1}", b"[" * 9999])
def test_signed_but_unreadable(body: bytes) -> None:
    outside = connected()
    assert post(outside, body).status_code == 400
    assert outside.queues.messages == {}


def test_one_that_cannot_be_read_does_not_lose_the_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    outside = connected()
    broken = {"type": "LEAD_ACTION", "leadAction": "CREATED"}
    assert post(outside, json.dumps([broken, json.loads(BODY)]).encode()).status_code == 200
    assert len(queued(outside)) == 1
    assert "linkedin_unreadable" in names(told(caplog))
    assert post(outside, json.dumps(broken).encode()).status_code == 400


def test_an_action_that_nobody_knows_is_told(caplog: pytest.LogCaptureFixture) -> None:
    outside = connected()
    assert post(outside, notification(leadAction="MERGED")).status_code == 200
    assert queued(outside) == []
    assert "lead_action_unknown" in names(told(caplog))


def test_storage_that_is_down() -> None:
    outside = connected()
    outside.queues.down = True
    assert post(outside).status_code == 503


def test_a_body_without_end() -> None:
    assert post(connected(), b" " * (256 * 1024 + 1)).status_code == 413


def test_the_secret_in_the_address(caplog: pytest.LogCaptureFixture) -> None:
    outside = connected(webhook_secret=SECRET)
    with caplog.at_level(logging.DEBUG):
        assert post(outside).status_code == 401
        assert post(outside, secret="wrong").status_code == 401
        assert post(outside, secret="ü").status_code == 401
        assert post(outside, signed="0" * 64, secret=SECRET).status_code == 401
        assert queued(outside) == []
        assert post(outside, secret=SECRET).status_code == 200
        assert challenge(outside, challengeCode=CHALLENGE, secret=SECRET).status_code == 200
        assert challenge(outside, challengeCode=CHALLENGE, secret="wrong").status_code == 401
    for trace in (SECRET, "wrong", CLIENT_SECRET, SIGNATURE):
        assert trace not in caplog.text


def test_without_a_required_signature_a_wrong_one_is_refused_all_the_same() -> None:
    outside = connected(require_signature=False, webhook_secret=SECRET)
    assert post(outside, signed=None, secret=SECRET).status_code == 200
    assert post(outside, signed="0" * 64, secret=SECRET).status_code == 401
    assert post(outside, signed=None).status_code == 401
