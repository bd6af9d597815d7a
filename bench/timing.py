"""`python3 -m bench.timing`: can anybody learn from `register` who is known?

Calls it for five kinds of address in random order, and compares durations, statuses, headers and
bodies. Exit code 1 where anything differs.
"""

import argparse
import os
import platform
from collections.abc import Sequence
from pathlib import Path
from statistics import median, quantiles

from bench.running_stack import target
from bench.timing_answers import differences
from bench.timing_people import prepare
from bench.timing_samples import Samples, take_samples
from bench.timing_statistics import ALPHA, POWER, Compared, compare, noticed_shift

CALLS, PEOPLE, PAUSE, SEED = 400, 10, 0.05, 1


def report(samples: Samples, compared: Sequence[Compared], shift: float, seed: int) -> str:
    """Markdown, without date, so that two reports can be compared."""
    calls = min(len(values) for values in samples.milliseconds.values())
    found = differences(samples.answers)
    summary = (
        f"{calls} calls for each of {len(samples.milliseconds)} kinds of address, in random order "
        f"(seed {seed}), one after another over one connection; the whole local stack on "
        f"{os.cpu_count()} cores, Python {platform.python_version()}."
    )
    tests = (
        "Durations, each pair: permutation test of the medians, and two-sample "
        f"Kolmogorov-Smirnov; {len(compared)} p-values, corrected by Holm, level {ALPHA:.0%}."
    )
    power = (
        f"Power: a shift of {shift:.2f} ms of one kind would have been found with {POWER:.0%} "
        "probability (simulated from these durations, with the strictest of Holm's limits)."
    )
    shown = "the same for all." if not found else "**different**:"
    told = ", ".join(f"{one.one} / {one.other} ({one.test})" for one in compared if one.differs)
    lines = [
        "# Can anybody learn from `register` who is known?",
        "",
        summary,
        "",
        "| address | median ms | 5 % | 95 % | different answers |",
        "|---|---:|---:|---:|---:|",
        *(_row(kind, values, samples) for kind, values in samples.milliseconds.items()),
        "",
        f"Status, header names and values, and body (but for `Date` and the id): {shown}",
        *(f"- {line}" for line in found),
        "",
        tests,
        "",
        "| pair | medians p | KS p |",
        "|---|---:|---:|",
        *(
            f"| {medians.one} / {medians.other} | {medians.p:.3f} | {shape.p:.3f} |"
            for medians, shape in zip(compared[::2], compared[1::2], strict=True)
        ),
        "",
        f"**Distinguishable: {told}.**" if told else "No pair can be told apart.",
        "",
        power,
        "",
    ]
    return "\n".join(lines)


def _row(kind: str, values: Sequence[float], samples: Samples) -> str:
    cuts = quantiles(values, n=20)
    answers = len(samples.answers[kind])
    return f"| {kind} | {median(values):.2f} | {cuts[0]:.2f} | {cuts[-1]:.2f} | {answers} |"


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 1 where answers or durations can be told apart."""
    options = _parser().parse_args(arguments)
    with target(options.ready, options.port_base) as stack:
        people = prepare(stack, options.people)
        samples = take_samples(
            stack, people, calls=options.calls, pause=options.pause, seed=options.seed
        )
    compared = compare(samples.milliseconds, options.seed)
    shift = noticed_shift(samples.milliseconds, options.seed)
    text = report(samples, compared, shift, options.seed)
    print(text)
    if options.report:
        options.report.write_text(text, encoding="utf-8")
    return int(bool(differences(samples.answers)) or any(one.differs for one in compared))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 -m bench.timing", description=__doc__)
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--ready", help="the READY line of a running stack; else one is started")
    where.add_argument("--port-base", type=int, help="the same by its --port-base")
    parser.add_argument("--calls", type=int, default=CALLS, help="for each kind (%(default)s)")
    parser.add_argument("--people", type=int, default=PEOPLE, help="of each kind (%(default)s)")
    parser.add_argument("--pause", type=float, default=PAUSE, help="seconds (%(default)s)")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--report", type=Path, help="a file for it, too")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
