"""What a click asks of Dataverse, alone or with what it asks of storage; nothing else."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import requests
from azure.core import MatchConditions
from azure.data.tables import TableClient, UpdateMode
from azure.storage.queue import QueueClient

SECONDS = 60
MILLISECONDS = 1e-6  # per nanosecond
# In the order of `_Bare.click`; a test compares them with what passes on the way to storage.
CALLS = (
    "Get Entity",
    "Put Message",
    "Update Entity",
    "Update Entity",
    "Update Entity",
    "Delete Message",
)
_SAFETY_NET = 30
_FOR_EVER = -1


def bare_clicks(order: dict[str, Any]) -> dict[str, Any]:
    """`clicks`, each a list of calls to Dataverse, shared out among `connections` threads.

    With `storage`, each click's storage operations are done too, on rows made before the clock
    runs. Raises RuntimeError for an answer other than the recorded one.
    """
    clicks, number = order["clicks"], order["connections"]
    bare = _Bare(order)
    shares = [clicks[first::number] for first in range(number)]
    partitions = [[bare.prepare() for _ in share] for share in shares]
    with ThreadPoolExecutor(number) as pool:
        sessions = list(pool.map(lambda _: bare.session(), range(number)))
        started = time.perf_counter()
        taken = list(pool.map(bare.work, sessions, shares, partitions))
        seconds = time.perf_counter() - started
    bare.close()
    return {"seconds": seconds, "milliseconds": [took for share in taken for took in share]}


class _Bare:
    def __init__(self, order: dict[str, Any]) -> None:
        self._order = order
        self._storage = order.get("storage")
        if self._storage:
            self._table = TableClient.from_connection_string(self._storage, order["table"])
            self._queue = QueueClient.from_connection_string(self._storage, order["queue"])

    def close(self) -> None:
        if self._storage:
            self._table.close()
            self._queue.close()

    def prepare(self) -> str:
        """A row to click for: its partition."""
        partition = uuid4().hex + uuid4().hex
        if self._storage:
            self._table.create_entity(self._order["row"] | {"PartitionKey": partition})
        return partition

    def session(self) -> requests.Session:
        """With an open connection to Dataverse."""
        session = requests.Session()
        session.get(self._order["dataverse"], timeout=SECONDS)
        return session

    def work(
        self,
        session: requests.Session,
        clicks: Sequence[list[dict[str, Any]]],
        partitions: Sequence[str],
    ) -> list[float]:
        milliseconds = []
        for calls, partition in zip(clicks, partitions, strict=True):
            started = time.perf_counter_ns()
            self._click(session, calls, partition)
            milliseconds.append((time.perf_counter_ns() - started) * MILLISECONDS)
        return milliseconds

    def _click(
        self, session: requests.Session, calls: list[dict[str, Any]], partition: str
    ) -> None:
        if not self._storage:
            return self._call(session, calls)
        row = self._table.get_entity(partition, self._order["row"]["RowKey"])
        net = self._queue.send_message(
            self._order["netBody"], visibility_timeout=_SAFETY_NET, time_to_live=_FOR_EVER
        )
        etag = self._update(row, str(row.metadata["etag"]))
        *before, trigger = calls
        self._call(session, before)
        etag = self._update(row, etag)
        self._call(session, [trigger])
        self._update(row, etag)
        return self._queue.delete_message(net.id, net.pop_receipt)

    def _update(self, row: Any, etag: str) -> str:
        written = self._table.update_entity(
            row,
            mode=UpdateMode.REPLACE,
            etag=etag,
            match_condition=MatchConditions.IfNotModified,
        )
        return str(written["etag"])

    def _call(self, session: requests.Session, calls: list[dict[str, Any]]) -> None:
        for call in calls:
            answer = session.request(
                call["method"],
                self._order["dataverse"] + call["target"],
                data=call["body"].encode() or None,
                headers=call["headers"],
                timeout=SECONDS,
            )
            if answer.status_code != call["status"]:
                raise RuntimeError(f"{call['method']}: {answer.status_code}")
