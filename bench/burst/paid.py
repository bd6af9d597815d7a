"""What a run is billed for: seconds of instances, executions, storage operations, mails."""

import math
from collections import defaultdict
from dataclasses import dataclass, field

from bench.burst.observed import Stage


@dataclass(frozen=True, kw_only=True)
class During:
    """Two moments, and between them so many places in use on so many running instances."""

    begun: float
    ends: float
    places: int
    running: int


@dataclass
class Paid:
    """Counts; `cost.py` has the prices.

    An instance is paid for while it works, a second at least. Who works in a second is spread
    over as many instances as there are, which is the dearest way: Azure does not say which it
    takes.
    """

    executions: defaultdict[Stage, int] = field(default_factory=lambda: defaultdict(int))
    storage: int = 0
    mails: int = 0
    _working: defaultdict[Stage, defaultdict[int, list[int]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(lambda: [0, 0]))
    )

    def work(self, stage: Stage, during: During, size: int) -> None:
        """`size` executions."""
        self.executions[stage] += size
        first = math.floor(during.begun)
        last = max(first + 1, math.ceil(during.ends))
        each = max(during.places, math.ceil(size / (last - first)))
        for second in range(first, last):
            seen = self._working[stage][second]
            seen[0] += each
            seen[1] = max(seen[1], during.running)

    def instance_seconds(self, stage: Stage) -> int:
        """Billed: in each second at most all instances, and at most one for each execution."""
        return sum(min(working, running) for working, running in self._working[stage].values())
