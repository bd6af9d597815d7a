"""Queues in Azure Storage, written as the Functions host reads them."""

import functools
import math
from datetime import timedelta

from azure.core.exceptions import AzureError
from azure.storage.queue import (
    BinaryBase64EncodePolicy,
    LinearRetry,
    QueueClient,
    QueueServiceClient,
)

from shared.adapters.storage_access import (
    CONNECT_TIMEOUT,
    READ_TIMEOUT,
    RETRIES,
    ByIdentity,
    StorageAccess,
    failure_code,
)
from shared.ports import Receipt, TemporaryFailure

NEVER_EXPIRES = -1


def _quick_retry() -> LinearRetry:
    # The SDK's own policy waits 15 s before its first retry: too long for a visitor, who gets
    # a 503 and whose website calls again.
    return LinearRetry(backoff=0, retry_total=RETRIES, random_jitter_range=1)


class StorageQueues:
    """Implements ports.Queues. One client per queue, connections are reused."""

    def __init__(self, access: StorageAccess) -> None:
        if isinstance(access, ByIdentity):
            self._service = QueueServiceClient(
                access.url,
                access.credential,
                retry_policy=_quick_retry(),
                connection_timeout=CONNECT_TIMEOUT,
                read_timeout=READ_TIMEOUT,
            )
        else:
            self._service = QueueServiceClient.from_connection_string(
                access.connection_string,
                retry_policy=_quick_retry(),
                connection_timeout=CONNECT_TIMEOUT,
                read_timeout=READ_TIMEOUT,
            )
        self._client = functools.cache(self._new_client)

    def _new_client(self, queue: str) -> QueueClient:
        # The host expects base64 and would move raw text to the poison queue unseen:
        # https://github.com/Azure/azure-sdk-for-net/issues/21449
        return self._service.get_queue_client(
            queue, message_encode_policy=BinaryBase64EncodePolicy()
        )

    def put(
        self, queue: str, body: str | bytes, *, visible_in: timedelta = timedelta(0)
    ) -> Receipt:
        """See ports.Queues."""
        raw = body.encode() if isinstance(body, str) else body
        seconds = max(0, math.ceil(visible_in.total_seconds()))  # never before it is due
        try:
            message = self._client(queue).send_message(
                raw, visibility_timeout=seconds, time_to_live=NEVER_EXPIRES
            )
        except AzureError as error:
            raise TemporaryFailure(f"queue {queue}: {failure_code(error)}") from None
        return Receipt(queue=queue, message_id=message.id, pop_receipt=message.pop_receipt or "")

    def take_back(self, receipt: Receipt) -> None:
        """See ports.Queues."""
        try:
            self._client(receipt.queue).delete_message(receipt.message_id, receipt.pop_receipt)
        except AzureError:
            return  # it will be delivered and find nothing to do

    def reach(self, queue: str) -> None:
        """Raises TemporaryFailure when the queue is not there or may not be read."""
        try:
            self._client(queue).get_queue_properties()
        except AzureError as error:
            raise TemporaryFailure(f"queue {queue}: {failure_code(error)}") from None
