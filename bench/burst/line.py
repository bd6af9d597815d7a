"""A line in front of a limit, as docs/scale.md plans it: who has to wait gets a time of its own.

The app of today has none: it tells everybody when *one* more may pass, and all come back then.
"""

import math

_HOUR = 3600.0


class Line:
    """`per_second` pass, until `per_hour` were promised within an hour; the next are of the next.

    Times are simulated seconds.
    """

    def __init__(self, per_second: float, per_hour: float = math.inf) -> None:
        self.per_second, self._per_hour = per_second, per_hour
        self._ends_at = 0.0
        self._hour_began, self._promised = 0.0, 0

    def is_there(self, now: float) -> bool:
        """Somebody waits: who comes now has to join."""
        return self._ends_at > now

    def join(self, size: int, now: float) -> float:
        """Seconds until `size` more may pass."""
        begins = max(now, self._ends_at)
        if self._promised + size > self._per_hour:
            begins = max(begins, self._hour_began + _HOUR)
        if begins - self._hour_began >= _HOUR:
            self._hour_began, self._promised = begins, 0
        self._promised += size
        self._ends_at = begins + size / self.per_second
        return self._ends_at - now
