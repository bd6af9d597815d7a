"""Counts the funnel off the visitor's path: in memory, and written by a thread of its own.

Each process has rows of its own, so nobody waits for anybody, and a write that is repeated changes
nothing. Lost is what a process that is killed had not written yet: `AFTER` at most.
"""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from shared import events
from shared.failures import TemporaryFailure
from shared.values.event_catalogue import Event
from shared.values.funnel import FunnelRow, Move, is_counted, step_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from shared.ports import FunnelRows
    from shared.values.about import About

# From the first event that is not written to the write. A process that has nothing to tell writes
# nothing, one that is always busy writes three times a minute.
AFTER: Final = timedelta(seconds=20)
_Cell = tuple[date, str]


def in_a_thread(write: Callable[[], None]) -> None:
    """Call it after that time, without keeping the process alive for it."""
    timer = threading.Timer(AFTER.total_seconds(), write)
    timer.daemon = True
    timer.start()


class EventTally:
    """Implements ports.Tally. `rows` is called with the first write; `by` names this process."""

    def __init__(
        self,
        rows: Callable[[], FunnelRows],
        now: Callable[[], datetime],
        *,
        by: str,
        later: Callable[[Callable[[], None]], None] = in_a_thread,
    ) -> None:
        self._rows, self._now, self._by, self._later = rows, now, by, later
        self._counted: dict[_Cell, FunnelRow] = {}
        self._unwritten: set[_Cell] = set()
        self._is_due = False
        self._counting = threading.Lock()
        self._writing = threading.Lock()

    def hear(self, event: Event, about: About, facts: Mapping[str, Any]) -> None:
        """A listener of events: counts those that are a step of a form's registration."""
        step = step_of(event, facts)
        if step is None or about.form is None or about.registration is None:
            return
        at = self._now()
        move = Move(registration=about.registration, step=step, at=at)
        cell = (at.date(), about.form)
        with self._counting:
            row = self._counted.get(cell) or FunnelRow(day=cell[0], form=cell[1], by=self._by)
            self._counted[cell] = row.moved(move, counts=is_counted(facts))
            self._unwritten.add(cell)
        self._write_later()

    def flush(self) -> None:
        """Write what is not written yet. Never fails: what storage did not take is tried again."""
        with self._writing:  # else an older state could be written after a newer one
            with self._counting:
                self._is_due = False
                cells, self._unwritten = self._unwritten, set()
                rows = [self._counted[cell] for cell in sorted(cells)]
            if not rows:
                return
            try:
                self._rows().save(rows)
            except TemporaryFailure as failure:
                with self._counting:
                    self._unwritten |= cells
                events.warn(Event.COUNTS_NOT_WRITTEN, reason=str(failure))
                self._write_later()
                return
            self._forget_old_days()

    def _write_later(self) -> None:
        with self._counting:
            if self._is_due:
                return
            self._is_due = True
        try:
            self._later(self.flush)
        except RuntimeError:  # no thread to be had: a picture may not cost a registration
            with self._counting:
                self._is_due = False

    def _forget_old_days(self) -> None:
        """Nothing is counted on a day that is over."""
        today = self._now().date()
        with self._counting:
            for cell in [cell for cell in self._counted if cell[0] < today]:
                if cell not in self._unwritten:
                    del self._counted[cell]
