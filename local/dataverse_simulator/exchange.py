"""One operation and its answer: the same for a plain call and for a part of a `$batch`."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from local.dataverse_simulator.errors import DataverseError, bad_payload

SERVICE_PATH = "/api/data/v9.2/"


@dataclass(frozen=True, kw_only=True)
class Operation:
    """`path` and `query` are percent-encoded; `path` is relative to the service root.

    `headers` have lower-case names; `origin` is scheme and host as the client addressed them;
    `application_id` is the application that the bearer token was issued for.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    origin: str
    application_id: str = ""

    @property
    def service_root(self) -> str:
        return f"{self.origin}{SERVICE_PATH}"

    def prefers(self, preference: str) -> bool:
        return preference in (part.strip() for part in self.headers.get("prefer", "").split(","))

    @property
    def max_page_size(self) -> int | None:
        """`Prefer: odata.maxpagesize=N`, N ≥ 1."""
        match = re.search(r"odata\.maxpagesize\s*=\s*(\d+)", self.headers.get("prefer", ""))
        return max(1, int(match[1])) if match else None

    @property
    def annotations(self) -> tuple[str, ...]:
        """Patterns of `Prefer: odata.include-annotations="*"`."""
        match = re.search(
            r'odata\.include-annotations\s*=\s*("?)([^"]*)\1', self.headers.get("prefer", "")
        )
        return tuple(part.strip() for part in match[2].split(",")) if match else ()


@dataclass(frozen=True, kw_only=True)
class Answer:
    """`created` is the address that a Content-ID stands for later in the same change set."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    created: str = ""

    @property
    def payload(self) -> bytes:
        if self.body is None:
            return b""
        if isinstance(self.body, str):
            return self.body.encode()
        return json.dumps(self.body, ensure_ascii=False).encode()

    @property
    def all_headers(self) -> dict[str, str]:
        kind = "text/plain" if isinstance(self.body, str) else "application/json"
        content = {"Content-Type": f"{kind}; odata.metadata=minimal"} if self.body else {}
        return {**content, "OData-Version": "4.0", **self.headers}


def answer_of(error: DataverseError) -> Answer:
    return Answer(status=error.status, headers=error.headers, body=error.body)


def json_object(operation: Operation, entity_set: str) -> dict[str, Any]:
    """The body as a JSON object. Raise DataverseError (400, 415).

    A property given twice is refused, as OData does.
    """
    content_type = operation.headers.get("content-type", "").partition(";")[0].strip().lower()
    if operation.body and content_type != "application/json":
        raise DataverseError(
            415,
            "",
            f"The request entity's media type '{content_type}' is not supported for this resource.",
        )

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            raise bad_payload(
                entity_set,
                "Microsoft.OData.ODataException: Multiple properties with the name "
                f"'{twice}' were detected in a resource or a complex value.",
            )
        return found

    try:
        payload = json.loads(operation.body or b"{}", object_pairs_hook=unique)
    except (ValueError, RecursionError) as error:
        raise bad_payload(entity_set, f"Microsoft.OData.ODataException: {error}") from error
    if not isinstance(payload, dict):
        raise bad_payload(
            entity_set,
            "Microsoft.OData.ODataException: An unexpected node was found when reading from the "
            "JSON reader. A 'StartObject' node was expected.",
        )
    return payload


def timestamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
