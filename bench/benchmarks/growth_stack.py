"""A stack whose table grows: people who are mailed, clicks, records that nobody confirmed."""

import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

from azure.data.tables import TableClient, UpdateMode
from azure.storage.queue import QueueClient

from bench.due_records import DueRecords, Key, forget_message, new_keys
from bench.load.process import LoadProcess
from bench.mailed_once import mailed_once
from bench.message_template import REGISTRATIONS as QUEUE
from bench.message_template import address_in, registration_messages
from bench.people import REGISTRATIONS, new_address, sign_up
from bench.process_cost import cpu_seconds, resident_megabytes
from bench.queue_backlog import fill, length, wait_until
from bench.stack import BenchStack
from bench.table_filler import fill_table, write_partitions

TABLE, FOLLOW_UPS, PROMOTIONS = "registrations", "follow-ups", "promotions"
BATCH = 500  # Azurite's queues get slow with more
DAYS = 8  # the form's records are forgotten after seven
SECONDS = 1200.0
MILLISECONDS = 1e-6  # per nanosecond
JSON, FORM_POST = "application/json", "application/x-www-form-urlencoded"
ACCEPTED, OK = 202, 200


class GrowthStack:
    """A context manager; the functions run when it was entered."""

    def __init__(self, data: Path, load: LoadProcess) -> None:
        self._stack = BenchStack(data, dataverse=True, table_in_memory=True)
        self._load = load
        self._tokens: list[str] = []
        self._size = 0
        self._ending = ExitStack()

    def __enter__(self) -> Self:
        stack = self._ending.enter_context(self._stack)
        self._messages, self._follow_ups, self._promotions, self._poison = (
            self._ending.enter_context(QueueClient.from_connection_string(stack.storage, name))
            for name in (QUEUE, FOLLOW_UPS, PROMOTIONS, f"{FOLLOW_UPS}-poison")
        )
        self._table = self._ending.enter_context(
            TableClient.from_connection_string(stack.storage, TABLE)
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ending.close()

    def send_mails(self, count: int) -> None:
        """The app mails so many people, and starts to run."""
        stack = self._stack
        messages = registration_messages(stack, count)
        stack.start(stack.functions, stack.visitors_host())
        for first in range(0, count, BATCH):
            texts = messages[first : first + BATCH]
            fill(stack.storage, QUEUE, texts)
            mails = mailed_once(stack, [address_in(text) for text in texts], seconds=SECONDS)
            self._tokens += [mail.confirm_token() for mail in mails]
        pages = self._table.list_entities(results_per_page=1).by_page()
        self._one = dict(next(next(pages)))  # any row is there for all of the run
        partition = f"PartitionKey eq '{self._one['PartitionKey']}'"
        rows = [dict(row) for row in self._table.query_entities(partition)]
        self._due = DueRecords.like(rows)
        self._written = {**self._due.record, "PartitionKey": "bench", "RowKey": "written"}
        self._table.create_entity(self._written)

    def grow_to(self, size: int) -> int:
        """How many rows were added."""
        count = size - self._size
        if count > 0:
            fill_table(self._stack.table_url, TABLE, self._due.record, count)
            self._size = size
        return max(count, 0)

    def table_megabytes(self) -> float:
        """What the process of the table keeps in memory."""
        return resident_megabytes(self._stack.table.pid)

    def register(self, calls: int) -> list[float]:
        """Milliseconds of each call, while nobody works on the queue. Raises RuntimeError."""
        stack = self._stack
        stack.functions.freeze()
        try:
            bodies = [sign_up(new_address()) for _ in range(calls)]
            taken = self._call(stack.plain_url, REGISTRATIONS, bodies, JSON, ACCEPTED)
            if (count := length(self._messages)) != calls:
                raise RuntimeError(f"{count} of {calls} messages are in the queue")
            self._messages.clear_messages()
        finally:
            stack.functions.thaw()
        return taken

    def confirm(self, clicks: int) -> list[float]:
        """Milliseconds until each person saw the page."""
        tokens = [self._tokens.pop() for _ in range(clicks)]
        bodies = [urlencode({"token": token}) for token in tokens]
        taken = self._call(self._stack.functions_url, "/api/confirm", bodies, FORM_POST, OK)
        if waiting := length(self._promotions):
            raise RuntimeError(f"{waiting} of {clicks} clicks were not promoted at once")
        return taken

    def read(self, calls: int) -> list[float]:
        """Milliseconds of each read of one row, with the SDK."""
        taken = []
        for _ in range(calls):
            started = time.perf_counter_ns()
            self._table.get_entity(self._one["PartitionKey"], self._one["RowKey"])
            taken.append((time.perf_counter_ns() - started) * MILLISECONDS)
        return taken

    def write(self, calls: int) -> list[float]:
        """Milliseconds of each replacement of one row, with the SDK."""
        taken = []
        for _ in range(calls):
            started = time.perf_counter_ns()
            self._table.update_entity(self._written, mode=UpdateMode.REPLACE)
            taken.append((time.perf_counter_ns() - started) * MILLISECONDS)
        return taken

    def a_week_later(self) -> None:
        """From now on the app runs at a time when whoever was mailed today is forgotten."""
        self._stack.functions.end_gently()
        self._later = self._stack.functions_later(DAYS)
        self._stack.start(self._later)

    def make_due(self, count: int) -> list[Key]:
        """So many records that nobody confirmed."""
        keys = new_keys(count)
        write_partitions(self._stack.table_url, TABLE, self._due.partitions(keys))
        return keys

    def expire(self, due: Sequence[Key]) -> float:
        """Seconds until all were forgotten. Raises RuntimeError when one was not."""
        due_at = datetime.now(UTC) + timedelta(days=DAYS - 1)
        messages = [forget_message(mailbox, registration, due_at) for mailbox, registration in due]
        seconds = 0.0
        for first in range(0, len(messages), BATCH):
            batch = messages[first : first + BATCH]
            self._later.freeze()
            fill(self._stack.storage, FOLLOW_UPS, batch)
            left = length(self._follow_ups) - len(batch)
            started = time.monotonic()
            self._later.thaw()
            wait_until(self._follow_ups, left, seconds=SECONDS)
            seconds += time.monotonic() - started
        if failed := length(self._poison):
            raise RuntimeError(f"{failed} messages went to {FOLLOW_UPS}-poison")
        if any(self._has_rows(mailbox) for mailbox, _ in (due[0], due[-1])):
            raise RuntimeError("rows that were due are still there")
        return seconds

    def _has_rows(self, mailbox_key: str) -> bool:
        rows = self._table.query_entities(f"PartitionKey eq '{mailbox_key}'")
        return next(iter(rows), None) is not None

    def rows(self) -> int:
        """All that the table has."""
        return sum(1 for _ in self._table.list_entities(select=["PartitionKey"]))

    def cpu_by_process(self) -> dict[str, float]:
        """Seconds so far: of the app's host, and of the table's process."""
        stack = self._stack
        return {"host": cpu_seconds(stack.functions.pid), "table": cpu_seconds(stack.table.pid)}

    def cpu_seconds(self) -> float:
        """What the host of a week later has used so far."""
        return cpu_seconds(self._later.pid)

    def _call(self, url: str, path: str, bodies: list[str], kind: str, status: int) -> list[float]:
        done: dict[str, Any] = self._load.do(
            kind="http",
            url=url,
            path=path,
            warmUpPath="/api/health",
            bodies=bodies,
            contentType=kind,
            status=status,
            connections=1,
        )
        return list(done["milliseconds"])
