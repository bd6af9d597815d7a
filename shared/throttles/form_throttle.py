"""Counts each form's registrations of the day: too many alarm somebody, and stop nobody."""

from collections import Counter
from datetime import datetime
from functools import cache
from threading import Lock

from shared.ports import Limits
from shared.throttles.counted_row import CountedRow
from shared.values.form_ceiling import DayCount

# Counted in memory first and added up fifty times on the way to the ceiling.
_STEPS = 50


class FormThrottle:
    """One per process; safe to call from several threads."""

    def __init__(self, limits: Limits) -> None:
        self._row = cache(lambda form: CountedRow(limits, f"form-{form}", DayCount()))
        self._uncounted: Counter[str] = Counter()
        self._lock = Lock()

    def count(self, form: str, ceiling: int, now: datetime) -> int | None:
        """One more today: the day's count when it has just crossed the ceiling, else None.

        Raises TemporaryFailure.
        """
        with self._lock:
            self._uncounted[form] += 1
            if self._uncounted[form] < max(1, ceiling // _STEPS):
                return None
            count = self._uncounted.pop(form)
        crossed = False

        def move(earlier: DayCount) -> DayCount:
            nonlocal crossed
            later = earlier.add(count, now.date())
            crossed = later.crossed(earlier, ceiling)
            return later

        day = self._row(form).change(move)
        return day.count if crossed else None
