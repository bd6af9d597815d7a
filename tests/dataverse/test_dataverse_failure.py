"""Which answers are temporary, and what the texts say."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from shared.adapters.dataverse_answers import Answer
from shared.adapters.dataverse_failure import Step, failure_of
from shared.dataverse.failures import NotAMember, NotThere, PrivilegeMissing, UserDisabled
from shared.failures import PermanentFailure, TemporaryFailure

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
STEP = Step(name="writing", if_refused="mend the columns", if_missing="mend the purposes")


def answer(status: int, code: object = "", **headers: str) -> Answer:
    """An error as Dataverse shapes it, quoting what a person typed."""
    error = {"error": {"code": code, "message": "'anna@example.com' is too long"}}
    return Answer(status=status, headers=headers, body=json.dumps(error).encode())


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (429, "0x80072322"),
        (429, ""),
        (408, ""),
        (412, ""),
        (412, "0x80060892"),
        (412, "0x80040237"),
        (412, "0x80060882"),
        (400, "0x80040237"),
        (400, "0x80044151"),
        (400, "-2147204784"),
        (400, -2147204783),
        (400, "0x80040255"),
        (500, ""),
        (500, "0x80040216"),
        (502, ""),
        (503, ""),
        (504, ""),
    ],
)
def test_may_work_later(status: int, code: object) -> None:
    assert isinstance(failure_of(answer(status, code), STEP, NOW), TemporaryFailure)


@pytest.mark.parametrize(
    ("status", "code", "mend"),
    [
        (400, "0x80048d19", "mend the columns"),
        (400, "", "mend the columns"),
        (404, "0x80040217", "mend the purposes"),
        (401, "", "application user"),
        (403, "0x80040220", "security role"),
        (302, "", "URL"),
        (405, "", "URL"),
        (413, "", "URL"),
        (501, "", "URL"),
        (400, "0x80040265", "plug-in"),
        (500, "0x80040265", "plug-in"),
        (500, "-2147220891", "plug-in"),
    ],
)
def test_needs_somebody(status: int, code: str, mend: str) -> None:
    failure = failure_of(answer(status, code), STEP, NOW)
    assert isinstance(failure, PermanentFailure)
    assert mend in str(failure)


@pytest.mark.parametrize(
    ("status", "code", "kind", "words"),
    [
        (403, "0x80072560", NotAMember, "application user, by its Application (client) ID"),
        (401, "0x80072560", NotAMember, "application user"),
        (403, "0x80040225", UserDisabled, "activate it"),
        (404, "", NotThere, "mend the purposes"),
        (403, "0x80040220", PrivilegeMissing, "lacks a privilege"),
    ],
)
def test_why_it_is_refused(
    status: int, code: str, kind: type[PermanentFailure], words: str
) -> None:
    failure = failure_of(answer(status, code), STEP, NOW)
    assert type(failure) is kind
    assert words in str(failure)


@pytest.mark.parametrize(
    "message",
    [
        "Principal user (Id=1, type=8), is missing prvReadContact privilege (Id=2) on OTC=2",
        "SecLib::CheckPrivilege failed. User: 1, PrivilegeName: prvReadContact, PrivilegeId: 2",
    ],
)
def test_the_missing_privilege_is_named_and_nothing_else_is_quoted(message: str) -> None:
    body = {"error": {"code": "0x80040220", "message": f"{message} anna@example.com"}}
    refused = Answer(status=403, headers={}, body=json.dumps(body).encode())
    failure = failure_of(refused, STEP, NOW)
    assert isinstance(failure, PrivilegeMissing)
    assert failure.privilege == "prvReadContact"
    assert "lacks the privilege prvReadContact; give it the app's security role" in str(failure)
    assert "anna" not in str(failure)


def test_an_operators_own_step_is_told_what_dataverse_says() -> None:
    body = {"error": {"code": "0x80047013", "message": "An attribute new_x already exists."}}
    refused = Answer(status=400, headers={}, body=json.dumps(body).encode())
    assert "already exists" in str(failure_of(refused, replace(STEP, tells=True), NOW))
    assert "already exists" not in str(failure_of(refused, STEP, NOW))


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("17", 17.0), ("Sun, 22 Nov 2026 12:01:00 GMT", 60.0), ("soon", None)],
)
def test_says_when_to_come_back(header: str, seconds: float | None) -> None:
    failure = failure_of(answer(429, **{"retry-after": header}), STEP, NOW)
    assert isinstance(failure, TemporaryFailure)
    assert failure.retry_after == seconds


@pytest.mark.parametrize("status", [400, 401, 403, 404, 412, 429, 500])
def test_says_status_and_code_and_never_dataverses_message(status: int) -> None:
    text = str(failure_of(answer(status, "0x80044331"), STEP, NOW))
    assert text.startswith(f"Dataverse, writing: {status} 0x80044331")
    assert "anna" not in text


@pytest.mark.parametrize("code", ["anna@example.com", "0xanna", None, {}, "9" * 30])
def test_a_code_that_is_no_number_is_left_out(code: object) -> None:
    text = str(failure_of(answer(400, code), STEP, NOW))
    assert text == "Dataverse, writing: 400: mend the columns"


def test_an_answer_without_json_is_judged_by_its_status() -> None:
    html = Answer(status=503, headers={}, body=b"<h1>Service unavailable</h1>")
    assert isinstance(failure_of(html, STEP, NOW), TemporaryFailure)
