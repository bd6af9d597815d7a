"""A connection string of a storage account, as far as the queues need it.

https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string
"""

from dataclasses import dataclass, field
from typing import Final

# https://learn.microsoft.com/azure/storage/common/storage-connect-azurite
_AZURITE: Final = {
    "AccountName": "devstoreaccount1",
    "AccountKey": (
        "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
    ),
    "QueueEndpoint": "http://127.0.0.1:10001/devstoreaccount1",
}


@dataclass(frozen=True, kw_only=True)
class QueueAccount:
    """`queues` is the address of the queue service, without a slash at its end."""

    name: str
    key: str = field(repr=False)
    queues: str


def queue_account(connection_string: str) -> QueueAccount:
    """Raises ValueError for one without an account's name and key."""
    parts = dict(part.split("=", 1) for part in connection_string.split(";") if "=" in part)
    if parts.get("UseDevelopmentStorage") == "true":
        parts = _AZURITE
    name, key = parts.get("AccountName"), parts.get("AccountKey")
    if not name or not key:
        raise ValueError("AzureWebJobsStorage: should have an AccountName and an AccountKey")
    scheme = parts.get("DefaultEndpointsProtocol", "https")
    usual = f"{scheme}://{name}.queue.{parts.get('EndpointSuffix', 'core.windows.net')}"
    return QueueAccount(name=name, key=key, queues=parts.get("QueueEndpoint", usual).rstrip("/"))
