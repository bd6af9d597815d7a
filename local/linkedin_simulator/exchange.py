"""One request below `/rest/` and its answer."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from local.linkedin_simulator.errors import LinkedInError

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, kw_only=True)
class Operation:
    """`path` (below `/rest/`) and `query` are percent-encoded; `headers` in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, kw_only=True)
class Answer:
    """`delay` (seconds) and `drop` are what faults want done to it: come late, or never."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0
    drop: bool = False

    @property
    def payload(self) -> bytes:
        return b"" if self.body is None else json.dumps(self.body).encode()

    @property
    def all_headers(self) -> dict[str, str]:
        """With those by which LinkedIn's support finds a call."""
        content = {} if self.body is None else {"Content-Type": JSON}
        return {
            **content,
            "X-RestLi-Protocol-Version": "2.0.0",
            "x-li-fabric": "simulator",
            "x-li-request-id": uuid4().hex,
            "x-li-uuid": uuid4().hex,
            **self.headers,
        }


def answer_of(error: LinkedInError) -> Answer:
    return Answer(status=error.status, body=error.body, headers=error.headers)


def untunnelled(operation: Operation) -> Operation:
    """A long query sent as a form body is the GET that it stands for.

    https://linkedin.github.io/rest.li/spec/protocol, "Request Query Tunneling"
    """
    override = operation.headers.get("x-http-method-override")
    if override is None:
        return operation
    if operation.method != "POST" or override != "GET" or operation.content_type != FORM:
        raise LinkedInError(
            400, "BAD_REQUEST", "X-HTTP-Method-Override: only GET, as a POST with a form body"
        )
    if operation.query:
        raise LinkedInError(400, "BAD_REQUEST", "A tunnelled query stands in the body only")
    return Operation(
        method="GET",
        path=operation.path,
        query=operation.body.decode("ascii", "replace"),
        headers=operation.headers,
        body=b"",
    )


def json_object(operation: Operation) -> dict[str, Any]:
    """The body. Raise LinkedInError (400, 415)."""
    if operation.content_type != JSON:
        raise LinkedInError(
            415, "UNSUPPORTED_MEDIA_TYPE", f"Content-Type must be {JSON} for this request"
        )
    try:
        payload = json.loads(operation.body, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise LinkedInError(400, "BAD_REQUEST", f"The body is not JSON: {error}") from error
    if not isinstance(payload, dict):
        raise LinkedInError(400, "BAD_REQUEST", "The body has to be a JSON object")
    return payload


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
