"""What is known about leads, in Azure Table Storage. No answer of a person stands here."""

import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic.alias_generators import to_camel

from shared.adapters.guarded_rows import GuardedRows
from shared.adapters.storage_access import StorageAccess
from shared.failures import PermanentFailure
from shared.ports import LeadPage, Versioned
from shared.values.base import Value
from shared.values.lead_cursor import LeadCursor
from shared.values.lead_row import LeadRow, LeadState
from shared.values.lead_tidying import LeadTidying
from shared.values.linkedin.symbols import LeadType

TABLE = "leads"
_ROW = "lead"
_TIDYING = ("linkedin", "tidying")
# Keys must not hold / \ # ? or control characters.
# https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model
_PLAIN = re.compile(r"[A-Za-z0-9._-]+")
# What storage gives at once.
# https://learn.microsoft.com/rest/api/storageservices/query-timeout-and-pagination
_LARGEST_PAGE = 1000

V = TypeVar("V", bound=Value)


class LeadsTable:
    """Implements ports.LeadRows. PartitionKey = the lead's id; cursors under their owner's URN."""

    def __init__(self, access: StorageAccess, *, page: int = _LARGEST_PAGE) -> None:
        self._rows = GuardedRows(access, TABLE)
        self._page = page

    def find(self, lead: str) -> Versioned[LeadRow] | None:
        """See ports.LeadRows."""
        found = self._rows.get(_partition(lead), _ROW)
        return _lead(*found) if found else None

    def save(self, row: Versioned[LeadRow]) -> Versioned[LeadRow]:
        """See ports.LeadRows."""
        keys = {"PartitionKey": _partition(row.value.lead), "RowKey": _ROW}
        return row.saved_as(self._rows.put(_columns(row.value) | keys, row.etag))

    def delete(self, row: Versioned[LeadRow]) -> None:
        """See ports.LeadRows."""
        self._rows.delete(_partition(row.value.lead), _ROW, row.etag)

    def parked(self) -> Iterator[Versioned[LeadRow]]:
        """See ports.LeadRows."""
        for found in self._rows.where("state", LeadState.PARKED.value):
            yield _lead(*found)

    def page(self, after: str | None) -> LeadPage:
        """See ports.LeadRows."""
        found = self._rows.page(_ROW, after, self._page)
        rows, damaged = [], []
        for row, etag in found:
            try:
                rows.append(_lead(row, etag))
            except PermanentFailure:
                damaged.append(str(row["PartitionKey"]))
        end = str(found[-1][0]["PartitionKey"]) if found else None
        return LeadPage(rows=tuple(rows), damaged=tuple(damaged), end=end)

    def find_tidying(self) -> Versioned[LeadTidying]:
        """See ports.LeadRows."""
        found = self._rows.get(*_TIDYING)
        if found is None:
            return Versioned(value=LeadTidying(), etag=None)
        row, etag = found
        return Versioned(value=_read(LeadTidying, row), etag=etag)

    def save_tidying(self, tidying: Versioned[LeadTidying]) -> Versioned[LeadTidying]:
        """See ports.LeadRows."""
        partition, row = _TIDYING
        keys = {"PartitionKey": partition, "RowKey": row}
        return tidying.saved_as(self._rows.put(_columns(tidying.value) | keys, tidying.etag))

    def find_cursor(self, owner: str, lead_type: LeadType) -> Versioned[LeadCursor]:
        """See ports.LeadRows."""
        found = self._rows.get(owner, _cursor_row(lead_type))
        if found is None:
            return Versioned(value=LeadCursor(), etag=None)
        row, etag = found
        return Versioned(value=_read(LeadCursor, row), etag=etag)

    def save_cursor(self, owner: str, lead_type: LeadType, cursor: Versioned[LeadCursor]) -> None:
        """See ports.LeadRows."""
        keys = {"PartitionKey": owner, "RowKey": _cursor_row(lead_type)}
        self._rows.put(_columns(cursor.value) | keys, cursor.etag)

    def reach(self) -> None:
        """Raises TemporaryFailure when the table is not there or may not be read."""
        self._rows.get("reachable", "reachable")


def _partition(lead: str) -> str:
    if _PLAIN.fullmatch(lead):
        return lead
    return "=" + urlsafe_b64encode(lead.encode()).decode().rstrip("=")


def _cursor_row(lead_type: LeadType) -> str:
    return f"cursor {lead_type.value}"


def _columns(value: Value) -> dict[str, Any]:
    columns = value.model_dump(mode="json", by_alias=True, exclude_none=True)
    return {name: json.dumps(v) if isinstance(v, list) else v for name, v in columns.items()}


def _lead(row: Mapping[str, Any], etag: str) -> Versioned[LeadRow]:
    return Versioned(value=_read(LeadRow, {**row, "reasons": _reasons(row)}), etag=etag)


def _reasons(row: Mapping[str, Any]) -> Any:
    try:
        return json.loads(row.get("reasons", "[]"))
    except ValueError:
        return None


def _read(kind: type[V], row: Mapping[str, Any]) -> V:
    known = {to_camel(name) for name in kind.model_fields}
    try:
        return kind.model_validate({name: row[name] for name in known & set(row)})
    except ValidationError as error:
        wrong = sorted({str(detail["loc"][0]) for detail in error.errors(include_input=False)})
        raise PermanentFailure(f"a row of table {TABLE} is damaged in {', '.join(wrong)}") from None
