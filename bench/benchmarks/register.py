"""register: how many are accepted a second, and how long each waits.

Yardsticks: the same number of bare queue puts with the Azure SDK into the same Azurite, and an
empty function on the same host. The SDK in one Python process is not the limit of storage: bare
puts as plain HTTP come closer to that, and how busy each process was tells who set the pace.
Nothing works on the queue meanwhile: in Azure its function scales on instances of its own.
"""

import json
import tempfile
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from statistics import median
from typing import Any

from azure.storage.queue import QueueClient

from bench.finding import Finding
from bench.fresh_process import first_line
from bench.load.process import LoadProcess
from bench.message_template import registration_messages
from bench.people import REGISTRATIONS, new_address, sign_up
from bench.plain_puts import put_address
from bench.plots import bars
from bench.process_cost import cpu_seconds
from bench.rounds import Spread, alternate, speed_cells
from bench.scale import Scale
from bench.section import Section, paragraphs
from bench.stack import BenchStack
from local.markdown import table
from local.stack.addresses import AZURITE_ACCOUNT, url

QUEUE = "registrations"
BARE = "bench-bare"
HTTP, ACCEPTED = "application/json", 202
XML, CREATED = "application/xml", 201
GOAL, GOAL_OF_ONE = 0.75, 1.25
ONE = "1"
LEAST = 0.04  # of the app's own share, to be named


class What(StrEnum):
    """What is measured in each round."""

    REGISTER = "register"
    PUTS = "bare puts, SDK"
    PUTS_ASYNC = "bare puts, async SDK"
    PUTS_PLAIN = "bare puts, plain HTTP"
    EMPTY = "empty function"


def measure(scale: Scale) -> dict[str, Any]:
    """For each number of connections and each of `What`: the rounds."""
    with tempfile.TemporaryDirectory(prefix="doi-bench-") as folder:
        stack = BenchStack(Path(folder), disabled=("send_confirmation",))
        with stack, LoadProcess() as load:
            [message] = registration_messages(stack, 1)
            stack.start(stack.functions, stack.plain)
            bench = _Register(stack, load, message)
            rounds = {
                str(connections): _rounds(bench, connections, calls, scale.rounds)
                for connections, calls in scale.calls_by_connections().items()
            }
            own = first_line(["-m", "bench.own_share", str(scale.own_calls)], stack.environment)
    return {"connections": rounds, "own": json.loads(own.text)}


def _rounds(
    bench: "_Register", connections: int, calls: int, rounds: int
) -> dict[What, list[dict[str, Any]]]:
    return alternate(list(What), rounds, lambda what: bench.round(what, connections, calls))


class _Register:
    def __init__(self, stack: BenchStack, load: LoadProcess, message: str) -> None:
        """`message` is what the bare puts put: as the app wrote it."""
        self._stack = stack
        self._load = load
        self._message = message
        queue, bare = (
            QueueClient.from_connection_string(stack.storage, name) for name in (QUEUE, BARE)
        )
        bare.create_queue()
        self._queues = {
            What.REGISTER: queue,
            What.PUTS: bare,
            What.PUTS_ASYNC: bare,
            What.PUTS_PLAIN: bare,
        }

    def round(self, what: What, connections: int, calls: int) -> dict[str, Any]:
        """Raises RuntimeError when not every call came to what it should."""
        queue = self._queues.get(what)
        before = {name: cpu_seconds(pid) for name, pid in self._pids().items()}
        done = self._do(what, connections, calls)
        after = {name: cpu_seconds(pid) for name, pid in self._pids().items()}
        if queue:
            count = queue.get_queue_properties().approximate_message_count or 0
            if count != calls:
                raise RuntimeError(f"{what}: {count} of {calls} messages are in the queue")
            queue.clear_messages()
        cpu = {name: (after[name] - before[name]) / calls * 1000 for name in before}
        cpu["load"] = done["cpuSeconds"] / calls * 1000
        return {
            "perSecond": calls / done["seconds"],
            "milliseconds": sorted(done["milliseconds"]),
            "cpuMilliseconds": cpu,
        }

    def _pids(self) -> dict[str, int]:
        stack = self._stack
        return {
            "functions host": stack.functions.pid,
            "plain host": stack.plain.pid,
            "Azurite": stack.azurite.pid,
        }

    def _do(self, what: What, connections: int, calls: int) -> dict[str, Any]:
        if what in (What.PUTS, What.PUTS_ASYNC):
            return self._load.do(
                kind="puts" if what is What.PUTS else "puts, async",
                storage=self._stack.storage,
                queue=BARE,
                bodies=[self._message] * calls,
                connections=connections,
            )
        if what is What.PUTS_PLAIN:
            body = f"<QueueMessage><MessageText>{self._message}</MessageText></QueueMessage>"
            return self._load.do(
                kind="http",
                url=url(self._stack.addresses.azurite_queues),
                path=put_address(BARE),
                warmUpPath=f"/{AZURITE_ACCOUNT}?comp=list",
                bodies=[body] * calls,
                contentType=XML,
                status=CREATED,
                connections=connections,
            )
        mine = what is What.REGISTER
        return self._load.do(
            kind="http",
            url=self._stack.functions_url if mine else self._stack.plain_url,
            path=REGISTRATIONS if mine else "/api/empty",
            warmUpPath="/api/health",
            bodies=[sign_up(new_address()) for _ in range(calls)],
            contentType=HTTP,
            status=ACCEPTED,
            connections=connections,
        )


def present(numbers: Mapping[str, Any]) -> Section:
    """See measure."""
    by_connections: dict[str, dict[str, list[dict[str, Any]]]] = numbers["connections"]
    rows = [
        _row(what, connections, rounds[what], rounds)
        for connections, rounds in by_connections.items()
        for what in What
    ]
    head = ("", "connections", "a second", "p50 ms", "p95 ms", "p99 ms", "register to this")
    processes = ("functions host", "Azurite", "load process")
    cpu_head = (
        "CPU ms for each",
        "connections",
        *processes,
        *(f"{process} busy" for process in processes),
    )
    cpu_rows = [
        (what, connections, *_cpu(what, rounds[what]))
        for connections, rounds in by_connections.items()
        for what in What
    ]
    series = {
        what.value: [
            Spread.of([one["perSecond"] for one in rounds[what]])
            for rounds in by_connections.values()
        ]
        for what in What
    }
    groups = [f"{connections} connections" for connections in by_connections]
    ratios = {
        yardstick.value: [_ratio(rounds, yardstick) for rounds in by_connections.values()]
        for yardstick in list(What)[1:]
    }
    text = paragraphs(
        "Per second, the median of the rounds; percentiles are of all calls together. The last "
        "column says how many times as many registrations as of this a second.",
        table(head, rows),
        "p50 of one connection, to empty function + one bare put: "
        f"**{_of_one(by_connections[ONE]).shown()}** (goal: at most {GOAL_OF_ONE}).",
        "Whose time it is. How busy: of one core, which is all that a process of Python or Node "
        "can use; whoever comes near 100% sets the pace. The host runs functions in as many "
        "threads as Python takes by itself, cores + 4.",
        table(cpu_head, cpu_rows),
        _own_share(numbers["own"]),
        "![registrations a second](results/register.svg)",
        "![ratios](results/register-ratios.svg)",
    )
    return Section(
        title="register",
        text=text,
        plots={
            "register.svg": bars("Each a second", "a second", groups, series),
            "register-ratios.svg": bars(
                f"register to each yardstick (goal: {GOAL})", "ratio", groups, ratios, GOAL
            ),
        },
        findings=_findings(by_connections),
    )


def _findings(
    by_connections: Mapping[str, Mapping[str, Sequence[Mapping[str, Any]]]],
) -> list[Finding]:
    many = [
        Finding(
            what=f"registrations accepted a second at {connections} connections, to bare queue "
            "puts with the SDK",
            measured=_ratio(rounds, What.PUTS),
            goal=GOAL,
            at_least=True,
        )
        for connections, rounds in by_connections.items()
        if connections != ONE
    ]
    one = Finding(
        what="p50 of a register call at one connection, to an empty function + one bare put",
        measured=_of_one(by_connections[ONE]),
        goal=GOAL_OF_ONE,
    )
    return [*many, one]


def _own_share(own: Mapping[str, Any]) -> str:
    whole = sum(own["packages"].values())
    shares = [
        f"{name} {part / whole:.0%}"
        for name, part in own["packages"].items()
        if part / whole > LEAST
    ]
    return (
        "The app's own share: its function called in a process of its own, with a list in place of "
        f"the queue, takes **{median(own['milliseconds']):.2f} ms** of processor time for each "
        f"registration ({', '.join(shares)}). The rest is the put and the local host with its log."
    )


def _row(
    what: What,
    connections: str,
    rounds: Sequence[Mapping[str, Any]],
    all_rounds: Mapping[str, Sequence[Mapping[str, Any]]],
) -> tuple[str, ...]:
    ratio = "" if what is What.REGISTER else f"**{_ratio(all_rounds, what).shown()}**"
    return (what, connections, *speed_cells(rounds), ratio)


def _ratio(rounds: Mapping[str, Sequence[Mapping[str, Any]]], yardstick: What) -> Spread:
    mine, other = (
        [one["perSecond"] for one in rounds[what]] for what in (What.REGISTER, yardstick)
    )
    return Spread.of_ratio(mine, other)


def _of_one(rounds: Mapping[str, Sequence[Mapping[str, Any]]]) -> Spread:
    mine, empty, put = (
        [median(one["milliseconds"]) for one in rounds[what]]
        for what in (What.REGISTER, What.EMPTY, What.PUTS)
    )
    return Spread.of_ratio(mine, [one + other for one, other in zip(empty, put, strict=True)])


def _cpu(what: What, rounds: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    host = "plain host" if what is What.EMPTY else "functions host"
    names = (host, "Azurite", "load")
    taken = [median(one["cpuMilliseconds"][name] for one in rounds) for name in names]
    speed = median(one["perSecond"] for one in rounds)
    busy = (f"{milliseconds * speed / 1000:.0%}" for milliseconds in taken)
    return (*(f"{milliseconds:.2f}" for milliseconds in taken), *busy)
