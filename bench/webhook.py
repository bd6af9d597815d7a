"""`python3 -m bench.webhook`: how fast is LinkedIn answered, cold and warm?

LinkedIn waits three seconds for the answer to its challenge, which may be the first request of a
new instance. Exit code 1 where a challenge took longer than that.
"""

import argparse
import os
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median, quantiles

from bench.running_stack import target
from bench.webhook_calls import Kind, LinkedInApplication
from bench.webhook_cold import Start, take_cold_samples
from bench.webhook_load import CONNECTIONS, Round, take_warm_samples

STARTS, ROUNDS, CALLS = 7, 5, 320
LIMIT = 3.0  # seconds: https://learn.microsoft.com/linkedin/shared/api-guide/webhook-validation
MILLISECONDS = 1000


def report(cold: Mapping[Start, Sequence[float]], warm: Sequence[Round]) -> str:
    """Markdown, without date, so that two reports can be compared."""
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    starts, rounds = len(cold[Start.ANSWER]), len(_of(warm, Kind.HEALTH, CONNECTIONS[0]))
    calls = len(warm[0].milliseconds)
    intro = (
        f"LinkedIn waits {LIMIT:g} s for the answer to its challenge. Measured on {machine}, "
        f"Python {platform.python_version()}. Ratios are taken within each round: their "
        "median (lowest to highest)."
    )
    cold_way = (
        f"{starts} processes of each kind, alternating, timed from their start. All of the app: "
        "every function, settings and forms. What a platform does before it starts Python is not "
        "in these numbers."
    )
    warm_way = (
        f"{rounds} alternating rounds of {calls} calls for each row; every answer checked. "
        "Clients, functions host, Azurite and the queue function that works on the notifications "
        "share the machine."
    )
    lines = [
        "# How fast is LinkedIn answered?",
        "",
        intro,
        "",
        "## Cold: a fresh process until its first answer",
        "",
        cold_way,
        "",
        "| process | median s | fastest | slowest | ratio |",
        "|---|---:|---:|---:|---:|",
        *(_cold_row(start, cold) for start in cold),
        "",
        "## Warm: on the running local stack",
        "",
        warm_way,
        "",
        "| call | connections | p50 ms | p95 ms | p99 ms | ratio |",
        "|---|---:|---:|---:|---:|---:|",
        *(_warm_row(kind, number, warm) for number in CONNECTIONS for kind in Kind),
        "",
        f"The slowest challenge of all took {slowest_challenge(cold, warm):.2f} s.",
        "",
    ]
    return "\n".join(lines)


def slowest_challenge(cold: Mapping[Start, Sequence[float]], warm: Sequence[Round]) -> float:
    """Seconds, cold ones and warm ones."""
    warm_ones = [
        took / MILLISECONDS
        for one in warm
        if one.kind is Kind.CHALLENGE
        for took in one.milliseconds
    ]
    return max(*cold[Start.ANSWER], *cold[Start.UNCOMPILED], *warm_ones)


def _cold_row(start: Start, cold: Mapping[Start, Sequence[float]]) -> str:
    took = cold[start]
    shown = f"{median(took):.2f} | {min(took):.2f} | {max(took):.2f}"
    return f"| {start} | {shown} | {_ratio(took, cold[Start.SDK])} |"


def _warm_row(kind: Kind, connections: int, warm: Sequence[Round]) -> str:
    mine, health = _of(warm, kind, connections), _of(warm, Kind.HEALTH, connections)
    cuts = quantiles([took for one in mine for took in one], n=100, method="inclusive")
    ratio = _ratio([median(one) for one in mine], [median(one) for one in health])
    shown = f"{cuts[49]:.1f} | {cuts[94]:.1f} | {cuts[98]:.1f}"
    return f"| {kind} | {connections} | {shown} | {ratio} |"


def _of(warm: Sequence[Round], kind: Kind, connections: int) -> list[Sequence[float]]:
    return [one.milliseconds for one in warm if (one.kind, one.connections) == (kind, connections)]


def _ratio(mine: Sequence[float], baseline: Sequence[float]) -> str:
    ratios = [one / other for one, other in zip(mine, baseline, strict=True)]
    return f"{median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 1 where a challenge took longer than LinkedIn waits."""
    options = _parser().parse_args(arguments)
    cold = take_cold_samples(options.starts)
    with target(options.ready, options.port_base) as stack:
        application = LinkedInApplication.of_local_settings()
        warm = take_warm_samples(stack, application, rounds=options.rounds, calls=options.calls)
    text = report(cold, warm)
    print(text)
    if options.report:
        options.report.write_text(text, encoding="utf-8")
    return int(slowest_challenge(cold, warm) > LIMIT)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 -m bench.webhook", description=__doc__)
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--ready", help="the READY line of a running stack; else one is started")
    where.add_argument("--port-base", type=int, help="the same by its --port-base")
    parser.add_argument("--starts", type=int, default=STARTS, help="of each kind (%(default)s)")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="warm ones (%(default)s)")
    parser.add_argument("--calls", type=int, default=CALLS, help="in a round (%(default)s)")
    parser.add_argument("--report", type=Path, help="a file for it, too")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
