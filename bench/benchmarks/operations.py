"""Storage operations in the life of a confirmed registration, counted where they pass.

A proxy in front of Azurite keeps every request of the app and of its host. The week until the
follow-up is spent by a host whose clock is ahead.
"""

import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.benchmarks.operations_life import STEPS, live
from bench.finding import Finding
from bench.recording.proxy import RecordingProxy
from bench.rounds import Spread
from bench.scale import Scale
from bench.section import Section, paragraphs
from bench.stack import BenchStack
from local.costs import prices, use
from local.costs.bill import Installation, bill
from local.markdown import table

GOAL = 18
LIVES = 3
MILLION = 1_000_000
PRICES = "local/costs/prices.py"
PRICES_USED = {
    "10,000 operations of queues": prices.TEN_THOUSAND_QUEUE_OPERATIONS,
    "10,000 operations of tables": prices.TEN_THOUSAND_TABLE_OPERATIONS,
    "a GB in tables for a month": prices.TABLE_GB_MONTH,
    "a mail": prices.MAIL,
    "a MB of mails": prices.MAIL_MB,
    "a GB-second of Functions, on demand": prices.ON_DEMAND_GB_SECOND,
    "1,000,000 executions of Functions": prices.MILLION_EXECUTIONS,
    "a GB of logs": prices.LOG_GB,
}


def measure(_scale: Scale) -> dict[str, Any]:
    """The operations of each step and the bytes stored after it, of a few registrations."""
    with tempfile.TemporaryDirectory(prefix="doi-bench-") as folder:
        stack = BenchStack(Path(folder), dataverse=True)
        ports = {
            "queue": stack.addresses.azurite_queues,
            "table": stack.addresses.azurite_tables,
        }
        with RecordingProxy(ports) as proxy, stack:
            stack.reach_storage_through(proxy.ports)
            return {"lives": live(stack, proxy, LIVES)}


def present(numbers: Mapping[str, Any]) -> Section:
    """See measure."""
    lives: Sequence[Mapping[str, Any]] = numbers["lives"]
    life = lives[-1]  # the first ones also fill caches
    rows = [
        (step, str(len(life["operations"][step])), "<br>".join(life["operations"][step]))
        for step in STEPS
    ]
    count = max(sum(len(one["operations"][step]) for step in STEPS) for one in lives[1:])
    alike = all(one["operations"] == life["operations"] for one in lives[1:])
    sizes = [(step, f"{life['tableBytes'][step]:,}", _puts(life, step)) for step in STEPS]
    text = paragraphs(
        f"A confirmed registration of a new person, {len(lives)} in turn, each operation where it "
        "passed a proxy in front of Azurite, the local host's own included: "
        f"**{count}** (goal: at most {GOAL}). "
        f"{'All had the same' if alike else '**They differed**: see the numbers'}"
        f"{_of_the_first(lives)}.",
        table(("step", "operations", "which"), [*rows, ("**together**", f"**{count}**", "")]),
        "Not counted, as it belongs to no registration: the host asking queues that are empty, the "
        "timers, and the counts of the funnel, which a process writes three times a minute at "
        "most. "
        "Every fortieth registration of a form (with the default ceiling) is added up "
        "in table `limits`, one operation more. Of messages that come together the host fetches "
        "four at once: then it is fewer.",
        "Bytes, as [Azure counts an entity](https://learn.microsoft.com/archive/blogs/"
        "windowsazurestorage/understanding-windows-azure-storage-billing-bandwidth-transactions-and-"
        "capacity), and of the messages put, in base64:",
        table(("after the step", "bytes in table registrations", "bytes put into queues"), sizes),
        _costs(life),
    )
    finding = Finding(
        what="storage operations in the whole life of a confirmed registration",
        measured=Spread.of([count]),
        goal=GOAL,
        digits=0,
    )
    return Section(title="Storage operations of a registration", text=text, findings=[finding])


def _of_the_first(lives: Sequence[Mapping[str, Any]]) -> str:
    """What only the first registration of a process and day costs."""
    first, usual = (
        Counter(name for step in STEPS for name in one["operations"][step])
        for one in (lives[0], lives[-1])
    )
    more = [f"{name} ({count})" for name, count in (first - usual).items()]
    return f", but for the first one of the process and day: {', '.join(more)}" if more else ""


def _puts(life: Mapping[str, Any], step: str) -> str:
    return ", ".join(f"{size:,}" for size in life["messageBytes"][step])


def _costs(life: Mapping[str, Any]) -> str:
    """Of a million confirmed registrations, on the list prices that the docs name."""
    queue, in_table = (
        sum(life["services"][step].count(service) for step in STEPS)
        for service in ("queue", "table")
    )
    dollars = {
        f"{queue} queue operations": queue * prices.TEN_THOUSAND_QUEUE_OPERATIONS / 10_000,
        f"{in_table} table operations": in_table * prices.TEN_THOUSAND_TABLE_OPERATIONS / 10_000,
    }
    storage = sum(dollars.values())
    rows = [(name, f"${each * MILLION:,.2f}") for name, each in dollars.items()]
    many, fewer = (
        {line.what: line.dollars for line in bill(Installation(registrations=count))}
        for count in (2 * MILLION, MILLION)
    )
    others = [
        (name, f"${cost - fewer[name]:,.2f}")
        for name, cost in many.items()
        if name != "storage operations" and cost - fewer[name] > 0
    ]
    rest = sum(cost - fewer[name] for name, cost in many.items() if name != "storage operations")
    total = ("**together**", f"**${storage + rest:,.2f}**")
    gigabytes = life["tableBytes"][STEPS[-1]] * MILLION / 10**9
    return paragraphs(
        "A million of them cost, when the free grants are used up:",
        table(("for 1,000,000", ""), [*rows, *others, total]),
        f"Then their rows, {gigabytes:.1f} GB, cost ${gigabytes * prices.TABLE_GB_MONTH:.2f} a "
        "month. The delivery reports of the mails are not in it (Event Grid, "
        f"{use.REPORT_OPERATIONS} storage operations each, with ACS only). On these list prices, "
        f"of November 2026, pay as you go, from the pages that [{PRICES}](../{PRICES}) names:",
        table(
            ("price", "US dollars"), [(name, f"{price:g}") for name, price in PRICES_USED.items()]
        ),
    )
