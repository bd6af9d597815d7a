"""What send_confirmation asks of storage and of the mail server, and nothing else.

As many workers as the host runs at once, the same batches, the SDK's own clients; all are connected
before it begins. A test compares what passes on the way to storage with what the app asks for.
"""

import smtplib
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

from azure.core import MatchConditions
from azure.data.tables import UpdateMode
from azure.storage.queue import QueueMessage

from bench.load.warm_storage import WarmStorage

_HIDDEN = 7 * 24 * 3600
_FOR_EVER = -1
_INVISIBLE = 600


def bare_mails(order: dict[str, Any]) -> dict[str, Any]:
    """Works off `queue` with `workers`, a mail to each of `recipients`.

    `cpuSeconds`: without connecting.
    """
    with BareMails(order) as bare:
        return bare.work_off()


class BareMails:
    """A context manager; connected when it was entered."""

    def __init__(self, order: dict[str, Any]) -> None:
        self._order = order
        self._recipients = list(order["recipients"])
        self._mailing = threading.Lock()
        self._changed = threading.Condition()
        self._running = 0
        self._ending = ExitStack()

    def __enter__(self) -> Self:
        order, ending = self._order, self._ending
        queues = order["queue"], order["later"]
        self._connection = ending.enter_context(smtplib.SMTP(order["host"], order["port"]))
        self._connection.ehlo()
        self._fetching, *self._idle = [
            ending.enter_context(WarmStorage(order["storage"], table=order["table"], queues=queues))
            for _ in range(1 + order["workers"])
        ]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ending.close()

    def work_off(self) -> dict[str, Any]:
        """Until the queue is empty; like the host, the next batch when few enough are at work."""
        cpu = time.process_time()
        with ThreadPoolExecutor(len(self._idle)) as pool:
            mailing = [
                pool.submit(self._work, message) for batch in self._batches() for message in batch
            ]
            mails = sum(each.result() for each in mailing)
        return {"cpuSeconds": time.process_time() - cpu, "mails": mails}

    def _batches(self) -> Iterator[list[QueueMessage]]:
        queue, _ = self._fetching.queues
        size, few = self._order["batch"], self._order["threshold"]
        while batch := list(
            queue.receive_messages(
                messages_per_page=size, max_messages=size, visibility_timeout=_INVISIBLE
            )
        ):
            with self._changed:
                self._running += len(batch)
            yield batch
            with self._changed:
                self._changed.wait_for(lambda: self._running <= few)

    def _work(self, message: QueueMessage) -> int:
        with self._changed:
            storage, recipient = self._idle.pop(), self._recipients.pop()
        try:
            self._mail_one(storage, message, recipient)
        finally:
            with self._changed:
                self._idle.append(storage)
                self._running -= 1
                self._changed.notify()
        return 1

    def _mail_one(self, storage: WarmStorage, message: QueueMessage, recipient: str) -> None:
        order, partition = self._order, uuid4().hex + uuid4().hex
        queue, later = storage.queues
        later.send_message(order["laterBody"], visibility_timeout=_HIDDEN, time_to_live=_FOR_EVER)
        rows = [row | {"PartitionKey": partition} for row in order["rows"]]
        answers = storage.table.submit_transaction([("create", row) for row in rows])
        with self._mailing:
            self._connection.sendmail(order["sender"], recipient, order["mail"].encode())
        storage.table.update_entity(
            rows[0],
            mode=UpdateMode.REPLACE,
            etag=answers[0]["etag"],
            match_condition=MatchConditions.IfNotModified,
        )
        queue.delete_message(message)
