"""The queues of the storage account, reached by identity or, locally, by connection string."""

from azure.storage.queue import LinearRetry, QueueServiceClient

from shared.adapters.storage_access import (
    CONNECT_TIMEOUT,
    READ_TIMEOUT,
    RETRIES,
    ByIdentity,
    StorageAccess,
)


def queue_service(access: StorageAccess) -> QueueServiceClient:
    """Connects with the first call; its connections are reused."""
    if isinstance(access, ByIdentity):
        return QueueServiceClient(
            access.url,
            access.credential,
            retry_policy=_quick_retry(),
            connection_timeout=CONNECT_TIMEOUT,
            read_timeout=READ_TIMEOUT,
        )
    return QueueServiceClient.from_connection_string(
        access.connection_string,
        retry_policy=_quick_retry(),
        connection_timeout=CONNECT_TIMEOUT,
        read_timeout=READ_TIMEOUT,
    )


def _quick_retry() -> LinearRetry:
    # The SDK's own policy waits 15 s before its first retry: too long for a visitor, who gets
    # a 503 and whose website calls again.
    return LinearRetry(backoff=0, retry_total=RETRIES, random_jitter_range=1)
