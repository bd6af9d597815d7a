"""What send_confirmation asks of storage and of the mail server, and nothing else.

As many workers as the host runs at once, the same batches, the SDK's own clients.
"""

import smtplib
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any
from uuid import uuid4

from azure.core import MatchConditions
from azure.data.tables import TableClient, UpdateMode
from azure.storage.queue import QueueClient, QueueMessage

# In the order of `_mail_one`; a test compares them with what passes on the way to storage.
CALLS = (
    "Get Messages",
    "Put Message",
    "Entity Group Transaction: Insert Entity + Insert Entity",
    "Update Entity",
    "Delete Message",
)
_HIDDEN = 7 * 24 * 3600
_FOR_EVER = -1
_INVISIBLE = 600


def bare_mails(order: dict[str, Any]) -> dict[str, Any]:
    """Works off `queue` with `workers`: seconds until the last mail was handed over."""
    with ExitStack() as stack, ThreadPoolExecutor(order["workers"]) as pool:
        bare = _BareMails(order, stack)
        started = time.perf_counter()
        taken = list(pool.map(lambda _: bare.work(), range(order["workers"])))
        seconds = time.perf_counter() - started
    return {"seconds": seconds, "milliseconds": [], "mails": sum(taken)}


class _BareMails:
    def __init__(self, order: dict[str, Any], stack: ExitStack) -> None:
        storage = order["storage"]
        self._queue, self._later = (
            stack.enter_context(QueueClient.from_connection_string(storage, order[name]))
            for name in ("queue", "later")
        )
        self._table = stack.enter_context(
            TableClient.from_connection_string(storage, order["table"])
        )
        self._connection = stack.enter_context(smtplib.SMTP(order["host"], order["port"]))
        self._order = order
        self._fetched: list[QueueMessage] = []
        self._fetching, self._mailing = threading.Lock(), threading.Lock()

    def work(self) -> int:
        """How many this worker mailed when the queue was empty."""
        count = 0
        while message := self._next():
            self._mail_one(message)
            count += 1
        return count

    def _next(self) -> QueueMessage | None:
        with self._fetching:
            if not self._fetched:
                pages = self._queue.receive_messages(
                    messages_per_page=self._order["batch"],
                    max_messages=self._order["batch"],
                    visibility_timeout=_INVISIBLE,
                )
                self._fetched = list(pages)
            return self._fetched.pop() if self._fetched else None

    def _mail_one(self, message: QueueMessage) -> None:
        order, partition = self._order, uuid4().hex + uuid4().hex
        self._later.send_message(
            order["laterBody"], visibility_timeout=_HIDDEN, time_to_live=_FOR_EVER
        )
        rows = [row | {"PartitionKey": partition} for row in order["rows"]]
        answers = self._table.submit_transaction([("create", row) for row in rows])
        with self._mailing:
            self._connection.sendmail(order["sender"], order["recipient"], order["mail"].encode())
        self._table.update_entity(
            rows[0],
            mode=UpdateMode.REPLACE,
            etag=answers[0]["etag"],
            match_condition=MatchConditions.IfNotModified,
        )
        self._queue.delete_message(message)
