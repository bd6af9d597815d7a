"""How `doi funnel` shows the funnel: a bar for each stage, the days as a line of columns."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from rich.bar import Bar
from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from cli.printing import print_json, say
from shared.values.funnel import Step
from shared.values.funnel_summary import FormFunnel
from shared.web.funnel_chart import aside_text, share_text, stages_of

_BAR = 40
_COLUMNS = " ▁▂▃▄▅▆▇█"
_MOST_COLUMNS = 62


def show_funnels(found: Sequence[FormFunnel], since: date, now: datetime, *, as_json: bool) -> None:
    """On stdout; the JSON is an object with a list of forms."""
    if as_json:
        print_json(
            {
                "since": since.isoformat(),
                "until": now.date().isoformat(),
                "forms": [_as_json(one) for one in found],
            }
        )
        return
    say(f"{since:%Y-%m-%d} to {now:%Y-%m-%d}, days of UTC")
    console = Console(markup=False, highlight=False)
    for one in found:
        console.print()
        console.print(_drawn(one) if one.counts else Text(f"{one.form}: nothing in this time"))


def _drawn(one: FormFunnel) -> Group:
    longest = max(one.counts.get(step, 0) for step in stages_of(one.counts)) or 1
    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column(width=_BAR)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    for step in stages_of(one.counts):
        count = one.counts.get(step, 0)
        table.add_row(
            step.value,
            Bar(longest, 0, count, width=_BAR, color="blue"),
            str(count),
            share_text(one.share(step)),
        )
    aside = aside_text(one.counts)
    days = [Text(f"  {line}") for line in _lines(one)]
    return Group(
        Text(one.form, style="bold"),
        Padding(table, (0, 0, 0, 2)),
        *([Text(f"  {aside}")] if aside else []),
        *days,
    )


def _lines(one: FormFunnel) -> Iterator[str]:
    """What was accepted and confirmed, to the same scale: a column a day, or for several days."""
    together = -(-len(one.days) // _MOST_COLUMNS)
    steps = (Step.ACCEPTED, Step.CONFIRMED)
    counts = {step: [day.counts.get(step, 0) for day in one.days] for step in steps}
    columns = {
        step: [sum(its[start : start + together]) for start in range(0, len(its), together)]
        for step, its in counts.items()
    }
    most = max((max(its) for its in columns.values()), default=0) or 1
    for step, its in columns.items():
        # A day with anything is never without a column.
        drawn = "".join(_COLUMNS[-(-count * (len(_COLUMNS) - 1) // most)] for count in its)
        yield f"{step.value:9} {drawn}"
    yield f"{'':9} by {'day' if together == 1 else f'{together} days'}, {most} at most"


def _as_json(one: FormFunnel) -> dict[str, Any]:
    return {
        "form": one.form,
        "counts": {step.value: one.counts.get(step, 0) for step in Step},
        "days": [
            {
                "day": each.day.isoformat(),
                "counts": {step.value: each.counts[step] for step in each.counts},
            }
            for each in one.days
            if each.counts
        ],
    }
