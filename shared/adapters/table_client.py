"""A table of the storage account, reached by identity or, locally, by connection string."""

from typing import Any

from azure.core.exceptions import AzureError
from azure.data.tables import TableClient, TableServiceClient

from shared.adapters.storage_access import (
    CONNECT_TIMEOUT,
    READ_TIMEOUT,
    RETRIES,
    ByIdentity,
    StorageAccess,
    failure_code,
)


def table_client(access: StorageAccess, table: str) -> TableClient:
    """Connects with the first call; its connections are reused."""
    options: dict[str, Any] = {
        "retry_total": RETRIES,
        "connection_timeout": CONNECT_TIMEOUT,
        "read_timeout": READ_TIMEOUT,
    }
    if isinstance(access, ByIdentity):
        service = TableServiceClient(access.url, credential=access.credential, **options)
    else:
        service = TableServiceClient.from_connection_string(access.connection_string, **options)
    return service.get_table_client(table)


def is_missing_table(error: AzureError) -> bool:
    """Whether the table itself is not there, and not only a row of it."""
    return "TableNotFound" in failure_code(error)
