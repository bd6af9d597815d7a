"""The text of a Dataverse `$batch`: writing requests.

Layout and rules: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/
execute-batch-operations-using-web-api. Every line ends in CRLF, the last one too.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

SERVICE_PATH = "/api/data/v9.2/"
_LINE = "\r\n"
_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One request. `path` lies below `/api/data/v9.2/` and is percent-encoded; `body` is JSON."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=lambda: _NONE)
    body: Mapping[str, Any] | None = None


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
