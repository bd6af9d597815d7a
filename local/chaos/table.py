"""The run's result as a table of plain text, and as one line for programs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from local.chaos.accounting import Account
    from local.chaos.duplicates import Duplicates
    from local.chaos.plan import Plan

SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class Result:
    """`seconds` is how long the faults lasted and how long draining took after them.

    `found` counts what the end found by its name; `retries` what the website and people had to
    do again.
    """

    plan: Plan
    kills: int
    struck: Mapping[str, int]
    account: Account
    duplicates: Duplicates
    found: Mapping[str, int]
    retries: Mapping[str, int]
    seconds: Mapping[str, float]


def table(result: Result) -> str:
    """For people; ends with what is broken, or says that nothing is."""
    rows = list(_rows(result))
    width = max(len(name) for name, _ in rows)
    lines = [f"  {name:{width}}  {value:>8}" if value else f"\n{name}" for name, value in rows]
    return "\n".join([*lines, "", *_verdict(result.account)])


def result_line(result: Result) -> str:
    """RESULT {json}."""
    facts = {
        "seed": result.plan.seed,
        "registrations": len(result.plan.sign_ups),
        "kills": result.kills,
        "blows": dict(result.struck),
        "ends": {end.name: count for end, count in result.account.ends.items()},
        "found": dict(result.found),
        "duplicateMails": result.duplicates.mails,
        "duplicateTriggers": result.duplicates.triggers,
        "broken": [str(broken) for broken in result.account.broken],
    }
    return f"RESULT {json.dumps(facts)}"


def _rows(result: Result) -> Iterator[tuple[str, str]]:
    yield f"Chaos run, seed {result.plan.seed}", ""
    yield "registrations", str(len(result.plan.sign_ups))
    for name, seconds in result.seconds.items():
        yield f"seconds {name}", f"{seconds:.0f}"
    yield "What struck", ""
    yield from ((name, str(count)) for name, count in sorted(result.struck.items()))
    yield "What was tried again", ""
    yield from ((name, str(count)) for name, count in result.retries.items())
    yield "How the registrations ended", ""
    yield from ((end.value, str(count)) for end, count in sorted(result.account.ends.items()))
    yield "What was found", ""
    yield from ((name, str(count)) for name, count in result.found.items())
    yield "What came twice (at least once by nature)", ""
    yield "mails", str(result.duplicates.mails)
    yield (
        "… of these where the mail server kept its answer",
        str(result.duplicates.mails_unanswered),
    )
    yield "triggers (same msdynmkt_bindingid)", str(result.duplicates.triggers)


def _verdict(account: Account) -> Iterator[str]:
    if not account.broken:
        yield "Every promise was kept."
        return
    yield f"BROKEN, {len(account.broken)} times:"
    yield from (f"  {broken}" for broken in account.broken[:SHOWN])
    if len(account.broken) > SHOWN:
        yield f"  … and {len(account.broken) - SHOWN} more"
