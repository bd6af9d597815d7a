"""What an answer of LinkedIn that is no success means, and whether it may be different later.

https://learn.microsoft.com/linkedin/shared/api-guide/concepts/error-handling and Lead Sync,
"Error codes". LinkedIn calls its messages unstable: only statuses and codes decide here.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

from shared.adapters.linkedin.exchange import HttpAnswer
from shared.adapters.retry_after import retry_after_seconds
from shared.failures import PermanentFailure, TemporaryFailure
from shared.linkedin.calls import Call
from shared.linkedin.failures import (
    Duplicate,
    NotFound,
    NotLinkedIn,
    NotPermitted,
    Refused,
    SignInNeeded,
    Throttled,
    Unavailable,
    VersionSunset,
)

# 65600 invalid, 65601 revoked, 65602 expired: LinkedIn's codes for access tokens. A 401 without
# one of them is a missing role.
_TOKEN_CODES: Final = range(65600, 65700)
REVOKED: Final = 65601
_VERSION_CODES: Final = frozenset({"NONEXISTENT_VERSION", "VERSION_MISSING"})
_LONGEST_MESSAGE: Final = 300
_SECRET: Final = re.compile(r"(\w*secret\w*(?:=|%3D))[^&\s\"'<>]+", re.IGNORECASE)
_NOT_PERMITTED: Final = frozenset({401, 403})
_REFUSED: Final = frozenset({400, 422})
_TIMED_OUT: Final = 408
_THROTTLED: Final = 429
_OTHER_VERSION: Final = "set LINKEDIN_VERSION to a version that is active"
_BY_STATUS: Final[Mapping[int, tuple[type[PermanentFailure], str]]] = {
    404: (NotFound, "there is no such thing (any more)"),
    409: (Duplicate, "names and labels have to be unique"),
    426: (VersionSunset, _OTHER_VERSION),
}


def failure_of(
    answer: HttpAnswer, call: Call, now: datetime
) -> TemporaryFailure | PermanentFailure:
    """The failure of an answer that is no success. `now` is in UTC."""
    error = _error(answer)
    reason = _described(answer, call, error)
    wait = retry_after_seconds(answer.headers.get("retry-after"), now)
    if answer.status == _THROTTLED:
        return Throttled(reason, until_midnight(now) if wait is None else wait)
    if answer.status >= 500 or answer.status == _TIMED_OUT:  # noqa: PLR2004 - HTTP's own range
        return Unavailable(reason, wait)
    return _permanent(answer, call, reason)


def _permanent(answer: HttpAnswer, call: Call, reason: str) -> PermanentFailure:
    if _error(answer).get("code") in _VERSION_CODES:
        return VersionSunset(f"{reason}: {_OTHER_VERSION}")
    if token_code(answer) is not None:
        return SignInNeeded(f"{reason}: sign in again with `doi linkedin authorize`")
    if answer.status in _NOT_PERMITTED:
        scopes = " or ".join(call.scopes)
        return NotPermitted(
            f"{reason}: the member who signed in needs the permission {scopes}"
            f" and a role ({call.roles})",
            call,
            answer=reason,
        )
    if answer.status in _REFUSED:
        return Refused(f"{reason}: {call.if_refused}")
    kind, advice = _BY_STATUS.get(
        answer.status, (NotLinkedIn, "not an answer of LinkedIn's API; check its address")
    )
    return kind(f"{reason}: {advice}")


def token_code(answer: HttpAnswer) -> int | None:
    """The code of a 401 that speaks of the access token."""
    code = _whole_number(_error(answer).get("serviceErrorCode"))
    return code if answer.status == 401 and code in _TOKEN_CODES else None  # noqa: PLR2004 - HTTP's own


def said(text: Any) -> str:
    """Somebody else's words for the log: one line, not too long, without secrets."""
    line = " ".join(text.split()) if isinstance(text, str) else ""
    return _SECRET.sub(r"\1…", line)[:_LONGEST_MESSAGE]


def until_midnight(now: datetime) -> float:
    """Seconds until LinkedIn counts anew, at midnight UTC; more than 0.

    https://learn.microsoft.com/linkedin/shared/api-guide/concepts/rate-limits
    """
    tomorrow = datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)
    return (tomorrow - now).total_seconds()


def _described(answer: HttpAnswer, call: Call, error: dict[str, Any]) -> str:
    """For example "LinkedIn, reading leads: 403 (100): Not enough permissions …"."""
    code = _whole_number(error.get("serviceErrorCode"))
    known = f" ({code})" if code is not None else ""
    message = said(error.get("message"))
    return f"LinkedIn, {call.name}: {answer.status}{known}{f': {message}' if message else ''}"


def _error(answer: HttpAnswer) -> dict[str, Any]:
    return answer.json_object() or {}


def _whole_number(given: Any) -> int | None:
    if isinstance(given, str) and given.isascii() and given.isdigit():
        return int(given)
    return given if isinstance(given, int) and not isinstance(given, bool) else None
