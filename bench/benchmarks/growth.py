"""Growth: register, confirm and expiry while the table has nothing, 100,000 or a million records.

Two stacks side by side, one whose table is empty and one whose table grows, in alternating rounds.
A bare read and a bare write of one row tell how much of a difference is the emulator's.
"""

import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

from psutil import virtual_memory

from bench.benchmarks.growth_stack import GrowthStack
from bench.finding import Finding
from bench.load.process import LoadProcess
from bench.plots import bars
from bench.rounds import Spread, alternate
from bench.scale import Scale
from bench.section import Section, paragraphs
from local.markdown import table
from local.stack.problem import Problem

WHAT = {
    "register": "register",
    "confirm": "confirm → promoted",
    "read": "bare read of a row",
    "write": "bare write of a row",
}
WRITES_OF_A_CLICK = 3  # see the operations
EMPTY, FULL = "empty", "full"
GOAL = 1.1
BYTES_A_ROW, GIGABYTE = 5_500, 10**9  # as Azurite keeps a row of the app in memory


def measure(scale: Scale) -> dict[str, Any]:
    """For each size and stack: milliseconds (p50) by rounds; how the filling and expiring went."""
    _require_memory(max(scale.table_sizes))
    with ExitStack() as ending:
        load = ending.enter_context(LoadProcess())
        empty, full = (
            ending.enter_context(
                GrowthStack(
                    Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="doi-bench-"))),
                    load,
                )
            )
            for _ in range(2)
        )
        stacks = {EMPTY: empty, FULL: full}
        people = (scale.rounds + 1) * scale.grown_clicks * len(scale.table_sizes)
        for stack in stacks.values():
            stack.send_mails(people)
        sizes = {str(size): _at(size, stacks, scale) for size in scale.table_sizes}
        for stack in stacks.values():
            stack.a_week_later()

        def expired_a_second(name: str) -> float:
            due = stacks[name].make_due(scale.expired)
            return scale.expired / stacks[name].expire(due)

        expiry = alternate([EMPTY, FULL], scale.rounds, expired_a_second)
    return {"sizes": sizes, "expiry": expiry, "expired": scale.expired}


def _require_memory(records: int) -> None:
    """Raises Problem, before minutes are spent on filling."""
    needed, free = records * BYTES_A_ROW / GIGABYTE, virtual_memory().available / GIGABYTE
    if needed > free:
        raise Problem(
            f"A table of {records:,} records takes about {needed:.0f} GB of memory, {free:.0f} GB "
            "are free: --records takes fewer."
        )


def _at(size: int, stacks: Mapping[str, GrowthStack], scale: Scale) -> dict[str, Any]:
    full = stacks[FULL]
    started = time.monotonic()
    added = full.grow_to(size)
    seconds = time.monotonic() - started

    def one(name: str) -> dict[str, float]:
        stack = stacks[name]
        before = stack.cpu_by_process()
        confirm = median(stack.confirm(scale.grown_clicks))
        after = stack.cpu_by_process()
        cpu = {of: (after[of] - before[of]) / scale.grown_clicks * 1000 for of in before}
        return {
            "confirm": confirm,
            **{f"{of}Cpu": milliseconds for of, milliseconds in cpu.items()},
            "register": median(stack.register(scale.grown_calls)),
            "read": median(stack.read(scale.grown_calls)),
            "write": median(stack.write(scale.grown_calls)),
        }

    return {
        "rounds": alternate([EMPTY, FULL], scale.rounds, one),
        "filled": {"rows": added, "seconds": seconds, "megabytes": full.table_megabytes()},
    }


def present(numbers: Mapping[str, Any]) -> Section:
    """See measure."""
    sizes: dict[str, dict[str, Any]] = numbers["sizes"]
    ratios = {what: [_ratio(taken["rounds"], what) for taken in sizes.values()] for what in WHAT}
    rows = [
        (
            f"{int(size):,}",
            title,
            f"{median(one[what] for one in taken['rounds'][EMPTY]):.1f}",
            f"{median(one[what] for one in taken['rounds'][FULL]):.1f}",
            f"**{_ratio(taken['rounds'], what).shown()}**",
        )
        for size, taken in sizes.items()
        for what, title in WHAT.items()
    ]
    head = ("records", "", "p50 ms, empty table", "p50 ms, full table", "full to empty")
    text = paragraphs(
        f"One connection; {GOAL:g} is the goal's limit. With 0 records both stacks are alike: that "
        "line is what chance does. Both also have the rows of those whom this benchmark itself "
        "mails, some thousands. The rows of the filling lie a hundred in a partition, where the "
        "app has two or three. The table is Azurite's in memory, of a process of its own: on disk "
        "it would write all rows anew every few seconds. How Azure's own service scales is not in "
        "it: there a partition is found by its key, whatever their number.",
        table(head, rows),
        _of_the_emulator(sizes),
        "![growth](results/growth.svg)",
        _filling(sizes),
        _expiry(numbers),
    )
    groups = [f"{int(size):,}" for size in sizes]
    series = {title: ratios[what] for what, title in WHAT.items()}
    plot = bars("p50 with so many records, to p50 with none", "ratio", groups, series, GOAL)
    most = list(sizes)[-1]
    findings = [
        Finding(
            what=f"p50 of {WHAT[what]} with {int(most):,} records in the table, to none",
            measured=ratios[what][-1],
            goal=GOAL,
        )
        for what in ("register", "confirm")
    ]
    return Section(title="Growth", text=text, plots={"growth.svg": plot}, findings=findings)


def _ratio(rounds: Mapping[str, Sequence[Mapping[str, float]]], what: str) -> Spread:
    full, empty = ([one[what] for one in rounds[name]] for name in (FULL, EMPTY))
    return Spread.of_ratio(full, empty)


def _of_the_emulator(sizes: Mapping[str, Mapping[str, Any]]) -> str:
    """Whose the difference of a click is."""
    most, taken = list(sizes.items())[-1]

    def more(what: str) -> str:
        rounds = zip(taken["rounds"][FULL], taken["rounds"][EMPTY], strict=True)
        return f"{median(full[what] - empty[what] for full, empty in rounds):.1f}"

    return (
        f"With {int(most):,} records a click takes {more('confirm')} ms longer than with none. Its "
        f"processor time: {more('hostCpu')} ms more in the app's host, {more('tableCpu')} ms more "
        f"in Azurite's table. A click writes rows {WRITES_OF_A_CLICK} times, and one bare write "
        f"takes {more('write')} ms longer. The app asks for the same whatever the size of the "
        "table is."
    )


def _filling(sizes: Mapping[str, Mapping[str, Any]]) -> str:
    told = [
        f"{filled['rows']:,} rows in {filled['seconds']:.0f} s (then {filled['megabytes']:,.0f} MB)"
        for filled in (taken["filled"] for taken in sizes.values())
        if filled["rows"]
    ]
    return f"Filling took {', '.join(told)}."


def _expiry(numbers: Mapping[str, Any]) -> str:
    expiry: Mapping[str, Sequence[float]] = numbers["expiry"]
    spreads = {name: Spread.of(rates) for name, rates in expiry.items()}
    ratio = Spread.of_ratio(expiry[FULL], expiry[EMPTY])
    return (
        f"Expiry: {numbers['expired']:,} unconfirmed records that are due at once, in each of "
        f"{len(expiry[FULL])} rounds: {spreads[FULL].shown(0)} a second with the full table, "
        f"{spreads[EMPTY].shown(0)} with the empty one, ratio **{ratio.shown()}**. Each is one "
        "message and no scan."
    )
