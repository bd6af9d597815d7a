"""Talking to LinkedIn's API: headers, token, throttling, failures, and what is logged."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import requests

from shared import events
from shared.adapters.linkedin.access import LinkedInAccess
from shared.adapters.linkedin.exchange import HttpAnswer, HttpRequest, exchange
from shared.adapters.linkedin.failure_of import REVOKED, failure_of, token_code
from shared.failures import TemporaryFailure
from shared.linkedin.calls import Call
from shared.linkedin.failures import NotLinkedIn, TokenSettling
from shared.ports import Deadline
from shared.values.event_catalogue import Event
from shared.values.linkedin.authorization import SETTLING, Authorization

DEFAULT_URL: Final = "https://api.linkedin.com"
# https://learn.microsoft.com/linkedin/marketing/versioning: a version lives for a year.
DEFAULT_VERSION: Final = "202607"
# Some throttles last for seconds only. LinkedIn does not say which one it is.
BRIEF_PAUSE: Final = 2.0
_THROTTLED: Final = 429
# By these LinkedIn's support finds a call.
_TRACES: Final = ("x-li-uuid", "x-li-fabric", "x-li-request-id")


@dataclass(frozen=True, kw_only=True)
class LinkedInApi:
    """`version` is the header LinkedIn-Version: year and month, with no default at LinkedIn."""

    url: str = DEFAULT_URL
    version: str = DEFAULT_VERSION


@dataclass(frozen=True, kw_only=True)
class ApiRequest:
    """`target` comes from restli.target."""

    method: str
    target: str
    body: Mapping[str, Any] | None = None
    restli_method: str | None = None


class LinkedInSession:
    """One LinkedIn API as one member sees it."""

    def __init__(
        self,
        api: LinkedInApi,
        access: LinkedInAccess,
        http: requests.Session,
        now: Callable[[], datetime],
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._url = f"{api.url.rstrip('/')}/rest/"
        self._version = api.version
        self._access = access
        self._http = http
        self._now = now
        self._pause = pause

    def get(self, target: str, call: Call, deadline: Deadline) -> dict[str, Any]:
        """The JSON object at a target of restli.target. Raises as `send`."""
        request = ApiRequest(method="GET", target=target)
        given = self.send(request, call, deadline).json_object()
        if given is None:
            raise NotLinkedIn(f"LinkedIn, {call.name}: not an answer of it; check its address")
        return given

    def send(self, wanted: ApiRequest, call: Call, deadline: Deadline) -> HttpAnswer:
        """The answer, which is a success.

        A refused token is renewed once; a throttled call is repeated once, after a brief pause.
        Raises TemporaryFailure and PermanentFailure; see failures.
        """
        request = HttpRequest(
            method=wanted.method,
            url=f"{self._url}{wanted.target}",
            headers=self._headers(wanted),
            body=None if wanted.body is None else json.dumps(wanted.body).encode(),
        )
        answer = self._with_token(request, call, deadline)
        if answer.status == _THROTTLED and deadline.remaining() > BRIEF_PAUSE:
            self._pause(BRIEF_PAUSE)
            answer = self._with_token(request, call, deadline)
        if not answer.succeeded:
            failure = failure_of(answer, call, self._now())
            if isinstance(failure, TemporaryFailure):
                failure.may_have_happened = answer.status != _THROTTLED and not request.may_repeat
            raise failure
        return answer

    def _with_token(self, request: HttpRequest, call: Call, deadline: Deadline) -> HttpAnswer:
        token = self._access.current(deadline)
        answer = self._exchange(request, token, call, deadline)
        if token_code(answer) is not None:
            self._require_settled(answer, token, call)
            token = self._access.renewed(token, deadline)
            answer = self._exchange(request, token, call, deadline)
            self._require_settled(answer, token, call)
        return answer

    def _require_settled(self, answer: HttpAnswer, token: Authorization, call: Call) -> None:
        if token_code(answer) == REVOKED and token.is_settling(self._now()):
            wait = token.issued_at + SETTLING - self._now()
            raise TokenSettling(
                f"LinkedIn, {call.name}: 401 (65601): the token is fresh", wait.total_seconds()
            )

    def _exchange(
        self, request: HttpRequest, token: Authorization, call: Call, deadline: Deadline
    ) -> HttpAnswer:
        headers = {**request.headers, "Authorization": f"Bearer {token.access_token}"}
        answer = exchange(self._http, replace(request, headers=headers), call.name, deadline)
        _note(request.method, call, answer)
        return answer

    def _headers(self, wanted: ApiRequest) -> dict[str, str]:
        headers = {
            "Accept": "application/json",
            "LinkedIn-Version": self._version,
            "X-Restli-Protocol-Version": "2.0.0",
        }
        if wanted.body is not None:
            headers["Content-Type"] = "application/json"
        if wanted.restli_method is not None:
            headers["X-RestLi-Method"] = wanted.restli_method
        return headers


def _note(method: str, call: Call, answer: HttpAnswer) -> None:
    """Never a body, never a query."""
    uuid, fabric, request = (_trace(answer, name) for name in _TRACES)
    (events.note if answer.succeeded else events.warn)(
        Event.LINKEDIN_CALL,
        method=method,
        call=call.name,
        status=answer.status,
        li_uuid=uuid,
        li_fabric=fabric,
        li_request_id=request,
    )


def _trace(answer: HttpAnswer, name: str) -> str | None:
    value = answer.headers.get(name)
    return value[:100] if value else None
