"""A connection string of a storage account, as far as the queues need it.

https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string
"""

from base64 import b64decode
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, kw_only=True)
class QueueAccount:
    """`queues` is the address of the queue service, without a slash at its end."""

    name: str
    key: str = field(repr=False)
    queues: str


# https://learn.microsoft.com/azure/storage/common/storage-connect-azurite
_AZURITE: Final = QueueAccount(
    name="devstoreaccount1",
    key="Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==",
    queues="http://127.0.0.1:10001/devstoreaccount1",
)


def queue_account(connection_string: str) -> QueueAccount | None:
    """None for one without an account's name and key; names of its parts in any case."""
    pairs = (part.split("=", 1) for part in connection_string.split(";") if "=" in part)
    parts = {name.strip().lower(): value.strip() for name, value in pairs}
    if parts.get("usedevelopmentstorage") == "true":
        return _AZURITE
    name, key = parts.get("accountname"), parts.get("accountkey")
    if not name or not key or not _is_base64(key):
        return None
    scheme = parts.get("defaultendpointsprotocol", "https")
    usual = f"{scheme}://{name}.queue.{parts.get('endpointsuffix', 'core.windows.net')}"
    return QueueAccount(name=name, key=key, queues=parts.get("queueendpoint", usual).rstrip("/"))


def _is_base64(key: str) -> bool:
    try:
        return bool(b64decode(key, validate=True))
    except ValueError:
        return False
