"""Queues from outside: filled before a measurement, and looked at after it."""

import asyncio
import time
from collections.abc import Sequence

from azure.storage.queue import QueueClient
from azure.storage.queue.aio import QueueClient as AsyncQueueClient

_AT_ONCE = 16
_POLL_SECONDS = 0.02
_FOR_EVER = -1


def fill(storage: str, queue: str, texts: Sequence[str]) -> None:
    """One message for each text, as it is."""

    async def put_all() -> None:
        async with AsyncQueueClient.from_connection_string(storage, queue) as client:

            async def put(share: Sequence[str]) -> None:
                for text in share:
                    await client.send_message(text, time_to_live=_FOR_EVER)

            await asyncio.gather(*(put(texts[first::_AT_ONCE]) for first in range(_AT_ONCE)))

    asyncio.run(put_all())


def length(queue: QueueClient) -> int:
    """Messages that are hidden or out with a worker count, too."""
    return queue.get_queue_properties().approximate_message_count or 0


def wait_until(queue: QueueClient, left: int, *, seconds: float) -> None:
    """Until no more than so many are left. Raises RuntimeError when that does not happen."""
    deadline = time.monotonic() + seconds
    while length(queue) > left:
        if time.monotonic() > deadline:
            raise RuntimeError(f"queue {queue.queue_name} was not worked off")
        time.sleep(_POLL_SECONDS)
