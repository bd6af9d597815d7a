"""The text of a Dataverse `$batch`: writing requests, reading answers.

Layout and rules: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/
execute-batch-operations-using-web-api. Every line ends in CRLF, the last one too.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message
from email.policy import HTTP
from types import MappingProxyType
from typing import Any

SERVICE_PATH = "/api/data/v9.2/"
_LINE = "\r\n"
_NONE: Mapping[str, str] = MappingProxyType({})


class AnswerUnreadable(ValueError):
    """The text is not what Dataverse would answer."""


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One request. `path` lies below `/api/data/v9.2/` and is percent-encoded; `body` is JSON."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=lambda: _NONE)
    body: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The answer to one operation. Names of `headers` are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def succeeded(self) -> bool:
        return 200 <= self.status < 300  # noqa: PLR2004 - HTTP's own range

    def json(self) -> dict[str, Any]:
        """The body as a JSON object. Raises AnswerUnreadable."""
        try:
            content = json.loads(self.body)
        except ValueError:
            raise AnswerUnreadable("no JSON") from None
        if not isinstance(content, dict):
            raise AnswerUnreadable("no JSON object")
        return content


def content_type(boundary: str) -> str:
    """The Content-Type of a whole batch."""
    return f'multipart/mixed; boundary="{boundary}"'


def write_queries(paths: Iterable[str], boundary: str) -> bytes:
    """GETs, each on its own: a change set may not hold any."""
    parts = [_part(Operation(method="GET", path=path)) for path in paths]
    return _joined(parts, boundary).encode()


def write_change_set(operations: Sequence[Operation], boundary: str) -> bytes:
    """One atomic change set: all operations are done, or none."""
    inner = f"changeset_{boundary}"
    parts = [_part(operation, number) for number, operation in enumerate(operations, start=1)]
    change_set = f"Content-Type: {content_type(inner)}{_LINE}{_LINE}{_joined(parts, inner)}"
    return _joined([change_set], boundary).encode()


def read_answers(content_type: str, body: bytes) -> tuple[Answer, ...]:
    """The answers in the order of the operations; those of a change set are not nested.

    A change set that failed has one answer, of the operation that failed. Raises
    AnswerUnreadable.
    """
    head = f"Content-Type: {content_type}{_LINE}{_LINE}".encode()
    try:
        batch = message_from_bytes(head + body, policy=HTTP)
        if not batch.is_multipart():
            raise AnswerUnreadable("no multipart text")
        return tuple(_answer(part) for part in batch.walk() if not part.is_multipart())
    except (MessageError, UnicodeError) as error:
        raise AnswerUnreadable(type(error).__name__) from None


def _part(operation: Operation, content_id: int | None = None) -> str:
    lines = ["Content-Type: application/http", "Content-Transfer-Encoding: binary"]
    if content_id is not None:  # change sets are refused without
        lines.append(f"Content-ID: {content_id}")
    lines += ["", f"{operation.method} {SERVICE_PATH}{operation.path} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in operation.headers.items()]
    body = ""
    if operation.body is not None:
        lines.append("Content-Type: application/json")
        body = json.dumps(operation.body)
    return _LINE.join([*lines, "", body])


def _joined(parts: Iterable[str], boundary: str) -> str:
    opened = "".join(f"--{boundary}{_LINE}{part}{_LINE}" for part in parts)
    return f"{opened}--{boundary}--{_LINE}"


def _answer(part: Message) -> Answer:
    """From an `application/http` part: status line, headers, empty line, body."""
    text = part.get_payload(decode=True)
    if not isinstance(text, bytes):
        raise AnswerUnreadable("a part without text")
    status_line, _, rest = text.lstrip().partition(b"\n")
    words = status_line.split()
    if len(words) < 2 or not words[0].startswith(b"HTTP/") or not words[1].isdigit():  # noqa: PLR2004 - protocol and status
        raise AnswerUnreadable("a part without a status line")
    head = message_from_bytes(rest, policy=HTTP)
    headers = {name.lower(): str(value) for name, value in head.items()}
    content = head.get_payload(decode=True)
    body = content if isinstance(content, bytes) else b""
    return Answer(status=int(words[1]), headers=headers, body=body.strip())
