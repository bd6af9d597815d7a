"""How many registrations a form takes a day before somebody should look."""

from datetime import date

from shared.values.base import Value


class DayCount(Value):
    """Registrations of one form on one day (UTC), of all instances."""

    day: date | None = None
    count: int = 0

    def add(self, count: int, today: date) -> "DayCount":
        """`count` more; a new day starts at nothing."""
        return DayCount(day=today, count=count + (self.count if self.day == today else 0))

    def crossed(self, earlier: "DayCount", ceiling: int) -> bool:
        """Whether the ceiling, or twice, four times … of it, lies between `earlier` and this."""
        before = earlier.count if earlier.day == self.day else 0
        mark = ceiling
        while mark <= before:
            mark *= 2
        return self.count >= mark
