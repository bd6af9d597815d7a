"""confirm → promoted: clicks a second, and how long each person waits for the page.

Yardsticks: the same calls to the same Dataverse simulator, bare; and those together with the
click's own storage operations. Each click ends promoted, or the run fails. The clock runs on open
connections: those of the load's to the app, and those of the bare calls to Dataverse and storage.
"""

import tempfile
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

import requests
from azure.data.tables import TableClient, TableServiceClient
from azure.storage.queue import QueueClient, QueueServiceClient

from bench.finding import Finding
from bench.load.process import LoadProcess
from bench.mailed_once import mailed_once
from bench.message_template import REGISTRATIONS, address_in, registration_messages
from bench.people import new_address
from bench.plots import bars
from bench.process_cost import cpu_seconds
from bench.queue_backlog import fill, length, wait_until
from bench.recording.proxy import RecordingProxy
from bench.recording.replay import RecordedCalls
from bench.rounds import Spread, alternate, speed_cells
from bench.scale import Scale
from bench.section import Section, paragraphs
from bench.stack import BenchStack
from bench.website import register
from local.markdown import table
from local.stack.addresses import url

BARE, TABLE, PROMOTIONS = "bench-bare", "benchbare", "promotions"
# As long as the app's own message: a test compares them.
NET_BODY = "A" * 216
FORM_POST, OK = "application/x-www-form-urlencoded", 200
SECONDS = 600.0
GOAL = 0.7
OTHERS = ("follow_up",)
BATCH = 500  # Azurite's queues get slow with more


class What(StrEnum):
    """What is measured in each round."""

    CONFIRM = "confirm → promoted"
    DATAVERSE = "its Dataverse calls, bare"
    SUM = "its Dataverse and storage calls, bare"


def measure(scale: Scale) -> dict[str, Any]:
    """For each number of connections and each of `What`: the rounds."""
    clicks = scale.clicks_by_connections()
    with (
        tempfile.TemporaryDirectory(prefix="doi-bench-") as folder,
        BenchStack(Path(folder), dataverse=True, disabled=OTHERS) as stack,
        LoadProcess() as load,
    ):
        bench = Confirming(stack, load)
        bench.send_mails((scale.rounds + 1) * sum(clicks.values()))
        rounds = {
            str(connections): _rounds(bench, connections, count, scale.rounds)
            for connections, count in clicks.items()
        }
        return {"connections": rounds, "dataverseCalls": bench.told_calls()}


def _rounds(
    bench: "Confirming", connections: int, clicks: int, rounds: int
) -> dict[What, list[dict[str, Any]]]:
    return alternate(list(What), rounds, lambda what: bench.round(what, connections, clicks))


class Confirming:
    """The functions run when it was made."""

    def __init__(self, stack: BenchStack, load: LoadProcess) -> None:
        self._stack, self._load = stack, load
        self._tokens: list[str] = []
        QueueServiceClient.from_connection_string(stack.storage).create_queue(BARE)
        TableServiceClient.from_connection_string(stack.storage).create_table(TABLE)
        self._promotions = QueueClient.from_connection_string(stack.storage, PROMOTIONS)
        self._registrations = QueueClient.from_connection_string(stack.storage, REGISTRATIONS)
        self._calls, self._row = self._record()
        self._promoted = self._triggers()
        stack.start(stack.functions)

    def send_mails(self, count: int) -> None:
        """So many people are mailed by the app, as ever: their tokens.

        Raises RuntimeError when not everybody got one mail.
        """
        stack = self._stack
        stack.mails.must_be_empty()
        stack.functions.freeze()
        try:
            messages = registration_messages(stack, count)
        finally:
            stack.functions.thaw()
        for first in range(0, count, BATCH):
            texts = messages[first : first + BATCH]
            fill(stack.storage, REGISTRATIONS, texts)
            mails = mailed_once(stack, [address_in(text) for text in texts], seconds=SECONDS)
            self._tokens += [mail.confirm_token() for mail in mails]

    def round(self, what: What, connections: int, clicks: int) -> dict[str, Any]:
        """Raises RuntimeError when not every click was promoted at once."""
        host = self._stack.functions
        before = cpu_seconds(host.pid)
        done = self._do(what, connections, clicks)
        mine = (cpu_seconds(host.pid) - before) / clicks * 1000
        if what is What.CONFIRM and (waiting := length(self._promotions)):
            raise RuntimeError(f"{waiting} of {clicks} clicks were not promoted at once")
        promoted = self._triggers()
        if promoted - self._promoted != clicks:
            raise RuntimeError(f"{promoted - self._promoted} triggers for {clicks} clicks")
        self._promoted = promoted
        return {
            "perSecond": clicks / done["seconds"],
            "milliseconds": sorted(done["milliseconds"]),
            "cpuMilliseconds": mine if what is What.CONFIRM else done["cpuSeconds"] / clicks * 1000,
        }

    def told_calls(self) -> list[str]:
        """What a click asks of Dataverse, without who."""
        return [f"{call.method} {call.target.partition('?')[0]}" for call in self._calls.calls]

    def _do(self, what: What, connections: int, clicks: int) -> dict[str, Any]:
        if what is What.CONFIRM:
            tokens = [self._tokens.pop() for _ in range(clicks)]
            return self._load.do(
                kind="http",
                url=self._stack.functions_url,
                path="/api/confirm",
                warmUpPath="/api/health",
                bodies=[urlencode({"token": token}) for token in tokens],
                contentType=FORM_POST,
                status=OK,
                connections=connections,
            )
        return self._load.do(
            kind="bare clicks", **self.bare_order(what, connections=connections, clicks=clicks)
        )

    def bare_order(self, what: What, *, connections: int, clicks: int) -> dict[str, Any]:
        """For bench.load.bare_clicks."""
        with_storage = {
            "storage": self._stack.storage,
            "table": TABLE,
            "queue": BARE,
            "row": self._row,
            "netBody": NET_BODY,
        }
        return {
            "dataverse": url(self._stack.addresses.dataverse),
            "clicks": [self._calls.for_somebody_new() for _ in range(clicks)],
            "connections": connections,
            **(with_storage if what is What.SUM else {}),
        }

    def _record(self) -> tuple[RecordedCalls, dict[str, Any]]:
        """What the app asks of Dataverse for one person, and the row that it leaves."""
        stack = self._stack
        dataverse = stack.addresses.dataverse
        with RecordingProxy({"dataverse": dataverse}) as proxy:
            stack.environment["DATAVERSE_URL"] = url(proxy.ports["dataverse"])
            stack.start(stack.functions)
            clicked = [self._click_once(proxy) for _ in range(3)]
            stack.functions.end_gently()
        stack.environment["DATAVERSE_URL"] = url(dataverse)
        _, (another, _), (mine, address) = clicked  # the first one also asked for definitions
        with TableClient.from_connection_string(stack.storage, REGISTRATIONS) as rows:
            row = dict(next(iter(rows.query_entities(f"email eq '{address}'"))))
        return RecordedCalls.of(mine, another, address), row

    def _click_once(self, proxy: RecordingProxy) -> tuple[Sequence[Any], str]:
        stack, address = self._stack, new_address()
        register(stack.functions_url, address)
        [mail] = stack.mails.take(1, seconds=SECONDS)
        wait_until(self._registrations, 0, seconds=SECONDS)
        first = len(proxy.exchanges)
        press = {"token": mail.confirm_token()}
        answer = requests.post(f"{stack.functions_url}/api/confirm", press, timeout=SECONDS)
        if answer.status_code != OK:
            raise RuntimeError(f"confirm: {answer.status_code}")
        if length(self._promotions):
            raise RuntimeError("the click was not promoted at once: what it asks cannot be told")
        return proxy.exchanges[first:], address

    def _triggers(self) -> int:
        control = f"{url(self._stack.addresses.dataverse)}/_simulator/state"
        state = requests.get(control, timeout=SECONDS).json()
        return len(state["triggers"])


def present(numbers: Mapping[str, Any]) -> Section:
    """See measure."""
    by_connections: dict[str, dict[str, list[dict[str, Any]]]] = numbers["connections"]
    rows = [
        _row(what, connections, rounds)
        for connections, rounds in by_connections.items()
        for what in What
    ]
    head = (
        "",
        "connections",
        "a second",
        "p50 ms",
        "p95 ms",
        "p99 ms",
        "CPU ms",
        "confirm to this",
    )
    groups = [f"{connections} connections" for connections in by_connections]
    series = {
        what.value: [Spread.of(_speeds(rounds, what)) for rounds in by_connections.values()]
        for what in What
    }
    calls = ", ".join(f"`{call}`" for call in numbers["dataverseCalls"])
    text = paragraphs(
        f"The click's calls to Dataverse: {calls}. Its storage operations are named "
        f"[below](#storage-operations-of-a-registration). Goal: at least {GOAL} of the calls done "
        "bare. Timed from the first click to the last answer, each connection open before: the "
        "load's to the app, and those of each thread of the bare calls to Dataverse, queue and "
        "table. CPU is that of the functions host (its answers to one `GET /api/health` for each "
        "connection included), or of the process that does the bare calls, for each click.",
        table(head, rows),
        "![clicks a second](results/confirm.svg)",
    )
    plot = bars("Clicks that ended promoted", "a second", groups, series)
    findings = [
        Finding(
            what=f"clicks promoted a second, {connections} at once, to their Dataverse and "
            "storage calls done bare",
            measured=_ratio(rounds, What.SUM),
            goal=GOAL,
            at_least=True,
        )
        for connections, rounds in by_connections.items()
    ]
    return Section(
        title="confirm → promoted", text=text, plots={"confirm.svg": plot}, findings=findings
    )


def _row(
    what: What, connections: str, rounds: Mapping[str, Sequence[Mapping[str, Any]]]
) -> tuple[str, ...]:
    cpu = f"{median(one['cpuMilliseconds'] for one in rounds[what]):.1f}"
    told = "" if what is What.CONFIRM else f"**{_ratio(rounds, what).shown()}**"
    return (what, connections, *speed_cells(rounds[what]), cpu, told)


def _ratio(rounds: Mapping[str, Sequence[Mapping[str, Any]]], yardstick: What) -> Spread:
    return Spread.of_ratio(_speeds(rounds, What.CONFIRM), _speeds(rounds, yardstick))


def _speeds(rounds: Mapping[str, Sequence[Mapping[str, Any]]], what: What) -> list[float]:
    return [one["perSecond"] for one in rounds[what]]
