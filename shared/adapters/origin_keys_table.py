"""The keys of origins in Azure Table Storage: a row for each day."""

import contextlib
import secrets
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import date
from typing import Any

from shared.adapters.guarded_rows import GuardedRows
from shared.adapters.storage_access import StorageAccess
from shared.failures import RACES, Changed, TemporaryFailure
from shared.values.evidence.origin import KEY_BYTES

TABLE = "originkeys"
_PARTITION = "key"


class OriginKeysTable:
    """Implements ports.OriginKeys."""

    def __init__(self, access: StorageAccess) -> None:
        self._rows = GuardedRows(access, TABLE)

    def find(self, day: date) -> bytes | None:
        """See ports.OriginKeys. A row that holds no key counts as none."""
        return self._find(day)[0]

    def make(self, day: date) -> bytes:
        """See ports.OriginKeys. Most often another process has made it, so it is read first."""
        for _ in range(RACES):
            known, etag = self._find(day)
            if known is not None:
                return known
            key = secrets.token_bytes(KEY_BYTES)
            row = {
                "PartitionKey": _PARTITION,
                "RowKey": day.isoformat(),
                "key": b64encode(key).decode("ascii"),
            }
            with contextlib.suppress(Changed):
                self._rows.put(row, etag)
                return key
        raise TemporaryFailure(f"table {TABLE}: the key of {day} is contended")

    def delete_before(self, day: date) -> int:
        """See ports.OriginKeys."""
        deleted = 0
        for row, etag in self._rows.before(_PARTITION, day.isoformat()):
            self._rows.delete(_PARTITION, str(row["RowKey"]), etag)
            deleted += 1
        return deleted

    def _find(self, day: date) -> tuple[bytes | None, str | None]:
        found = self._rows.get(_PARTITION, day.isoformat())
        return (None, None) if found is None else (_key_in(found[0]), found[1])

    def reach(self) -> None:
        """See ports.OriginKeys."""
        self._rows.get("reachable", "reachable")


def _key_in(row: Mapping[str, Any]) -> bytes | None:
    try:
        key = b64decode(str(row.get("key")), validate=True)
    except ValueError:
        return None
    return key if len(key) == KEY_BYTES else None
