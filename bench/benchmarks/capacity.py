"""What a burst of registrations meets: `bench.capacity` as a part of the one run.

Simulated from what `python3 -m bench.capacity --measure` found. Writes `bench/capacity.md` beside
the numbers that are returned; a smoke run writes nothing.
"""

from collections.abc import Mapping
from typing import Any

from bench.burst.measured import Measured
from bench.burst.summary import Run
from bench.burst.words import dollars, duration
from bench.capacity import FOLDER, MEASUREMENTS, work_out, write
from bench.scale import FULL, Scale
from bench.section import Section, paragraphs
from local.markdown import table

_TEXT = """\
Not measured in Azure: a simulation with published limits, the app's own rules, and the CPU times
that `python3 -m bench.capacity --measure` found on the local stack. So many people register within
ten minutes; times are what 95 of 100 do not exceed. The whole report, with what is assumed, how it
was validated and what to raise: [capacity.md](capacity.md). What growth beyond settings would take:
[docs/scale.md](../docs/scale.md).
"""


def measure(scale: Scale) -> dict[str, Any]:
    """The answers for each burst, with what it was deployed with."""
    results = work_out(Measured.read(MEASUREMENTS), scale.bursts, scale.compared_burst)
    if scale.bursts == FULL.bursts:
        write(results, FOLDER)
    return {
        "answers": [
            {"with": told} | _answers(run)
            for told, runs in (
                ("the first mail quota", results.first),
                ("settings and quotas", results.settings),
                ("what scale.md plans", results.last),
            )
            for run in runs
        ]
    }


def _answers(run: Run) -> dict[str, Any]:
    return {
        "burst": run.registrations,
        "mailed": run.times["mail"].count / run.registrations,
        "seconds": {name: run.times[name].p95 for name in ("register", "mail", "promote")},
        "dollars": run.total,
        "first": run.first,
    }


def present(numbers: Mapping[str, Any]) -> Section:
    """See measure."""
    rows = [
        (
            f"{one['burst']:,}",
            one["with"],
            *(duration(one["seconds"][name]) for name in ("register", "mail")),
            f"{100 * one['mailed']:.3g} %",
            duration(one["seconds"]["promote"]),
            dollars(one["dollars"]),
            one["first"] or "nothing",
        )
        for one in numbers["answers"]
    ]
    head = (
        *("burst", "with", "202 after", "mailed after", "mailed", "click to promoted"),
        *("cost", "saturates first"),
    )
    return Section(title="A burst of registrations", text=paragraphs(_TEXT, table(head, rows)))
