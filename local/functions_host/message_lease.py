"""Keeps a message invisible for others as long as its function runs."""

import asyncio
import logging
from types import TracebackType
from typing import Self

from azure.core.exceptions import AzureError
from azure.storage.queue import QueueMessage

from local.functions_host.queue_storage import Queue

log = logging.getLogger("host")


class MessageLease:
    """Use with `async with`; `pop_receipt` is the latest one, which deleting needs."""

    def __init__(self, queue: Queue, message: QueueMessage, *, invisible_seconds: int) -> None:
        self.pop_receipt = str(message.pop_receipt)
        self._queue = queue
        self._message = message
        self._seconds = invisible_seconds
        self._over = asyncio.Event()
        self._renewals: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._renewals = asyncio.create_task(self._renew())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # Waited for, not cancelled: a renewal cut off halfway leaves an outdated pop receipt.
        self._over.set()
        if self._renewals is not None:
            await self._renewals

    async def _renew(self) -> None:
        while True:
            try:
                await asyncio.wait_for(self._over.wait(), self._seconds / 2)
            except TimeoutError:
                await self._extend()
            else:
                return

    async def _extend(self) -> None:
        try:
            self.pop_receipt = await self._queue.hide(
                self._message, self.pop_receipt, seconds=self._seconds
            )
        except AzureError as error:
            log.warning(
                "message %s of %s could not be kept invisible: %s",
                *(self._message.id, self._queue.name, type(error).__name__),
            )
