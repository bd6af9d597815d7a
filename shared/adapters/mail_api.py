"""Calls to a mail provider's HTTP API, and which failure its answers are."""

import re
from datetime import UTC, datetime
from typing import Any

import requests
from urllib3.exceptions import NewConnectionError

from shared.adapters.retry_after import retry_after_seconds
from shared.failures import PermanentFailure, TemporaryFailure

# Seconds to connect, seconds between two bytes of the answer.
TIMEOUTS = (5.0, 20.0)

# A proxy or the service gave up while the work may have been done, or an earlier request with
# the same operation id is in its way.
_UNKNOWN = frozenset({409, 500, 502, 504})
# Besides every 5xx: too slow, a conflict with a request under way, too early, too many.
_LATER = {408, 409, 425, 429}
# Codes are names such as "InvalidRecipients". Anything else could quote an address.
_CODE = re.compile(r"[A-Za-z0-9_.]{1,80}")


def call_mail_api(  # noqa: PLR0913 - the parts of an HTTP request
    session: requests.Session,
    provider: str,
    method: str,
    url: str,
    *,
    headers: dict[str, str],
    body: dict[str, Any] | None = None,
    timeouts: tuple[float, float] = TIMEOUTS,
) -> requests.Response:
    """The provider's answer, whatever its status. Redirects are not followed: none is expected.

    Raises TemporaryFailure when no whole answer came; the mail may have been taken nevertheless.
    """
    try:
        return session.request(
            method, url, headers=headers, json=body, timeout=timeouts, allow_redirects=False
        )
    except requests.RequestException as error:
        # Its text names host and path: not chained.
        reason = f"{provider}: no answer ({type(error).__name__})"
        raise TemporaryFailure(reason, may_have_happened=not _never_connected(error)) from None


def _never_connected(error: requests.RequestException) -> bool:
    """Whether the request cannot have arrived."""
    cause = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(error, requests.ConnectTimeout) or isinstance(cause, NewConnectionError)


def failure_in(answer: requests.Response, provider: str) -> TemporaryFailure | PermanentFailure:
    """The failure that an answer means: its text has status and error code, never the message."""
    reason = f"{provider}: {answer.status_code} {error_code(json_of(answer))}"
    if answer.status_code in _LATER or answer.status_code >= requests.codes.server_error:
        wait = retry_after_seconds(answer.headers.get("Retry-After"), datetime.now(UTC))
        unknown = answer.status_code in _UNKNOWN
        failure = TemporaryFailure(reason, wait, may_have_happened=unknown)
        failure.throttled = answer.status_code == requests.codes.too_many_requests
        return failure
    return PermanentFailure(reason)


def json_of(answer: requests.Response) -> dict[str, Any]:
    """The answer's JSON object; empty when it has none."""
    try:
        content = answer.json()
    except requests.JSONDecodeError:
        return {}
    return content if isinstance(content, dict) else {}


def error_code(content: dict[str, Any]) -> str:
    """`error.code` of an Azure or Graph error object, or "without a code"."""
    error = content.get("error")
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, str) and _CODE.fullmatch(code) else "without a code"
