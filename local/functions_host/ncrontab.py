"""NCRONTAB, the schedule of timer triggers: `second minute hour day month weekday`, in UTC.

https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#ncrontab-expressions
"""

import re
from datetime import datetime

from croniter import CroniterBadCronError, croniter  # type: ignore[import-untyped] # has no types

from local.functions_host.load_failure import LoadFailure

# croniter knows more than NCRONTAB (L, ?, #, @daily, years): only what both know may pass.
_RANGE = r"(?:\*|(?:\d{1,2}|[A-Za-z]{3})(?:-(?:\d{1,2}|[A-Za-z]{3}))?)(?:/\d{1,2})?"
_FIELD = re.compile(rf"{_RANGE}(?:,{_RANGE})*")
_SUNDAY_AS_SEVEN = re.compile(r"(?<!/)7")
_FIELD_COUNTS = (5, 6)  # five fields leave the seconds out


class Schedule:
    """A checked expression; raises LoadFailure for one that the real host would refuse."""

    def __init__(self, expression: str) -> None:
        fields = expression.split()
        if (
            len(fields) not in _FIELD_COUNTS
            or not all(_FIELD.fullmatch(field) for field in fields)
            or _SUNDAY_AS_SEVEN.search(fields[-1])
        ):
            raise LoadFailure(f"{expression!r} is no NCRONTAB expression")
        try:
            croniter(expression, second_at_beginning=True)
        except CroniterBadCronError as error:
            raise LoadFailure(f"{expression!r} is no NCRONTAB expression: {error}") from error
        self._expression = expression

    def next_after(self, moment: datetime) -> datetime:
        """The first occurrence after the moment; day and weekday must both fit."""
        occurrences = croniter(self._expression, moment, second_at_beginning=True, day_or=False)
        following: datetime = occurrences.get_next(datetime)
        return following
