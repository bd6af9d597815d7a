"""The text of a Dataverse `$batch`: reading answers.

Multipart text as RFC 2046 section 5.1 has it, read with a few searches: the standard library's
parser is made for mails and looks at each line, which took a seventh of a click's processor time.
Lines may end in LF alone, as in Microsoft's own examples.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_BOUNDARY = re.compile(
    r"""multipart/mixed\s*;.*\bboundary=(?:"([^"]+)"|([^\s;"]+))""", re.IGNORECASE
)
_LINE_BREAK = re.compile(r"\r?\n")
_EMPTY_LINE = re.compile(rb"(?:\A|\r?\n)\r?\n")
_STATUS_LINE = re.compile(rb"\s*HTTP/[0-9.]+ +([0-9]{3})\b[^\r\n]*(?:\r?\n|\Z)")


class AnswerUnreadable(ValueError):
    """The text is not what Dataverse would answer."""


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


def read_answers(content_type: str, body: bytes) -> tuple[Answer, ...]:
    """The answers in the order of the operations; those of a change set are not nested.

    A change set that failed has one answer, of the operation that failed. Raises
    AnswerUnreadable.
    """
    return tuple(_answers(content_type, body))


def _answers(content_type: str, text: bytes) -> Iterator[Answer]:
    named = _BOUNDARY.match(content_type.strip())
    if named is None:
        raise AnswerUnreadable("no multipart text")
    for part in _parts(text, (named[1] or named[2]).encode()):
        headers, content = _head_and_rest(part)
        inner = headers.get("content-type", "")
        if inner.lower().startswith("multipart/"):
            yield from _answers(inner, content)
        else:
            yield _answer(content)


def _parts(text: bytes, boundary: bytes) -> Iterator[bytes]:
    """The line break before a boundary belongs to it.

    Raises AnswerUnreadable where the end is gone.
    """
    line = re.compile(rb"(?:\A|\r?\n)--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r?\n|\Z)")
    begin = None
    for found in line.finditer(text):
        if begin is not None:
            yield text[begin : found.start()].removeprefix(b"\r").removeprefix(b"\n")
        if found[1]:
            return
        begin = found.end()
    raise AnswerUnreadable("multipart text without its end")


def _answer(text: bytes) -> Answer:
    """From an `application/http` part: status line, headers, empty line, body."""
    status = _STATUS_LINE.match(text)
    if status is None:
        raise AnswerUnreadable("a part without a status line")
    headers, body = _head_and_rest(text[status.end() :])
    return Answer(status=int(status[1]), headers=headers, body=body.strip())


def _head_and_rest(text: bytes) -> tuple[dict[str, str], bytes]:
    """Headers by name in lower case, and what follows the empty line."""
    empty = _EMPTY_LINE.search(text)
    head, rest = (text[: empty.start()], text[empty.end() :]) if empty else (text, b"")
    headers = {}
    for line in _LINE_BREAK.split(head.decode("utf-8", "replace")):
        name, colon, value = line.partition(":")
        if colon:
            headers[name.strip().lower()] = value.strip()
    return headers, rest
