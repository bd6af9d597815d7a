"""Counts that all instances share, in Azure Table Storage."""

import json
from typing import TypeVar

from pydantic import ValidationError

from shared.adapters.guarded_rows import GuardedRows
from shared.adapters.storage_access import StorageAccess
from shared.ports import Versioned
from shared.values.base import Value

TABLE = "limits"
_ROW = "limit"

L = TypeVar("L", bound=Value)


class LimitsTable:
    """Implements ports.Limits. PartitionKey = the limit's name: each spreads by itself."""

    def __init__(self, access: StorageAccess) -> None:
        self._rows = GuardedRows(access, TABLE)

    def find(self, name: str, none_yet: L) -> Versioned[L]:
        """See ports.Limits."""
        found = self._rows.get(name, _ROW)
        if found is None:
            return Versioned(value=none_yet, etag=None)
        row, etag = found
        try:
            value = type(none_yet).model_validate_json(str(row.get("value")))
        except ValidationError:
            # Of another version, or damaged: it counts anew. No mail may wait for a counter.
            value = none_yet
        return Versioned(value=value, etag=etag)

    def save(self, name: str, row: Versioned[L]) -> Versioned[L]:
        """See ports.Limits."""
        value = json.dumps(row.value.model_dump(mode="json", by_alias=True))
        entity = {"PartitionKey": name, "RowKey": _ROW, "value": value}
        return row.saved_as(self._rows.put(entity, row.etag))

    def reach(self) -> None:
        """Raises TemporaryFailure when the table is not there or may not be read."""
        self.find("reachable", Value())
