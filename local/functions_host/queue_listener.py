"""Fetches the messages of one queue, as the WebJobs SDK's QueueListener does."""

import asyncio
import contextlib
import logging

from azure.core.exceptions import AzureError, ResourceNotFoundError
from azure.storage.queue import QueueMessage

from local.functions_host.in_flight import InFlight
from local.functions_host.polling_backoff import PollingBackoff
from local.functions_host.queue_processor import QueueProcessor

log = logging.getLogger("host")


class QueueListener:
    """Takes a batch, and the next one when no more than `newBatchThreshold` messages still run."""

    def __init__(self, processor: QueueProcessor, in_flight: InFlight) -> None:
        self._processor = processor
        self._queue = processor.queue
        self._settings = processor.settings
        self._backoff = PollingBackoff(processor.settings.max_polling_interval)
        self._in_flight = in_flight
        self._stopping = False
        self._missing = False

    async def run(self) -> None:
        """Until stopped. Storage that is away, or a missing queue, is asked again and again."""
        running: set[asyncio.Task[None]] = set()
        while not self._stopping:
            # Cleared before asking, so that a message put meanwhile is not slept through.
            self._queue.arrived.clear()
            messages = await self._received()
            if not messages:
                await self._pause(self._backoff.next_wait())
                continue
            self._backoff.reset()
            for message in messages:
                task = self._in_flight.start(self._processor.process(message))
                running.add(task)
                task.add_done_callback(running.discard)
            while len(running) > self._settings.new_batch_threshold:
                await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)

    def stop(self) -> None:
        """Fetches nothing more; messages that are already here run to their end."""
        self._stopping = True
        self._queue.arrived.set()

    async def _received(self) -> list[QueueMessage]:
        try:
            messages = await self._queue.receive(
                self._settings.batch_size, invisible_seconds=self._processor.invisible_seconds
            )
        except ResourceNotFoundError:
            self._queue.account.answered()
            if not self._missing:
                log.warning("queue %s does not exist yet", self._queue.name)
            self._missing = True
            return []
        except AzureError as error:
            self._queue.account.failed(error)
            return []
        self._queue.account.answered()
        self._missing = False
        return messages

    async def _pause(self, seconds: float) -> None:
        if self._stopping:
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._queue.arrived.wait(), seconds)
