"""Which answers of Dataverse may be different later, and what to mend about the others.

Who is no user of the environment gets 403 with 0x80072560, a disabled user 403 with 0x80040225.

Codes: https://learn.microsoft.com/power-apps/developer/data-platform/reference/web-service-error-codes
"""

import re
from dataclasses import dataclass
from datetime import datetime

from shared.adapters.dataverse_answers import Answer, AnswerUnreadable
from shared.adapters.retry_after import retry_after_seconds
from shared.dataverse.failures import NotAMember, NotThere, PrivilegeMissing, UserDisabled
from shared.failures import PermanentFailure, TemporaryFailure

# Temporary whatever the status says.
_TEMPORARY_CODES = frozenset(
    {
        # Service protection: learn.microsoft.com/power-apps/developer/data-platform/api-limits
        0x80072322,  # number of requests
        0x80072321,  # execution time
        0x80072326,  # concurrent requests
        # Somebody else wrote the same row at the same time.
        0x80040237,  # duplicate id
        0x80060892,  # duplicate alternate key
        0x80060882,  # row version
        # SQL: learn.microsoft.com/troubleshoot/power-platform/dataverse/bulk-deleting-data/
        # bulk-operation-errors
        0x80044150,  # generic SQL error, as which a deadlock is reported
        0x80044151,  # SQL timeout
        0x80040255,  # rolled back after a deadlock
        0x8004ED47,  # applock timeout
    }
)
# The environment's own plug-ins refused, which comes as 400 or as 500:
# learn.microsoft.com/troubleshoot/power-platform/dataverse/plug-in-execution/
# dataverse-plug-ins-errors
_PLUG_IN_CODES = frozenset({0x80040265, 0x80040224, 0x8004418D})
_NOT_A_MEMBER = 0x80072560
_DISABLED = 0x80040225
_TEMPORARY_STATUSES = frozenset({408, 412, 429})
_NOT_IMPLEMENTED = 501
_PRIVILEGE = re.compile(r"\bprv[A-Za-z][A-Za-z0-9_]{2,127}\b")
_CODE = re.compile(r"0x[0-9a-fA-F]{1,8}|-?[0-9]{1,10}")


@dataclass(frozen=True, kw_only=True)
class Step:
    """What was being done, and what an operator must mend when Dataverse will not do it.

    `tells`: nothing that a person typed can stand in Dataverse's message, so it is told.
    """

    name: str
    if_refused: str
    if_missing: str
    if_forbidden: str = "give it the app's security role"
    tells: bool = False


def failure_of(answer: Answer, step: Step, now: datetime) -> TemporaryFailure | PermanentFailure:
    """What an answer that is no success means. `now` is in UTC.

    The text has status, code and what to mend. Dataverse's own message is left out: it may
    quote what the person typed. Only the name of a missing privilege is taken from it.
    """
    code = _code(answer)
    reason = described(answer, step)
    if code in _PLUG_IN_CODES:
        return PermanentFailure(f"{reason}: a plug-in of the environment refused; see its trace")
    unavailable = answer.status >= 500 and answer.status != _NOT_IMPLEMENTED  # noqa: PLR2004 - HTTP's own range
    if code in _TEMPORARY_CODES or answer.status in _TEMPORARY_STATUSES or unavailable:
        return TemporaryFailure(reason, retry_after_seconds(answer.headers.get("retry-after"), now))
    return _permanent(answer, step, code, reason)


def _permanent(answer: Answer, step: Step, code: int | None, reason: str) -> PermanentFailure:
    if code == _NOT_A_MEMBER:
        return NotAMember(
            f"{reason}: the caller is no user of the environment; add the app there as an"
            " application user, by its Application (client) ID"
        )
    if code == _DISABLED:
        return UserDisabled(f"{reason}: the application user is deactivated; activate it")
    message = _message(answer)
    text = f"{reason}: {_mend(answer.status, step)}"
    if step.tells and message:
        text = f"{text} ({message})"
    match answer.status:
        case 403:
            privilege = _PRIVILEGE.search(message)
            lacks = privilege[0] if privilege else None
            told = text.replace("lacks a privilege", f"lacks the privilege {lacks}")
            return PrivilegeMissing(told if lacks else text, lacks)
        case 404:
            return NotThere(text)
        case _:
            return PermanentFailure(text)


def described(answer: Answer, step: Step) -> str:
    """For example "Dataverse, writing contact and consents: 412 0x80060892"."""
    code = _code(answer)
    return f"Dataverse, {step.name}: {answer.status}{f' 0x{code:08x}' if code else ''}"


def _mend(status: int, step: Step) -> str:
    match status:
        case 400:
            return step.if_refused
        case 401:
            return (
                "the app's identity is refused; add it to the environment as an application user"
                " and check the environment's URL"
            )
        case 403:
            return f"the application user lacks a privilege; {step.if_forbidden}"
        case 404:
            return step.if_missing
        case _:
            return "not an answer of the Dataverse Web API; check the environment's URL"


def _message(answer: Answer) -> str:
    """Dataverse's own sentence, or nothing."""
    try:
        error = answer.json().get("error")
    except AnswerUnreadable:
        return ""
    return str(error.get("message") or "") if isinstance(error, dict) else ""


def _code(answer: Answer) -> int | None:
    """The error's number as unsigned 32 bits; None where there is none."""
    try:
        error = answer.json().get("error")
    except AnswerUnreadable:
        return None
    text = str(error.get("code")) if isinstance(error, dict) else ""
    if not _CODE.fullmatch(text):
        return None
    return int(text, 16 if "x" in text.lower() else 10) & 0xFFFFFFFF
