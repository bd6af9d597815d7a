"""How registrations end, and when the last one has: nobody gets lost in the model."""

from collections import defaultdict
from enum import StrEnum

import simpy


class End(StrEnum):
    """Every registration has one."""

    PROMOTED = "promoted"
    UNCONFIRMED = "never confirmed"
    TOO_LATE = "opened after the link's time"
    NEVER_MAILED = "never mailed: forgotten first"


class Ends:
    """`all` happens when `registrations` have ended."""

    def __init__(self, env: simpy.Environment, registrations: int) -> None:
        self.left = registrations
        self.counts: defaultdict[End, int] = defaultdict(int)
        self.all = env.event()

    def end(self, how: End, size: int) -> None:
        """Raises ValueError when more end than came."""
        self.counts[how] += size
        self.left -= size
        if self.left < 0:
            raise ValueError(f"{-self.left} registrations more ended than came")
        if not self.left and size:
            self.all.succeed()
