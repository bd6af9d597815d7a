"""Queues in Azure Storage, written as the Functions host reads them."""

from __future__ import annotations

import functools
import math
from base64 import b64encode
from contextlib import contextmanager
from datetime import MAXYEAR, UTC, datetime, timedelta
from typing import TYPE_CHECKING

from shared.adapters.queue_writes import SdkQueueWrites
from shared.adapters.storage_access import StorageRefused, failure_code
from shared.failures import TemporaryFailure
from shared.ports import Receipt, TakenMessage, WaitingMessage
from shared.values.queue_body import body_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from azure.storage.queue import QueueClient, QueueMessage, QueueServiceClient

    from shared.adapters.queue_writes import QueueWrites
    from shared.adapters.storage_access import StorageAccess

NEVER_EXPIRES = -1
_NOT_FOUND = 404
# What the service hands out at once, at most.
# https://learn.microsoft.com/rest/api/storageservices/get-messages
MOST_AT_ONCE = 32


class StorageQueues:
    """Implements ports.Queues. The SDK is imported when it is first needed."""

    def __init__(self, access: StorageAccess, writes: QueueWrites | None = None) -> None:
        """`writes` puts and deletes; without it the SDK does."""
        self._access = access
        self._client = functools.cache(self._new_client)
        self._writes: QueueWrites = writes or SdkQueueWrites(self._client)

    @functools.cached_property
    def _service(self) -> QueueServiceClient:
        from shared.adapters.queue_service import queue_service  # noqa: PLC0415 - see the class

        return queue_service(self._access)

    def _new_client(self, queue: str) -> QueueClient:
        """One per queue; connections are reused."""
        return self._service.get_queue_client(queue)

    def put(
        self, queue: str, body: str | bytes, *, visible_in: timedelta = timedelta(0)
    ) -> Receipt:
        """See ports.Queues."""
        raw = body.encode() if isinstance(body, str) else body
        seconds = max(0, math.ceil(visible_in.total_seconds()))  # never before it is due
        # As the Functions host and its tools write by default; JSON in XML would need escapes.
        text = b64encode(raw).decode()
        try:
            message_id, pop_receipt = self._writes.put(
                queue, text, visible_in=seconds, lives=NEVER_EXPIRES
            )
        except StorageRefused as refused:
            raise TemporaryFailure(f"queue {queue}: {refused}") from None
        return Receipt(queue=queue, message_id=message_id, pop_receipt=pop_receipt)

    def take_back(self, receipt: Receipt) -> None:
        """See ports.Queues."""
        try:
            self.delete(receipt)
        except TemporaryFailure:
            return  # it will be delivered and find nothing to do

    def delete(self, receipt: Receipt) -> None:
        """See ports.Queues."""
        try:
            self._writes.delete(receipt.queue, receipt.message_id, receipt.pop_receipt)
        except StorageRefused as refused:
            if refused.status != _NOT_FOUND:  # gone is gone
                raise TemporaryFailure(f"queue {receipt.queue}: {refused}") from None

    def look(self, queue: str) -> list[WaitingMessage]:
        """See ports.Queues."""
        with _failures(queue):
            messages = self._client(queue).peek_messages(max_messages=MOST_AT_ONCE)
        return [_waiting(message) for message in messages]

    def count(self, queue: str) -> int:
        """See ports.Queues."""
        with _failures(queue):
            return self._client(queue).get_queue_properties().approximate_message_count or 0

    def take(self, queue: str, *, hidden_for: timedelta) -> list[TakenMessage]:
        """See ports.Queues."""
        with _failures(queue):
            messages = self._client(queue).receive_messages(
                messages_per_page=MOST_AT_ONCE,
                max_messages=MOST_AT_ONCE,
                visibility_timeout=math.ceil(hidden_for.total_seconds()),
            )
            return [
                TakenMessage(message=_waiting(message), receipt=_receipt(queue, message))
                for message in messages
            ]

    def give_back(self, receipt: Receipt) -> None:
        """See ports.Queues."""
        from azure.core.exceptions import AzureError  # noqa: PLC0415 - see the class

        try:
            self._client(receipt.queue).update_message(
                receipt.message_id, receipt.pop_receipt, visibility_timeout=0
            )
        except AzureError:
            return  # it comes back by itself

    def reach(self, queue: str) -> None:
        """Raises TemporaryFailure when the queue is not there or may not be read."""
        self.count(queue)


@contextmanager
def _failures(queue: str) -> Iterator[None]:
    """The SDK's errors as the port's."""
    from azure.core.exceptions import AzureError  # noqa: PLC0415 - see StorageQueues

    try:
        yield
    except AzureError as error:
        raise TemporaryFailure(f"queue {queue}: {failure_code(error)}") from None


def _receipt(queue: str, message: QueueMessage) -> Receipt:
    return Receipt(queue=queue, message_id=message.id, pop_receipt=message.pop_receipt or "")


def _waiting(message: QueueMessage) -> WaitingMessage:
    expires_at = message.expires_on
    # The service has no "never": it says the last year that there is.
    never = expires_at is None or expires_at.year == MAXYEAR
    return WaitingMessage(
        id=message.id,
        body=body_in(str(message.content).encode()),
        put_at=message.inserted_on or datetime.now(UTC),
        expires_at=None if never else expires_at,
    )
