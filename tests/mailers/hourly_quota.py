"""So many mails in any hour, and how long whoever comes later has to wait."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

HOUR = timedelta(hours=1)


@dataclass
class HourlyQuota:
    """By the clock that it is given; what was refused does not count."""

    mails: int
    now: Callable[[], datetime]
    taken: deque[datetime] = field(default_factory=deque)
    refused: int = 0

    def take(self) -> timedelta | None:
        """None when the mail may leave, else the time until one may."""
        now = self.now()
        while self.taken and self.taken[0] + HOUR <= now:
            self.taken.popleft()
        if len(self.taken) < self.mails:
            self.taken.append(now)
            return None
        self.refused += 1
        return self.taken[0] + HOUR - now
