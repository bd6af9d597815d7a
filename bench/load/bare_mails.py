"""What send_confirmation asks of storage and of the mail server, and nothing else.

As many workers as the host runs at once, the same batches, the SDK's own clients; all are connected
before it begins. A test compares what passes on the way to storage with what the app asks for.
"""

import smtplib
import threading
import time
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
        self._fetched: list[QueueMessage] = []
        self._fetching, self._mailing = threading.Lock(), threading.Lock()
        self._ending = ExitStack()

    def __enter__(self) -> Self:
        order, ending = self._order, self._ending
        queues = order["queue"], order["later"]
        self._connection = ending.enter_context(smtplib.SMTP(order["host"], order["port"]))
        self._connection.ehlo()
        self._workers = [
            ending.enter_context(WarmStorage(order["storage"], table=order["table"], queues=queues))
            for _ in range(order["workers"])
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
        """Until the queue is empty."""
        cpu = time.process_time()
        with ThreadPoolExecutor(len(self._workers)) as pool:
            mails = sum(pool.map(self._work, self._workers))
        return {"cpuSeconds": time.process_time() - cpu, "mails": mails}

    def _work(self, storage: WarmStorage) -> int:
        count = 0
        while found := self._next(storage):
            self._mail_one(storage, *found)
            count += 1
        return count

    def _next(self, storage: WarmStorage) -> tuple[QueueMessage, str] | None:
        queue, _ = storage.queues
        with self._fetching:
            if not self._fetched:
                pages = queue.receive_messages(
                    messages_per_page=self._order["batch"],
                    max_messages=self._order["batch"],
                    visibility_timeout=_INVISIBLE,
                )
                self._fetched = list(pages)
            return (self._fetched.pop(), self._recipients.pop()) if self._fetched else None

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
