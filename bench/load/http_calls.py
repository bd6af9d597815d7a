"""HTTP calls over so many kept connections, each answer checked."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import aiohttp

SECONDS = 60
MILLISECONDS = 1e-6  # per nanosecond


async def http_calls(order: dict[str, Any]) -> dict[str, Any]:
    """One call for each of `bodies`, shared out among `connections`.

    The clock runs from the moment when all connections are open, which takes one call to
    `warmUpPath` each. Raises RuntimeError for another status than `status`.
    """
    bodies, number = order["bodies"], order["connections"]
    shares = [bodies[first::number] for first in range(number)]
    milliseconds: list[float] = []
    connector = aiohttp.TCPConnector(limit=number, force_close=False)
    timeout = aiohttp.ClientTimeout(total=SECONDS)
    async with aiohttp.ClientSession(order["url"], connector=connector, timeout=timeout) as session:
        if warm_up := order.get("warmUpPath"):
            await asyncio.gather(*(_read(session, warm_up) for _ in range(number)))
        started = time.perf_counter()
        await asyncio.gather(*(_in_turn(session, order, share, milliseconds) for share in shares))
        seconds = time.perf_counter() - started
    return {"seconds": seconds, "milliseconds": milliseconds}


async def _read(session: aiohttp.ClientSession, path: str) -> None:
    async with session.get(path) as response:
        await response.read()


async def _in_turn(
    session: aiohttp.ClientSession,
    order: dict[str, Any],
    bodies: Sequence[str],
    milliseconds: list[float],
) -> None:
    headers = {"Content-Type": order["contentType"]}
    for body in bodies:
        started = time.perf_counter_ns()
        async with session.post(order["path"], data=body.encode(), headers=headers) as response:
            await response.read()
        milliseconds.append((time.perf_counter_ns() - started) * MILLISECONDS)
        if response.status != order["status"]:
            raise RuntimeError(f"POST {order['path']}: {response.status}")
