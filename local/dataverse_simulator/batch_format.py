"""The multipart text of `$batch`: reading requests, writing responses.

Rules and layout: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/
execute-batch-operations-using-web-api. Lines end in CRLF, the last one too
(https://learn.microsoft.com/troubleshoot/power-platform/dataverse/dataverse-web-api-and-sdk/
web-api-client-errors, "Stream was not readable"); inside a JSON body any line ending will do.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from uuid import uuid4

from local.dataverse_simulator.errors import DataverseError, bad_payload
from local.dataverse_simulator.exchange import SERVICE_PATH, Answer, Operation
from local.dataverse_simulator.odata_path import split_url

MOST_OPERATIONS = 1000
BOUNDARY = re.compile(r'multipart/mixed\s*;.*?boundary\s*=\s*"?([^";]+)"?', re.IGNORECASE)
PHRASES = {status.value: status.phrase for status in HTTPStatus}
REQUEST_LINE = re.compile(r"([A-Z]+) (\S+) HTTP/1\.1")


@dataclass(frozen=True, kw_only=True)
class BatchItem:
    """One operation as it stood in the batch; `content_id` is empty where none was given."""

    operation: Operation
    content_id: str


@dataclass(frozen=True, kw_only=True)
class BatchPart:
    """A change set, or a single operation on its own (`atomic` False, one item)."""

    atomic: bool
    items: tuple[BatchItem, ...]


@dataclass(frozen=True, kw_only=True)
class PartAnswer:
    """The answers to one part, with the Content-ID of each."""

    atomic: bool
    answers: Sequence[tuple[str, Answer]]


def read_batch(content_type: str, body: bytes, outer: Operation) -> list[BatchPart]:
    """Raise DataverseError (400) where the text is no batch or too long."""
    parts = [_part(headers, text, outer) for headers, text in _split(content_type, body)]
    if sum(len(part.items) for part in parts) > MOST_OPERATIONS:
        raise DataverseError(
            400,
            "0x80060888",
            "The batch contains too many operations. Only a maximum number of "
            f"'{MOST_OPERATIONS}' operations are allowed.",
        )
    return parts


def write_batch(parts: Sequence[PartAnswer]) -> tuple[str, bytes]:
    """The Content-Type and body of a batch response."""
    boundary = f"batchresponse_{uuid4()}"
    texts = []
    for part in parts:
        if part.atomic:
            inner = f"changesetresponse_{uuid4()}"
            head = f"Content-Type: multipart/mixed; boundary={inner}\r\n\r\n"
            texts.append(head.encode() + _joined(inner, [_http(*one) for one in part.answers]))
        else:
            texts.extend(_http(*one) for one in part.answers)
    return f"multipart/mixed; boundary={boundary}", _joined(boundary, texts)


def _split(content_type: str, body: bytes) -> list[tuple[dict[str, str], bytes]]:
    """Header and text of each part between the boundaries."""
    match = BOUNDARY.match(content_type)
    if match is None:
        raise DataverseError(
            400, "0x80060888", f"'{content_type}' is not multipart/mixed with a boundary."
        )
    delimiter = b"\r\n--" + match[1].strip().encode()
    before, *pieces = (b"\r\n" + body).split(delimiter)
    if before.strip() or not pieces or pieces[-1].rstrip(b" ") != b"--\r\n":
        raise _unreadable()
    return [_headers_and_text(piece.removeprefix(b"\r\n")) for piece in pieces[:-1]]


def _headers_and_text(piece: bytes) -> tuple[dict[str, str], bytes]:
    head, separator, text = piece.partition(b"\r\n\r\n")
    if not separator or b"\n" in head.replace(b"\r\n", b""):
        raise _unreadable()
    return _headers(head.decode("utf-8", "replace").split("\r\n")), text


def _headers(lines: Sequence[str]) -> dict[str, str]:
    headers = {}
    for line in filter(None, lines):
        name, colon, value = line.partition(":")
        if not colon:
            raise _unreadable()
        headers[name.strip().lower()] = value.strip()
    return headers


def _part(headers: Mapping[str, str], text: bytes, outer: Operation) -> BatchPart:
    content_type = headers.get("content-type", "")
    if not content_type.lower().startswith("multipart/mixed"):
        return BatchPart(atomic=False, items=(_item(headers, text, outer),))
    inner = _split(content_type, text if text.endswith(b"\r\n") else text + b"\r\n")
    items = tuple(_item(*piece, outer) for piece in inner)
    ids = [item.content_id for item in items if item.content_id]
    if len(ids) != len(set(ids)):
        raise DataverseError(400, "0x80060888", "A Content-ID occurs twice in one change set.")
    return BatchPart(atomic=True, items=items)


def _item(headers: Mapping[str, str], text: bytes, outer: Operation) -> BatchItem:
    encoding = headers.get("content-transfer-encoding", "").lower()
    if headers.get("content-type", "").lower() != "application/http" or encoding != "binary":
        raise DataverseError(
            400,
            "0x80060888",
            "Each item of a batch needs the headers 'Content-Type: application/http' and "
            "'Content-Transfer-Encoding: binary'.",
        )
    head, separator, body = text.partition(b"\r\n\r\n")
    first, *lines = head.decode("utf-8", "replace").split("\r\n")
    match = REQUEST_LINE.fullmatch(first.strip())
    if match is None or (not separator and body):
        raise _unreadable()
    path, query = _relative(match[2], outer)
    operation = Operation(
        method=match[1],
        path=path,
        query=query,
        headers=_headers(lines),
        body=body.strip(),
        origin=outer.origin,
        application_id=outer.application_id,
    )
    return BatchItem(operation=operation, content_id=headers.get("content-id", ""))


def _relative(url: str, outer: Operation) -> tuple[str, str]:
    """Path and query relative to the service root, whatever form the URL has."""
    parts = split_url(url)
    if parts.netloc and parts.netloc != split_url(outer.origin).netloc:
        raise DataverseError(
            400, "0x80060888", f"The URL '{url}' is not below '{outer.service_root}'."
        )
    path = parts.path
    if path.startswith("/") and not path.startswith(SERVICE_PATH):
        raise DataverseError(404, "0x8006088a", f"Resource not found for the segment '{path}'.")
    return path.removeprefix(SERVICE_PATH), parts.query


def _http(content_id: str, answer: Answer) -> bytes:
    lines = ["Content-Type: application/http", "Content-Transfer-Encoding: binary"]
    if content_id:
        lines.append(f"Content-ID: {content_id}")
    lines += ["", f"HTTP/1.1 {answer.status} {PHRASES.get(answer.status, 'Error')}"]
    lines += [f"{name}: {value}" for name, value in answer.all_headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + answer.payload


def _joined(boundary: str, texts: Sequence[bytes]) -> bytes:
    opened = [f"--{boundary}\r\n".encode() + text + b"\r\n" for text in texts]
    return b"".join(opened) + f"--{boundary}--\r\n".encode()


def _unreadable() -> DataverseError:
    return bad_payload("", "System.ArgumentException: Stream was not readable.")
