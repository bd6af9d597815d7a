"""send_confirmation: registrations a second from the queue to the mail caught.

Yardstick: its own storage calls and SMTP deliveries, done bare, with batches and workers as
host.json has them. The host stands still until the messages are there. Both are timed from the
first mail caught to the last: a host that found its queue empty looks again after up to two
seconds (`maxPollingInterval`), and that is no work of the app's.
"""

import tempfile
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from statistics import median
from typing import Any

from azure.data.tables import TableClient, TableServiceClient
from azure.storage.queue import QueueServiceClient

from bench.finding import Finding
from bench.load.process import LoadProcess
from bench.mail_sink import Caught
from bench.mailed_once import mailed_once
from bench.message_template import REGISTRATIONS, address_in, registration_messages
from bench.plots import bars
from bench.process_cost import cpu_seconds
from bench.queue_backlog import fill
from bench.rounds import Spread, alternate
from bench.scale import Scale
from bench.section import Section, paragraphs
from bench.stack import BenchStack
from local.markdown import table
from local.stack.addresses import HOST

BARE, LATER, TABLE = "bench-bare", "bench-later", "benchbare"
# host.json: batchSize 4, and four more are fetched while no more than newBatchThreshold 2 run.
BATCH, THRESHOLD, WORKERS = 4, 2, 6
# As long as the app's own message, which is hidden for a week: a test compares them.
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
        bench = Sending(stack, load, scale)
        return {"rounds": alternate(list(What), scale.rounds, bench.round)}


class Sending:
    """The functions run when it was made, and have sent a mail."""

    def __init__(self, stack: BenchStack, load: LoadProcess, scale: Scale) -> None:
        self._stack, self._load, self._count = stack, load, scale.mails
        rounds = scale.rounds + 1
        self._messages = registration_messages(stack, 2 * rounds * self._count + 1)
        for name in (BARE, LATER):
            QueueServiceClient.from_connection_string(stack.storage).create_queue(name)
        TableServiceClient.from_connection_string(stack.storage).create_table(TABLE)
        stack.start(stack.functions)
        self._model = self._first_mail()

    def _first_mail(self) -> dict[str, Any]:
        """What the app writes and mails: the bare calls carry the same."""
        text = self._messages.pop()
        fill(self._stack.storage, REGISTRATIONS, [text])
        [mail] = mailed_once(self._stack, [address_in(text)], seconds=SECONDS)
        with TableClient.from_connection_string(self._stack.storage, REGISTRATIONS) as rows:
            entities = [dict(entity) for entity in rows.list_entities()]
        entities.sort(key=lambda entity: entity["RowKey"] == "address")
        return {
            "rows": entities,
            "mail": mail.raw.decode("ascii"),
            "laterBody": LATER_BODY,
            "sender": "newsletter@contoso.example",
        }

    def round(self, what: What) -> dict[str, Any]:
        """Raises RuntimeError when not everybody of the round, and nobody else, got one mail."""
        self._stack.mails.must_be_empty()
        texts = self.texts(self._count)
        host = self._stack.functions
        before = cpu_seconds(host.pid), cpu_seconds(self._stack.azurite.pid)
        if what is What.SEND:
            mails, cpu = self._by_the_app(texts), None
        else:
            mails, cpu = self._bare(texts)
        after = cpu_seconds(host.pid), cpu_seconds(self._stack.azurite.pid)
        mine, azurite = (
            (late - early) / self._count * 1000 for late, early in zip(after, before, strict=True)
        )
        return {
            "perSecond": (self._count - 1) / (mails[-1].at - mails[0].at),
            "cpuMilliseconds": mine if cpu is None else cpu / self._count * 1000,
            "azuriteCpuMilliseconds": azurite,
        }

    def texts(self, count: int) -> list[str]:
        """So many messages that nobody had yet."""
        return [self._messages.pop() for _ in range(count)]

    def bare_order(self, texts: Sequence[str]) -> dict[str, Any]:
        """For bench.load.bare_mails: these messages, which are in queue `BARE`."""
        return {
            "storage": self._stack.storage,
            "queue": BARE,
            "later": LATER,
            "table": TABLE,
            "host": HOST,
            "port": self._stack.addresses.smtp,
            "batch": BATCH,
            "threshold": THRESHOLD,
            "workers": WORKERS,
            "recipients": [address_in(text) for text in texts],
            **self._model,
        }

    def _by_the_app(self, texts: list[str]) -> list[Caught]:
        host = self._stack.functions
        host.freeze()
        try:
            fill(self._stack.storage, REGISTRATIONS, texts)
        finally:
            host.thaw()
        return mailed_once(self._stack, [address_in(text) for text in texts], seconds=SECONDS)

    def _bare(self, texts: list[str]) -> tuple[list[Caught], float]:
        fill(self._stack.storage, BARE, texts)
        order = self.bare_order(texts)
        done = self._load.do(kind="bare mails", **order)
        mails = self._stack.mails.take_one_each(order["recipients"], seconds=SECONDS)
        return mails, done["cpuSeconds"]


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
        f"Ratio: **{ratio.shown()}** (goal: at least {GOAL}). Both with at most {WORKERS} at once, "
        f"{BATCH} fetched whenever no more than {THRESHOLD} are at work (host.json), over one kept "
        "connection to an SMTP server that only takes mails. Timed from the first mail caught to "
        "the last: neither connecting counts nor how long an idle host waits before it looks into "
        "its queue again (up to 2 s). Each person of a round got one mail, or the run would have "
        "failed.",
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
