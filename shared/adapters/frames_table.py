"""Frames of mails in Azure Table Storage: each is written once, and never changed."""

import contextlib
import itertools
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from shared.adapters.guarded_rows import GuardedRows
from shared.adapters.storage_access import StorageAccess
from shared.failures import Changed

TABLE = "mailframes"
ROW_VERSION = 1
_PARTITION = "frame"
# A binary property has 64 KiB. https://learn.microsoft.com/rest/api/storageservices/
# understanding-the-table-service-data-model
LONGEST_PROPERTY = 65_536


class FramesTable:
    """Implements ports.MailFrames.

    PartitionKey = "frame", RowKey = the digest; `content0`, `content1` … hold the compressed
    frame. There are so few that one partition serves them all.
    """

    def __init__(self, access: StorageAccess) -> None:
        self._rows = GuardedRows(access, TABLE)

    def put(self, digest: str, frame: bytes) -> None:
        """See ports.MailFrames."""
        row: dict[str, Any] = {"PartitionKey": _PARTITION, "RowKey": digest, "version": ROW_VERSION}
        packed = zlib.compress(frame, 9)
        for number, start in enumerate(range(0, len(packed), LONGEST_PROPERTY)):
            row[f"content{number}"] = packed[start : start + LONGEST_PROPERTY]
        with contextlib.suppress(Changed):  # it is there: the same content, by its name
            self._rows.put(row, None)

    def find(self, digest: str) -> bytes | None:
        """See ports.MailFrames."""
        found = self._rows.get(_PARTITION, digest)
        if found is None:
            return None
        row, _ = found
        try:
            return zlib.decompress(b"".join(_parts(row)))
        except zlib.error:
            return b""  # not what its name says: whoever asked compares

    def reach(self) -> None:
        """Raises TemporaryFailure when the table is not there or may not be read."""
        self._rows.get(_PARTITION, "reachable")


def _parts(row: Mapping[str, Any]) -> Iterator[bytes]:
    for number in itertools.count():
        part = row.get(f"content{number}")
        if part is None:
            return
        yield part
