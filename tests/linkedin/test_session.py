"""Headers, tokens, throttling, what is logged, and each refusal with what follows from it."""

import logging
import socket
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.adapters.linkedin.exchange import HttpAnswer, HttpRequest, exchange
from shared.adapters.linkedin.failure_of import failure_of, until_midnight
from shared.adapters.linkedin.session import ApiRequest
from shared.failures import PermanentFailure, TemporaryFailure
from shared.linkedin.calls import READ_FORMS, READ_LEADS, SUBSCRIPTIONS, WRITE_FORMS, Call
from shared.linkedin.failures import (
    Duplicate,
    NotFound,
    NotLinkedIn,
    NotPermitted,
    OutOfTime,
    Refused,
    SignInNeeded,
    Throttled,
    TokenSettling,
    Unavailable,
    VersionSunset,
)
from shared.ports import Deadline
from tests.linkedin.documentation import compact
from tests.linkedin.scripted_server import Answer
from tests.linkedin.world import NOW, World, authorization, refused_token, token_answer
from tests.told import Told, told

OK = Answer(body={"id": 1})
THROTTLED = Answer(
    status=429,
    body={
        "serviceErrorCode": 101,
        "message": "Resource level throttle limit for calls to this resource is reached.",
        "status": 429,
    },
)


def get(world: World) -> dict[str, Any]:
    return world.session.get("leadForms/1", READ_FORMS, world.deadline)


def post(world: World) -> None:
    request = ApiRequest(method="POST", target="leadForms", body={"a": 1})
    world.session.send(request, WRITE_FORMS, world.deadline)


def sent_tokens(world: World) -> list[str]:
    return [one.headers["authorization"] for one in world.linkedin.received]


def test_the_headers_of_reading_and_writing(world: World) -> None:
    world.linkedin.answers = [OK]
    get(world)
    patch = ApiRequest(method="POST", target="x", body={"ü": 1}, restli_method="PARTIAL_UPDATE")
    world.session.send(patch, WRITE_FORMS, world.deadline)
    reading, writing = world.linkedin.received
    assert reading.headers["authorization"] == "Bearer token-1"
    assert reading.headers["linkedin-version"] == "202607"
    assert reading.headers["x-restli-protocol-version"] == "2.0.0"
    assert "x-restli-method" not in reading.headers
    assert "content-type" not in reading.headers
    assert writing.headers["content-type"] == "application/json"
    assert writing.headers["x-restli-method"] == "PARTIAL_UPDATE"
    assert writing.json() == {"ü": 1}


@pytest.mark.parametrize("code", [65600, 65601, 65602])
def test_a_refused_token_is_renewed_once(world: World, code: int) -> None:
    world.linkedin.answers = [refused_token(code), OK]
    assert get(world) == {"id": 1}
    assert sent_tokens(world) == ["Bearer token-1", "Bearer token-2"]
    assert world.tokens.stored is not None
    assert world.tokens.stored.access_token == "token-2"


def test_a_token_that_somebody_else_renewed_is_taken(world: World) -> None:
    get_once = [OK, refused_token(), OK]
    world.linkedin.answers = get_once
    get(world)
    world.tokens.put(authorization("token-of-another-instance"))
    get(world)
    assert sent_tokens(world)[-1] == "Bearer token-of-another-instance"
    assert world.service.received == []


def test_a_fresh_token_that_is_called_revoked_gets_time_to_settle(world: World) -> None:
    world.tokens.put(authorization(issued_at=NOW - timedelta(seconds=10)))
    world.linkedin.answers = [refused_token(65601)]
    with pytest.raises(TokenSettling) as failure:
        get(world)
    assert failure.value.retry_after == 20
    assert world.service.received == []
    assert len(world.linkedin.received) == 1


def test_so_does_one_that_was_renewed_just_now(world: World) -> None:
    world.linkedin.answers = [refused_token(65601)]
    with pytest.raises(TokenSettling) as failure:
        get(world)
    assert failure.value.retry_after == 30
    assert sent_tokens(world) == ["Bearer token-1", "Bearer token-2"]
    world.now += timedelta(seconds=31)
    world.linkedin.answers = [OK]
    get(world)
    assert sent_tokens(world)[-1] == "Bearer token-2"


def test_a_fresh_token_that_is_invalid_gets_none(world: World) -> None:
    world.linkedin.answers = [refused_token(65600)]
    with pytest.raises(SignInNeeded, match="authorize"):
        get(world)
    assert len(world.linkedin.received) == 2


def test_a_token_that_cannot_be_renewed_needs_a_person(world: World) -> None:
    world.linkedin.answers = [refused_token()]
    world.service.answers = [Answer(status=400, body={"error": "invalid_grant"})]
    with pytest.raises(SignInNeeded, match="authorize"):
        get(world)


@pytest.mark.parametrize("status", [401, 403])
def test_a_missing_role_renews_nothing(world: World, status: int) -> None:
    message = "The member does not have lead access permission."
    world.linkedin.answers = [Answer(status=status, body={"status": status, "message": message})]
    with pytest.raises(NotPermitted, match="r_ads or rw_ads") as failure:
        get(world)
    assert failure.value.call is READ_FORMS
    assert len(world.linkedin.received) == 1
    assert world.service.received == []


def test_a_throttled_call_is_repeated_once_after_a_brief_pause(world: World) -> None:
    world.linkedin.answers = [THROTTLED, OK]
    assert get(world) == {"id": 1}
    assert world.pauses == [2.0]


def test_then_it_waits_for_midnight_utc(world: World) -> None:
    world.linkedin.answers = [THROTTLED]
    with pytest.raises(Throttled) as failure:
        post(world)
    assert failure.value.retry_after == 5.5 * 3600
    assert failure.value.may_have_happened is False
    assert len(world.linkedin.received) == 2


def test_no_pause_that_the_caller_has_no_time_for(world: World) -> None:
    world.linkedin.answers = [THROTTLED]
    with pytest.raises(Throttled):
        world.session.get("leadForms/1", READ_FORMS, Deadline(1.5, monotonic=lambda: 0.0))
    assert world.pauses == []


@pytest.mark.parametrize(
    ("now", "seconds"),
    [
        (datetime(2026, 11, 22, 0, 0, tzinfo=UTC), 86400),
        (datetime(2026, 11, 22, 23, 59, 59, tzinfo=UTC), 1),
        (datetime(2026, 12, 31, 12, 0, tzinfo=UTC), 43200),
    ],
)
def test_midnight(now: datetime, seconds: float) -> None:
    assert until_midnight(now) == seconds


def failure(status: int, body: Any, call: Call, headers: dict[str, str] | None = None) -> Exception:
    raw = body if isinstance(body, bytes) else compact(body)
    return failure_of(HttpAnswer(status=status, headers=headers or {}, body=raw), call, NOW)


@pytest.mark.parametrize(
    ("status", "message", "call", "kind", "advice"),
    [
        (
            401,
            "Member is not authorized to create LeadGenForm",
            WRITE_FORMS,
            NotPermitted,
            "rw_ads",
        ),
        (
            401,
            "Member is not authorized to BatchGet LeadGenForms",
            READ_FORMS,
            NotPermitted,
            "r_ads",
        ),
        (
            401,
            "Member is not authorized to fetch LeadGenForms under a SponsoredAccount",
            READ_FORMS,
            NotPermitted,
            "ACCOUNT_MANAGER",
        ),
        (
            401,
            "The member does not have lead access permission.",
            READ_LEADS,
            NotPermitted,
            "r_marketing_leadgen_automation",
        ),
        (400, "Failed to generate Lead Form identifier.", WRITE_FORMS, Refused, "not as LinkedIn"),
        (
            400,
            "Please specify a concrete LeadType and Owner for your request.",
            READ_LEADS,
            Refused,
            "owner and lead type",
        ),
        (
            400,
            "Owner of Lead Form does not match that of the subscription.",
            SUBSCRIPTIONS,
            Refused,
            "belong to the subscription's owner",
        ),
        (
            403,
            "Unauthorized! the member does not have permission to take this action",
            SUBSCRIPTIONS,
            NotPermitted,
            "r_marketing_leadgen_automation",
        ),
        (409, "The Lead Form has duplicate label.", WRITE_FORMS, Duplicate, "unique"),
        (404, "Not found", READ_LEADS, NotFound, "no such thing"),
        (422, "Unprocessable", WRITE_FORMS, Refused, "not as LinkedIn"),
    ],
)
def test_every_row_of_the_documentations_table(
    status: int, message: str, call: Call, kind: type[PermanentFailure], advice: str
) -> None:
    raised = failure(status, {"status": status, "message": message}, call)
    assert type(raised) is kind
    assert message in str(raised)
    assert advice in str(raised)
    assert call.name in str(raised)


@pytest.mark.parametrize(
    ("status", "code"),
    [(426, "NONEXISTENT_VERSION"), (400, "VERSION_MISSING"), (426, None)],
)
def test_a_version_that_is_gone(status: int, code: str | None) -> None:
    body = {"status": status, "code": code, "message": "Requested version 20241101 is not active"}
    raised = failure(status, body, READ_FORMS)
    assert type(raised) is VersionSunset
    assert "20241101" in str(raised)
    assert "VERSION" in str(raised)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408])
def test_linkedins_own_problems_are_temporary(status: int) -> None:
    raised = failure(status, b"<h1>Oops</h1>", READ_FORMS, {"retry-after": "7"})
    assert isinstance(raised, Unavailable)
    assert raised.retry_after == 7


@pytest.mark.parametrize("status", [302, 405, 418])
def test_what_linkedin_does_not_answer_is_somebody_else(status: int) -> None:
    assert type(failure(status, b"", READ_FORMS)) is NotLinkedIn


def test_linkedins_words_are_one_short_line_without_secrets() -> None:
    message = "bad\nwebhook https://x.example/?secret=hush-hush&a=1 " + "x" * 1000
    raised = failure(400, {"message": message}, SUBSCRIPTIONS)
    assert "bad webhook https://x.example/?secret=…&a=1" in str(raised)
    assert "hush" not in str(raised)
    assert "\n" not in str(raised)
    assert len(str(raised)) < 500


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b'{"message": 5, "serviceErrorCode": "x"}'])
def test_an_error_without_words(body: bytes) -> None:
    assert type(failure(403, body, READ_FORMS)) is NotPermitted


@pytest.mark.parametrize("body", [b"<html>", b"[]", b""])
def test_a_success_that_is_no_object(world: World, body: bytes) -> None:
    world.linkedin.answers = [Answer(body=body)]
    with pytest.raises(NotLinkedIn, match="address"):
        get(world)


def test_a_redirect_is_not_followed(world: World) -> None:
    elsewhere = {"Location": f"{world.service.url}/elsewhere"}
    world.linkedin.answers = [Answer(status=302, headers=elsewhere)]
    with pytest.raises(NotLinkedIn):
        get(world)
    assert world.service.received == []


def test_a_write_without_answer_may_have_happened(world: World) -> None:
    world.linkedin.answers = [Answer(status=503)]
    with pytest.raises(Unavailable) as writing:
        post(world)
    assert writing.value.may_have_happened is True
    with pytest.raises(Unavailable) as reading:
        get(world)
    assert reading.value.may_have_happened is False


def test_nobody_listening_is_temporary_and_quotes_nothing(world: World) -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))  # not listening: refuses
        url = f"http://127.0.0.1:{reserved.getsockname()[1]}/?secret=hush"
        request = HttpRequest(method="POST", url=url, headers={})
        with pytest.raises(TemporaryFailure) as failure:
            exchange(world.http, request, "trying", world.deadline)
    assert str(failure.value) == "LinkedIn, trying: ConnectionError"
    assert not isinstance(failure.value, OutOfTime)
    assert failure.value.__cause__ is None
    assert failure.value.may_have_happened is True


def test_nothing_is_sent_once_the_time_is_over(world: World) -> None:
    with pytest.raises(OutOfTime, match="no time left"):
        world.session.get("leadForms/1", READ_FORMS, Deadline(0))
    assert world.linkedin.received == []


def test_an_answer_that_does_not_come_in_time_is_not_the_others_fault(world: World) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        request = HttpRequest(method="GET", url=url, headers={})
        with pytest.raises(OutOfTime, match="ReadTimeout"):
            exchange(world.http, request, "trying", Deadline(0.3))


def test_what_is_logged(world: World, caplog: pytest.LogCaptureFixture) -> None:
    traces = {"x-li-uuid": "uuid-1", "x-li-fabric": "prod-lor1", "X-LI-Request-Id": "request-1"}
    world.linkedin.answers = [Answer(body={"name": "Anna"}, headers=traces)]
    with caplog.at_level(logging.INFO, logger="doi"):
        world.session.get("leadForms/1?owner=urn", READ_FORMS, world.deadline)
    assert told(caplog) == [
        Told(
            "INFO",
            "linkedin_call",
            {
                "method": "GET",
                "call": "reading lead forms",
                "status": 200,
                "li_uuid": "uuid-1",
                "li_fabric": "prod-lor1",
                "li_request_id": "request-1",
            },
        )
    ]


def test_secrets_are_in_no_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.linkedin.answers = [refused_token(), OK]
    world.service.answers = [token_answer("token-2", refresh_token="refresh-2")]
    with caplog.at_level(logging.DEBUG):
        get(world)
    logged = caplog.text
    assert [each for each in told(caplog) if each.has(status=401)]
    for secret in ("token-1", "token-2", "refresh-1", "refresh-2", "hush"):
        assert secret not in logged
