"""The funnel, for an operator: reading it, and keeping its table small."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby
from typing import Final

from shared import events
from shared.failures import Changed, TemporaryFailure
from shared.ports import Deadline, Outside
from shared.values.event_catalogue import Event
from shared.values.funnel import FunnelRow
from shared.values.funnel_summary import FormFunnel, funnels_of

# When no process writes a day's rows any more, also one that storage did not answer for a day.
FOLDED_AFTER: Final = timedelta(days=3)
# A year, and the same month of the year before.
KEPT_FOR: Final = timedelta(days=400)
# Rows that are added to the row of all at once: with it they are one transaction of 100 at most.
# https://learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions
_AT_ONCE: Final = 99


def funnels(since: date, outside: Outside, forms: Iterable[str] | None = None) -> list[FormFunnel]:
    """From that day (UTC) until today: of these forms, or of all. Raises TemporaryFailure."""
    rows = outside.funnel.since(since)
    until = outside.now().date()
    if forms is None:
        return funnels_of(rows, outside.forms, since, until)
    wanted = set(forms)
    return funnels_of([row for row in rows if row.form in wanted], wanted, since, until)


def tidy(deadline: Deadline, outside: Outside) -> None:
    """Make one row of the rows of each form and day that is over; delete what is too old.

    Never fails: what is not done today is done tomorrow.
    """
    today = outside.now().date()
    try:
        outside.funnel.delete_before(today - KEPT_FOR)
        parts = outside.funnel.unfolded_before(today - FOLDED_AFTER)
        for (day, form), its in groupby(sorted(parts, key=_cell), key=_cell):
            if deadline.remaining() <= 0:
                return
            _fold(day, form, list(its), outside)
    except TemporaryFailure as failure:
        events.warn(Event.COUNTS_NOT_TIDIED, reason=str(failure))
    except Changed:
        return  # another run is at it


def _fold(day: date, form: str, parts: list[FunnelRow], outside: Outside) -> None:
    for start in range(0, len(parts), _AT_ONCE):
        some = parts[start : start + _AT_ONCE]
        together = outside.funnel.folded(day, form)
        outside.funnel.fold(together.moved_to(together.value.plus(some)), some)


def _cell(row: FunnelRow) -> tuple[date, str]:
    return row.day, row.form
