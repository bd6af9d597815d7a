"""Bare puts into a queue with the Azure SDK, in threads or async: the limit of `register`."""

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from azure.storage.queue import QueueClient
from azure.storage.queue.aio import QueueClient as AsyncQueueClient

FOR_EVER = -1
MILLISECONDS = 1e-6  # per nanosecond


def queue_puts(order: dict[str, Any]) -> dict[str, Any]:
    """One client, as many threads as `connections`; it is warm before the clock runs."""
    bodies, number = order["bodies"], order["connections"]
    client = QueueClient.from_connection_string(order["storage"], order["queue"])
    with client, ThreadPoolExecutor(number) as pool:
        list(pool.map(lambda _: client.get_queue_properties(), range(number)))
        shares = [bodies[first::number] for first in range(number)]
        started = time.perf_counter()
        taken = list(pool.map(lambda share: _puts(client, share), shares))
        seconds = time.perf_counter() - started
    return {"seconds": seconds, "milliseconds": [took for share in taken for took in share]}


def _puts(client: QueueClient, bodies: Sequence[str]) -> list[float]:
    milliseconds = []
    for body in bodies:
        started = time.perf_counter_ns()
        client.send_message(body, time_to_live=FOR_EVER)
        milliseconds.append((time.perf_counter_ns() - started) * MILLISECONDS)
    return milliseconds


async def queue_puts_async(order: dict[str, Any]) -> dict[str, Any]:
    """The same with the SDK's async client in one event loop."""
    bodies, number = order["bodies"], order["connections"]
    milliseconds: list[float] = []

    async def puts(client: AsyncQueueClient, share: Sequence[str]) -> None:
        for body in share:
            started = time.perf_counter_ns()
            await client.send_message(body, time_to_live=FOR_EVER)
            milliseconds.append((time.perf_counter_ns() - started) * MILLISECONDS)

    async with AsyncQueueClient.from_connection_string(order["storage"], order["queue"]) as client:
        await asyncio.gather(*(client.get_queue_properties() for _ in range(number)))
        started = time.perf_counter()
        await asyncio.gather(*(puts(client, bodies[first::number]) for first in range(number)))
        seconds = time.perf_counter() - started
    return {"seconds": seconds, "milliseconds": milliseconds}
