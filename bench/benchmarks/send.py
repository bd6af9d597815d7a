"""send_confirmation: registrations a second from the queue to the mail caught.

Yardstick: its own storage calls and SMTP deliveries, done bare with as many workers and batches of
the same size. The host stands still until the messages are there.
"""

import tempfile
import time
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from statistics import median
from typing import Any

from azure.data.tables import TableClient, TableServiceClient
from azure.storage.queue import QueueClient, QueueServiceClient

from bench.finding import Finding
from bench.load.process import LoadProcess
from bench.message_template import REGISTRATIONS, registration_messages
from bench.people import new_address
from bench.plots import bars
from bench.process_cost import cpu_seconds
from bench.queue_backlog import fill, wait_until
from bench.rounds import Spread, alternate
from bench.scale import Scale
from bench.section import Section, paragraphs
from bench.stack import BenchStack
from local.markdown import table
from local.stack.addresses import HOST

BARE, LATER, TABLE = "bench-bare", "bench-later", "benchbare"
# host.json: batchSize 4, and four more are fetched while no more than newBatchThreshold 2 run.
BATCH, WORKERS = 4, 6
# As long as the app's own message, which is hidden for a week: see the operations' bytes.
LATER_BODY = "A" * 292
SECONDS = 300.0
GOAL = 0.7
OTHERS = ("promote", "follow_up", "take_in_lead", "note_mail_report")


class What(StrEnum):
    """What is measured in each round."""

    SEND = "send_confirmation"
    BARE = "its storage calls and mails, bare"


def measure(scale: Scale) -> dict[str, Any]:
    """For each of `What`: the rounds."""
    with (
        tempfile.TemporaryDirectory(prefix="doi-bench-") as folder,
        BenchStack(Path(folder), disabled=OTHERS) as stack,
        LoadProcess() as load,
    ):
        bench = _Send(stack, load, scale)
        return {"rounds": alternate(list(What), scale.rounds, bench.round)}


class _Send:
    def __init__(self, stack: BenchStack, load: LoadProcess, scale: Scale) -> None:
        self._stack, self._load, self._count = stack, load, scale.mails
        rounds = scale.rounds + 1
        self._messages = registration_messages(stack, 2 * rounds * self._count + 1)
        for name in (BARE, LATER):
            QueueServiceClient.from_connection_string(stack.storage).create_queue(name)
        TableServiceClient.from_connection_string(stack.storage).create_table(TABLE)
        self._queues = {
            name: QueueClient.from_connection_string(stack.storage, name)
            for name in (REGISTRATIONS, BARE)
        }
        stack.start(stack.functions)
        self._model = self._first_mail()

    def _first_mail(self) -> dict[str, Any]:
        """What the app writes and mails: the bare calls carry the same."""
        fill(self._stack.storage, REGISTRATIONS, [self._messages.pop()])
        [mail] = self._stack.mails.take(1, seconds=SECONDS)
        wait_until(self._queues[REGISTRATIONS], 0, seconds=SECONDS)
        with TableClient.from_connection_string(self._stack.storage, REGISTRATIONS) as rows:
            entities = [dict(entity) for entity in rows.list_entities()]
        entities.sort(key=lambda entity: entity["RowKey"] == "address")
        return {
            "rows": entities,
            "mail": mail.raw.decode("ascii"),
            "laterBody": LATER_BODY,
            "sender": "newsletter@contoso.example",
            "recipient": new_address(),
        }

    def round(self, what: What) -> dict[str, Any]:
        """Raises RuntimeError when not every mail came."""
        texts = [self._messages.pop() for _ in range(self._count)]
        host = self._stack.functions
        before = cpu_seconds(host.pid), cpu_seconds(self._stack.azurite.pid)
        if what is What.SEND:
            seconds, cpu = self._by_the_app(texts), None
        else:
            seconds, cpu = self._bare(texts)
        after = cpu_seconds(host.pid), cpu_seconds(self._stack.azurite.pid)
        mine, azurite = (
            (late - early) / self._count * 1000 for late, early in zip(after, before, strict=True)
        )
        return {
            "perSecond": self._count / seconds,
            "cpuMilliseconds": mine if cpu is None else cpu / self._count * 1000,
            "azuriteCpuMilliseconds": azurite,
        }

    def _by_the_app(self, texts: list[str]) -> float:
        host = self._stack.functions
        host.freeze()
        try:
            fill(self._stack.storage, REGISTRATIONS, texts)
            started = time.monotonic()
        finally:
            host.thaw()
        mails = self._stack.mails.take(len(texts), seconds=SECONDS)
        wait_until(self._queues[REGISTRATIONS], 0, seconds=SECONDS)
        return mails[-1].at - started

    def _bare(self, texts: list[str]) -> tuple[float, float]:
        fill(self._stack.storage, BARE, texts)
        started = time.monotonic()
        done = self._load.do(
            kind="bare mails",
            storage=self._stack.storage,
            queue=BARE,
            later=LATER,
            table=TABLE,
            host=HOST,
            port=self._stack.addresses.smtp,
            batch=BATCH,
            workers=WORKERS,
            **self._model,
        )
        mails = self._stack.mails.take(len(texts), seconds=SECONDS)
        return mails[-1].at - started, done["cpuSeconds"]


def present(numbers: Mapping[str, Any]) -> Section:
    """See measure."""
    rounds: dict[str, list[dict[str, float]]] = numbers["rounds"]
    speeds = {what: [one["perSecond"] for one in rounds[what]] for what in What}
    ratio = Spread.of_ratio(speeds[What.SEND], speeds[What.BARE])
    rows = [
        (
            what,
            Spread.of(speeds[what]).shown(0),
            f"{median(one['cpuMilliseconds'] for one in rounds[what]):.1f}",
            f"{median(one['azuriteCpuMilliseconds'] for one in rounds[what]):.1f}",
        )
        for what in What
    ]
    head = ("", "a second", "CPU ms for each: its process", "Azurite")
    text = paragraphs(
        f"Ratio: **{ratio.shown()}** (goal: at least {GOAL}). Both with {WORKERS} at once, fetched "
        f"{BATCH} at a time, over one kept connection to an SMTP server that only takes mails.",
        table(head, rows),
        "![mails a second](results/send.svg)",
    )
    series = {what.value: [Spread.of(speeds[what])] for what in What}
    plot = bars("From the queue to the mail caught", "a second", ["registrations"], series)
    finding = Finding(
        what="mails sent a second, to their storage calls and SMTP deliveries done bare",
        measured=ratio,
        goal=GOAL,
        at_least=True,
    )
    return Section(
        title="send_confirmation", text=text, plots={"send.svg": plot}, findings=[finding]
    )
