"""How far LinkedIn's leads of one owner and type are known, and which are listed next.

A run goes on where the last one stopped: first the pass, from what is known for good up to now,
oldest first; then, once a day, the sweep over a month. Both go window by window, and only a window
that was listed to its end moves the cursor.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from pydantic import AwareDatetime

from shared.values.base import Value

# LinkedIn lists a lead some time after it was submitted, and does not say how long: what was
# listed when it was younger than this is listed once more.
OVERLAP = timedelta(days=1)
SWEEP_EVERY = timedelta(days=1)
SWEEP = timedelta(days=30)
# LinkedIn keeps no lead for longer, some for 90 days: https://www.linkedin.com/help/lms/a7478965
FIRST_RUN = timedelta(days=365)
LONGEST_WINDOW = timedelta(days=7)
_MILLISECOND = timedelta(milliseconds=1)
# So many windows in one run leave room for longer ones.
_MANY = 4


@dataclass(frozen=True, kw_only=True)
class Window:
    """Leads submitted from `start` on and before `end` are looked at.

    Both are fixed, so that leads which come in meanwhile do not move the pages. `ends_pass` and
    `ends_sweep`: it is the last one of them.
    """

    start: datetime
    end: datetime
    of_sweep: bool = False
    ends_pass: bool = False
    ends_sweep: bool = False


class LeadCursor(Value):
    """Every lead submitted before `until` is known, having been listed when it was a day old.

    `reached`: so far the pass under way has come; None when the last one came to its end. `span`:
    no window of it is longer, since a longer one did not fit into a run. `swept_to` and
    `sweep_span` are the same of the sweep, and `swept_at` is when the last one ended.
    `not_before`: LinkedIn wants no listing until then.
    """

    until: AwareDatetime | None = None
    reached: AwareDatetime | None = None
    span: timedelta | None = None
    swept_at: AwareDatetime | None = None
    swept_to: AwareDatetime | None = None
    sweep_span: timedelta | None = None
    not_before: AwareDatetime | None = None

    def rests(self, now: datetime) -> bool:
        """Whether LinkedIn wants to be left alone."""
        return self.not_before is not None and now < self.not_before

    def windows(self, now: datetime) -> Iterator[Window]:
        """What a run that begins now lists, in this order, as far as its time reaches.

        `now` has no microseconds, as LinkedIn's moments have none: each lead is in one window. The
        first run looks at all that LinkedIn keeps, one each day at a month, the others at a
        day. New leads do not wait for the sweep.
        """
        start = self._pass_from(now)
        known = start if self.until is None else min(self.until, now)
        sweep_from = max(now - SWEEP, self.swept_to or now - SWEEP)
        is_due = self.swept_at is None or now - self.swept_at >= SWEEP_EVERY
        sweeps = is_due and sweep_from < known
        for a, b in _split(start, now, self.span):
            ends = b == now
            # A pass over a month and more is a sweep by itself.
            yield Window(start=a, end=b, ends_pass=ends, ends_sweep=ends and is_due and not sweeps)
        if sweeps:
            for a, b in _split(sweep_from, known, self.sweep_span):
                yield Window(start=a, end=b, of_sweep=True, ends_sweep=b == known)

    def _pass_from(self, now: datetime) -> datetime:
        oldest = now - FIRST_RUN
        if self.reached is not None and self.reached < now:
            return max(self.reached, oldest)
        if self.until is None:
            return oldest
        return max(oldest, min(self.until, now - OVERLAP))

    def moved(self, window: Window, now: datetime) -> Self:
        """The window was listed to its end by a run that began at `now`."""
        known = max(self.until or now - FIRST_RUN, now - FIRST_RUN)
        if window.start <= known:  # what a pass left out is not known by what comes after it
            known = max(known, min(window.end, now - OVERLAP))
        changes = {"until": known, "not_before": None}
        if window.of_sweep:
            changes["swept_to"] = window.end
        else:
            changes["reached"] = None if window.ends_pass else window.end
        if window.ends_sweep:
            changes |= {"swept_to": None, "swept_at": now}
        return self.model_copy(update=changes)

    def narrowed(self, window: Window) -> Self:
        """The window did not fit into the time of a run: the next ones are a quarter as long."""
        milliseconds = (window.end - window.start) // _MILLISECOND
        span = max(milliseconds // 4, 1) * _MILLISECOND
        return self.model_copy(update={_span_of(window): span})

    def widened(self, done: Sequence[Window]) -> Self:
        """These windows did fit: where they are many, the next ones may be longer."""
        counts = Counter(map(_span_of, done))
        spans = {"span": self.span, "sweep_span": self.sweep_span}
        wider = {
            name: span * 2 if span * 2 < LONGEST_WINDOW else None
            for name, span in spans.items()
            if span is not None and counts[name] >= _MANY
        }
        return self.model_copy(update=wider)

    def resting(self, until: datetime) -> Self:
        """LinkedIn wants to be left alone."""
        return self.model_copy(update={"not_before": until})


def _span_of(window: Window) -> str:
    return "sweep_span" if window.of_sweep else "span"


def _split(
    start: datetime, end: datetime, span: timedelta | None
) -> Iterator[tuple[datetime, datetime]]:
    while start < end:
        until = min(start + (span or LONGEST_WINDOW), end)
        yield start, until
        start = until
