"""One request and its answer, whatever it says."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import requests

from shared.failures import TemporaryFailure
from shared.linkedin.failures import OutOfTime
from shared.ports import Deadline

LONGEST_CALL: Final = 30.0  # seconds


@dataclass(frozen=True, kw_only=True)
class HttpRequest:
    """`headers` and `body` may hold secrets, `url` may not."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None = None

    @property
    def may_repeat(self) -> bool:
        """Whether sending it twice is as good as once."""
        return self.method != "POST"


@dataclass(frozen=True, kw_only=True)
class HttpAnswer:
    """Names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def succeeded(self) -> bool:
        return 200 <= self.status < 300  # noqa: PLR2004 - HTTP's own range

    def json_object(self) -> dict[str, Any] | None:
        """The body, where it is a JSON object."""
        try:
            given = json.loads(self.body)
        except (ValueError, RecursionError):
            return None
        return given if isinstance(given, dict) else None


def exchange(
    http: requests.Session, request: HttpRequest, name: str, deadline: Deadline
) -> HttpAnswer:
    """Redirects are not followed: LinkedIn's API has none, a wrong address does.

    Raises TemporaryFailure when there is no answer: OutOfTime when none could come in time.
    """
    remaining = deadline.remaining()
    if remaining <= 0:
        raise OutOfTime(f"LinkedIn, {name}: no time left")
    try:
        response = http.request(
            request.method,
            request.url,
            data=request.body,
            headers=dict(request.headers),
            timeout=min(LONGEST_CALL, remaining),
            allow_redirects=False,
        )
    except requests.RequestException as error:
        too_late = isinstance(error, requests.Timeout) and remaining < LONGEST_CALL
        kind = OutOfTime if too_late else TemporaryFailure
        # Its text quotes the URL: not chained.
        raise kind(
            f"LinkedIn, {name}: {type(error).__name__}", may_have_happened=not request.may_repeat
        ) from None
    headers = {name.lower(): value for name, value in response.headers.items()}
    return HttpAnswer(status=response.status_code, headers=headers, body=response.content)
