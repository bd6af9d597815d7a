"""Calls over one connection or several at once, each timed and its answer checked."""

import http.client
import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from urllib.parse import urlsplit
from uuid import uuid4

from azure.storage.queue import QueueClient

from bench.running_stack import Target
from bench.webhook_calls import Call, Kind, LinkedInApplication, make_call

CONNECTIONS = (1, 16)
SECONDS = 30.0
DRAIN_SECONDS = 300.0
POLL_SECONDS = 0.2
OK = 200
MILLISECONDS = 1e-6  # per nanosecond
_QUEUES = ("linkedin-leads", "linkedin-leads-poison")


@dataclass(frozen=True, kw_only=True)
class Round:
    """Milliseconds until the answer was read, of one kind of call in one round."""

    kind: Kind
    connections: int
    milliseconds: Sequence[float]


def take_warm_samples(
    stack: Target, application: LinkedInApplication, *, rounds: int, calls: int
) -> list[Round]:
    """`calls` of each kind for each number of connections, round after round.

    What notifications leave in their queue is worked off before the next measurement begins.
    Raises RuntimeError for a wrong answer, or when the queue does not get empty.
    """
    lead = f"{uuid4()}-1"
    taken: list[Round] = []
    for number in range(rounds + 1):
        for connections in CONNECTIONS:
            for kind in list(Kind)[:: -1 if number % 2 else 1]:
                prepared = [make_call(kind, application, lead) for _ in range(calls)]
                if number == 0:  # builds what the app builds on first use; does not count
                    prepared = prepared[:connections]
                milliseconds = _send(stack, prepared, connections)
                _wait_until_empty(stack)
                if number:
                    taken.append(
                        Round(kind=kind, connections=connections, milliseconds=milliseconds)
                    )
    return taken


def _send(stack: Target, calls: Sequence[Call], connections: int) -> list[float]:
    all_connected = Barrier(connections, timeout=SECONDS)
    with ThreadPoolExecutor(connections) as pool:
        shares = [calls[first::connections] for first in range(connections)]
        sent = pool.map(lambda share: _send_in_turn(stack, share, all_connected), shares)
        return [took for share in sent for took in share]


def _send_in_turn(stack: Target, calls: Sequence[Call], all_connected: Barrier) -> list[float]:
    connection = http.client.HTTPConnection(urlsplit(stack.functions).netloc, timeout=SECONDS)
    connection.connect()
    all_connected.wait()
    try:
        return [_timed(connection, call) for call in calls]
    finally:
        connection.close()


def _timed(connection: http.client.HTTPConnection, call: Call) -> float:
    started = time.perf_counter_ns()
    connection.request(call.method, call.path, call.body or None, dict(call.headers))
    response = connection.getresponse()
    body = response.read()
    took = (time.perf_counter_ns() - started) * MILLISECONDS
    if response.status != OK or json.loads(body) != call.answer:
        raise RuntimeError(f"{call.method} {call.path.partition('?')[0]}: {response.status}")
    return took


def _wait_until_empty(stack: Target) -> None:
    waiting, poison = (QueueClient.from_connection_string(stack.azurite, name) for name in _QUEUES)
    deadline = time.monotonic() + DRAIN_SECONDS
    with waiting, poison:
        before = _length(poison)
        while _length(waiting):
            if time.monotonic() > deadline or _length(poison) > before:
                raise RuntimeError("the notifications' queue was not worked off")
            time.sleep(POLL_SECONDS)


def _length(queue: QueueClient) -> int:
    return queue.get_queue_properties().approximate_message_count or 0
