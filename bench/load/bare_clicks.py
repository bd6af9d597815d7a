"""What a click asks of Dataverse, alone or with what it asks of storage; nothing else.

A test compares what passes on the way to storage with what the app asks for.
"""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import requests
from azure.core import MatchConditions
from azure.data.tables import TableClient, UpdateMode

from bench.load.warm_storage import WarmStorage

SECONDS = 60
MILLISECONDS = 1e-6  # per nanosecond
_SAFETY_NET = 30
_FOR_EVER = -1
Click = list[dict[str, Any]]  # its calls to Dataverse


def bare_clicks(order: dict[str, Any]) -> dict[str, Any]:
    """`clicks`, shared out among `connections` threads; the clock runs when all are connected.

    With `storage`, each click's storage operations are done too, on rows made before the clock
    runs. `cpuSeconds`: while it runs. Raises RuntimeError for an answer other than the recorded
    one.
    """
    with BareClicks(order) as bare:
        return bare.work_off()


class BareClicks:
    """A context manager; connected, and the rows are there, when it was entered."""

    def __init__(self, order: dict[str, Any]) -> None:
        number = order["connections"]
        self._order = order
        self._shares: list[list[Click]] = [
            order["clicks"][first::number] for first in range(number)
        ]
        self._ending = ExitStack()

    def __enter__(self) -> Self:
        self._pool = self._ending.enter_context(ThreadPoolExecutor(len(self._shares)))
        workers = [_Worker(self._order, share, self._ending) for share in self._shares]
        list(self._pool.map(_Worker.prepare, workers))
        self._workers = workers
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ending.close()

    def work_off(self) -> dict[str, Any]:
        """`seconds`, `milliseconds` of each click, `cpuSeconds`."""
        cpu, started = time.process_time(), time.perf_counter()
        taken = list(self._pool.map(_Worker.work, self._workers))
        return {
            "seconds": time.perf_counter() - started,
            "milliseconds": [took for share in taken for took in share],
            "cpuSeconds": time.process_time() - cpu,
        }


class _Worker:
    """One thread's connections and its share of the clicks."""

    def __init__(self, order: dict[str, Any], clicks: Sequence[Click], ending: ExitStack) -> None:
        self._order, self._clicks = order, clicks
        self._session = ending.enter_context(requests.Session())
        self._storage: WarmStorage | None = None
        if storage := order.get("storage"):
            self._storage = ending.enter_context(
                WarmStorage(storage, table=order["table"], queues=[order["queue"]])
            )

    def prepare(self) -> None:
        """An open connection to Dataverse, and a row to click for each time."""
        self._session.get(self._order["dataverse"], timeout=SECONDS)
        self._partitions = [uuid4().hex + uuid4().hex for _ in self._clicks]
        if self._storage:
            for partition in self._partitions:
                row = self._order["row"] | {"PartitionKey": partition}
                self._storage.table.create_entity(row)

    def work(self) -> list[float]:
        """Milliseconds of each click."""
        milliseconds = []
        for calls, partition in zip(self._clicks, self._partitions, strict=True):
            started = time.perf_counter_ns()
            if self._storage:
                self._click(self._storage, calls, partition)
            else:
                self._call(calls)
            milliseconds.append((time.perf_counter_ns() - started) * MILLISECONDS)
        return milliseconds

    def _click(self, storage: WarmStorage, calls: Click, partition: str) -> None:
        [queue] = storage.queues
        row = storage.table.get_entity(partition, self._order["row"]["RowKey"])
        net = queue.send_message(
            self._order["netBody"], visibility_timeout=_SAFETY_NET, time_to_live=_FOR_EVER
        )
        etag = _update(storage.table, row, str(row.metadata["etag"]))
        *before, trigger = calls
        self._call(before)
        etag = _update(storage.table, row, etag)
        self._call([trigger])
        _update(storage.table, row, etag)
        queue.delete_message(net.id, net.pop_receipt)

    def _call(self, calls: Click) -> None:
        for call in calls:
            answer = self._session.request(
                call["method"],
                self._order["dataverse"] + call["target"],
                data=call["body"].encode() or None,
                headers=call["headers"],
                timeout=SECONDS,
            )
            if answer.status_code != call["status"]:
                raise RuntimeError(f"{call['method']}: {answer.status_code}")


def _update(table: TableClient, row: Any, etag: str) -> str:
    written = table.update_entity(
        row, mode=UpdateMode.REPLACE, etag=etag, match_condition=MatchConditions.IfNotModified
    )
    return str(written["etag"])
