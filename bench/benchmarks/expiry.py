"""Expiry: 100,000 records that nobody confirmed are due at once. All have to go, none slower.

Yardstick: the first tenth of them; there are no rounds, since each goes only once. A queue of
Azurite gets slow with many messages, so they come 500 at a time, while the host stands still; that
time does not count.
"""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.benchmarks.growth_stack import GrowthStack
from bench.load.process import LoadProcess
from bench.plots import bars
from bench.rounds import Spread
from bench.scale import Scale
from bench.section import Section, paragraphs

PARTS = 10


def measure(scale: Scale) -> dict[str, Any]:
    """Seconds of each tenth; rows before, with all that is due, and after."""
    with (
        LoadProcess() as load,
        tempfile.TemporaryDirectory(prefix="doi-bench-") as folder,
        GrowthStack(Path(folder), load) as stack,
    ):
        stack.send_mails(1)
        before = stack.rows()
        stack.a_week_later()
        stack.expire(stack.make_due(scale.expired))  # does not count: opens connections
        due = stack.make_due(scale.expired_at_once)
        rows = {"before": before, "due": stack.rows()}
        cpu = stack.cpu_seconds()
        share = len(due) // PARTS
        seconds = [stack.expire(due[first : first + share]) for first in range(0, len(due), share)]
        cpu = stack.cpu_seconds() - cpu
        rows["after"] = stack.rows()
    if rows["after"] != rows["before"]:
        raise RuntimeError(f"{rows['after'] - rows['before']} rows of those due are still there")
    return {"seconds": seconds, "share": share, "rows": rows, "cpuSeconds": cpu}


def present(numbers: Mapping[str, Any]) -> Section:
    """See measure."""
    seconds, share, rows = numbers["seconds"], numbers["share"], numbers["rows"]
    count = share * len(seconds)
    ratios = [seconds[0] / each for each in seconds]
    left = rows["after"] - rows["before"]
    text = paragraphs(
        f"{count:,} records that nobody confirmed, with the row of their mailbox each "
        f"({rows['due'] - rows['before']:,} rows), due at once: forgotten in "
        f"**{sum(seconds) / 60:.1f} minutes**, {count / sum(seconds):.0f} a second, by one host on "
        f"this machine. Left of their rows: **{left}**. Each further tenth's speed to the first "
        f"one's: **{Spread.of(ratios[1:]).shown()}**. The host's processor time for each: "
        f"{numbers['cpuSeconds'] / count * 1000:.1f} ms. Each is one message and no scan; in Azure "
        "as many instances as the queue asks for share them.",
        "![expiry](results/expiry.svg)",
    )
    speeds = {"a second": [Spread.of([share / each]) for each in seconds]}
    groups = [f"{share * (number + 1):,}" for number in range(len(seconds))]
    plot = bars(
        "Records forgotten a second, by how many were before",
        "a second",
        groups,
        speeds,
        share / seconds[0],
    )
    return Section(title="Expiry of 100,000", text=text, plots={"expiry.svg": plot})
