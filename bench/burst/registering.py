"""What registering takes: while nobody works on the queue, as in Azure other instances do."""

import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from bench.burst.measured import Station
from bench.load.process import LoadProcess
from bench.people import REGISTRATIONS, new_address, sign_up
from bench.process_cost import cpu_seconds
from bench.stack import BenchStack

_ACCEPTED = 202
_AT_ONCE = 16  # connections: as many as keep the app busy
_MILLISECONDS = 1e-3


def registering(calls: int, rounds: int) -> Station:
    """Medians of the rounds; one more warms up. Raises RuntimeError and Problem."""
    with tempfile.TemporaryDirectory(prefix="doi-bench-") as folder:
        stack = BenchStack(Path(folder), disabled=("send_confirmation",))
        with stack, LoadProcess() as load:
            stack.start(stack.functions)
            _round(stack, load, calls, _AT_ONCE)
            busy = [_round(stack, load, calls, _AT_ONCE) for _ in range(rounds)]
            alone = _round(stack, load, calls, 1)
    return Station(
        alone=median(alone["milliseconds"]) * _MILLISECONDS,
        per_second=median(calls / one["seconds"] for one in busy),
        cpu=median(one["cpu"] for one in busy) / calls,
    )


def _round(stack: BenchStack, load: LoadProcess, calls: int, connections: int) -> dict[str, Any]:
    """What the load process tells, and the host's `cpu` seconds."""
    before = cpu_seconds(stack.functions.pid)
    done = load.do(
        kind="http",
        url=stack.functions_url,
        path=REGISTRATIONS,
        warmUpPath="/api/health",
        bodies=[sign_up(new_address()) for _ in range(calls)],
        contentType="application/json",
        status=_ACCEPTED,
        connections=connections,
    )
    return done | {"cpu": cpu_seconds(stack.functions.pid) - before}
