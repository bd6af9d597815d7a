"""Ways to put a registration into its queue: what `register` could do, with nothing around it."""

import tempfile
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from statistics import median
from typing import Any

from azure.storage.queue import QueueClient

from bench.load.process import LoadProcess
from bench.people import new_address, sign_up
from bench.plots import bars
from bench.process_cost import cpu_seconds
from bench.rounds import Spread, alternate, speed_cells
from bench.scale import Scale
from bench.section import Section, paragraphs
from bench.stack import BenchStack
from local.markdown import table

QUEUE = "bench-bare"
HTTP, ACCEPTED = "application/json", 202


class Way(StrEnum):
    """Each is a function of bench/plain_app, of the name in `_PATHS`."""

    REQUEST = "a request of our own (as the app does it)"
    SDK = "the SDK's client, in threads"
    ASYNC_SDK = "the SDK's async client"
    BINDING = "an output binding of the host"


_PATHS: Mapping[Way, str] = {
    Way.REQUEST: "/api/by_request",
    Way.SDK: "/api/by_sdk",
    Way.ASYNC_SDK: "/api/by_async_sdk",
    Way.BINDING: "/api/by_binding",
}


def measure(scale: Scale) -> dict[str, Any]:
    """For each number of connections and each way: the rounds."""
    with (
        tempfile.TemporaryDirectory(prefix="doi-bench-") as folder,
        BenchStack(Path(folder)) as stack,
        LoadProcess() as load,
        QueueClient.from_connection_string(stack.storage, QUEUE) as queue,
    ):
        queue.create_queue()
        stack.start(stack.plain)
        rounds = {
            str(connections): _rounds(stack, load, queue, connections, calls, scale.rounds)
            for connections, calls in scale.calls_by_connections().items()
        }
    return {"connections": rounds}


def _rounds(  # noqa: PLR0913, PLR0917 - what one round needs
    stack: BenchStack,
    load: LoadProcess,
    queue: QueueClient,
    connections: int,
    calls: int,
    rounds: int,
) -> dict[Way, list[dict[str, Any]]]:
    def one(way: Way) -> dict[str, Any]:
        before = cpu_seconds(stack.plain.pid)
        done = load.do(
            kind="http",
            url=stack.plain_url,
            path=_PATHS[way],
            warmUpPath="/",
            bodies=[sign_up(new_address()) for _ in range(calls)],
            contentType=HTTP,
            status=ACCEPTED,
            connections=connections,
        )
        cpu = (cpu_seconds(stack.plain.pid) - before) / calls * 1000
        count = queue.get_queue_properties().approximate_message_count
        if count != calls:
            raise RuntimeError(f"{way}: {count} of {calls} messages are in the queue")
        queue.clear_messages()
        return {
            "perSecond": calls / done["seconds"],
            "milliseconds": sorted(done["milliseconds"]),
            "cpuMilliseconds": cpu,
        }

    return alternate(list(Way), rounds, one)


def present(numbers: Mapping[str, Any]) -> Section:
    """See measure."""
    by_connections: dict[str, dict[str, list[dict[str, Any]]]] = numbers["connections"]
    rows = [
        _row(way, connections, rounds)
        for connections, rounds in by_connections.items()
        for way in Way
    ]
    head = ("", "connections", "a second", "p50 ms", "p95 ms", "p99 ms", "CPU ms of the host", "")
    groups = [f"{connections} connections" for connections in by_connections]
    series = {
        way.value: [Spread.of(_speeds(rounds, way)) for rounds in by_connections.values()]
        for way in Way
    }
    text = paragraphs(
        "Functions that only put what they were sent, on the same host. The last column: its "
        "messages a second to those of the SDK's client. The binding here is the local host's, "
        "which puts with the async SDK in the same process; in Azure the host is a process of its "
        "own and no Python, so that its speed there is not known from this. What decides is that "
        "with it a message that storage did not take is a bare 500, where the others can answer "
        "503 ([decisions](../docs/decisions.md)).",
        table(head, rows),
        "![ways to put](results/ways.svg)",
    )
    plot = bars("Messages put", "a second", groups, series)
    return Section(title="Ways to put a message", text=text, plots={"ways.svg": plot})


def _row(
    way: Way, connections: str, rounds: Mapping[str, Sequence[Mapping[str, Any]]]
) -> tuple[str, ...]:
    cpu = f"{median(one['cpuMilliseconds'] for one in rounds[way]):.2f}"
    ratio = Spread.of_ratio(_speeds(rounds, way), _speeds(rounds, Way.SDK))
    return (way, connections, *speed_cells(rounds[way]), cpu, f"**{ratio.shown()}**")


def _speeds(rounds: Mapping[str, Sequence[Mapping[str, Any]]], way: Way) -> list[float]:
    return [one["perSecond"] for one in rounds[way]]
