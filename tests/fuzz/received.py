"""Reads mails and batches with other parsers than those that wrote them, and believes nothing."""

import json
import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import HTTP, default
from typing import Any, cast

import requests
from bs4 import BeautifulSoup

LONGEST_LINE = 998  # RFC 5322 section 2.1.1
# Each mail has its own: two tokens, and the code that is typed where a machine opened the links.
_OWN = re.compile(r"token=[A-Za-z0-9_.-]+|(?<!\w)\d{3}\s\d{3}(?!\w)")
_REQUEST_LINE = re.compile(
    r"(PATCH|POST|GET) /api/data/v9\.2/([!-~]+) HTTP/1\.1"  # visible ASCII only
)


@dataclass(frozen=True, kw_only=True)
class ReadMail:
    """`headers` are names in order; texts have `OWN` for their tokens and code."""

    headers: list[str]
    to: list[str]
    subject: str
    text: str
    html: str
    tags: list[str]


def read_mail(raw: bytes) -> ReadMail:
    """A mail, if its bytes are well-formed."""
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", raw), "a bare CR or LF"
    assert b"\0" not in raw
    assert max(len(line) for line in raw.split(b"\r\n")) <= LONGEST_LINE
    message = message_from_bytes(raw, policy=default)
    assert message.get_content_type() == "multipart/alternative"
    plain, html = cast("list[EmailMessage]", list(message.iter_parts()))
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    for part in message.walk():
        assert part.get_content_disposition() is None
        assert not part.defects
    shown = html.get_content()
    return ReadMail(
        headers=[name.lower() for name in message],
        to=[_utf8(address.addr_spec) for address in message["To"].addresses],
        subject=str(message["Subject"]),
        text=_OWN.sub("OWN", plain.get_content()),
        html=_OWN.sub("OWN", shown),
        tags=[tag.name for tag in BeautifulSoup(shown, "html.parser").find_all()],
    )


def _utf8(address: str) -> str:
    """With SMTPUTF8 headers are UTF-8 (RFC 6532), which the parser hands over as bytes."""
    return address.encode("utf-8", "surrogateescape").decode()


@dataclass(frozen=True, kw_only=True)
class ReadOperation:
    """One request of a batch; `body` is None where there is none."""

    method: str
    path: str
    body: Any


def read_batch(request: requests.PreparedRequest) -> list[ReadOperation]:
    """The operations of a `$batch` as any MIME parser sees them."""
    assert isinstance(request.body, bytes)
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", request.body), "a bare CR or LF"
    assert request.body.isascii()
    head = f"Content-Type: {request.headers['Content-Type']}\r\n\r\n".encode()
    batch = message_from_bytes(head + request.body, policy=HTTP)
    return [_operation(part) for part in batch.walk() if not part.is_multipart()]


def _operation(part: Message) -> ReadOperation:
    assert part.get_content_type() == "application/http"
    text = part.get_payload()
    assert isinstance(text, str)
    head, _, body = text.partition("\r\n\r\n")
    line, *headers = head.split("\r\n")
    found = _REQUEST_LINE.fullmatch(line)
    assert found, line
    names = [header.partition(":")[0] for header in headers]
    assert set(names) <= {"Content-Type", "If-Match", "If-None-Match", "Prefer"}, names
    assert len(set(names)) == len(names)
    return ReadOperation(
        method=found[1], path=found[2], body=json.loads(body) if body.strip() else None
    )
