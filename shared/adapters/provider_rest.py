"""When a provider is left alone for a while, and when it is tried again: a circuit breaker.

https://learn.microsoft.com/azure/architecture/patterns/circuit-breaker

Of one process: each instance of the app finds out for itself, with a few calls.
"""

import threading
import time
from collections.abc import Callable
from enum import Enum, auto

# So many failures in a row and it rests, first so long (seconds), then twice as long each time,
# up to five times the first. A wait that the provider names is kept at once, however long it is.
MOST_FAILURES = 3
FIRST_REST = 60.0
_LONGEST = 5
# While one call tries it again, the others wait for what comes of it: a part of the first rest.
_PROBE = 0.25


class Turn(Enum):
    """What a call is: one of many, or the one that finds out whether the provider is back."""

    ORDINARY = auto()
    PROBE = auto()


class ProviderRest:
    """Counts failures in a row. Times are in seconds; every method may be called by any thread.

    A call takes its `turn` first and afterwards says how it went: `worked`, `failed`, or
    `told_nothing` when the provider was not to blame.
    """

    def __init__(
        self, monotonic: Callable[[], float] = time.monotonic, first_rest: float = FIRST_REST
    ) -> None:
        self._monotonic = monotonic
        self._first = first_rest
        self._lock = threading.Lock()
        self._failures = 0
        self._rests = 0  # in a row, without a call that worked in between
        self._until: float | None = None
        self._probing = False

    @property
    def is_resting(self) -> bool:
        """From the failure that was one too many until a call has worked."""
        return self._until is not None

    @property
    def left(self) -> float:
        """How long it still rests; 0.0 when it may be tried."""
        return max(0.0, (self._until or 0.0) - self._monotonic())

    def turn(self) -> Turn | float:
        """The call's turn, or how long to wait before asking again."""
        with self._lock:
            if self._until is None:
                return Turn.ORDINARY
            left = self._until - self._monotonic()
            if left > 0:
                return left
            if self._probing:
                return self._first * _PROBE
            self._probing = True
            return Turn.PROBE

    def worked(self, turn: Turn) -> None:
        """The provider did its work. A call from before the rest does not end it."""
        with self._lock:
            if turn is Turn.PROBE or self._until is None:
                self._failures, self._rests = 0, 0
                self._until, self._probing = None, False

    def failed(self, turn: Turn, asked_for: float | None) -> float | None:
        """It failed for now; `asked_for` is the wait that it named itself.

        How long it rests from now on when this failure begins a rest, else None.
        """
        with self._lock:
            now, resting = self._monotonic(), self._until is not None
            if resting and turn is not Turn.PROBE:
                # Begun before the rest: counts for nothing, but a longer wish is heard.
                self._until = max(self._until or now, now + (asked_for or 0))
                return None
            self._failures += 1
            self._probing = False
            if resting or self._failures >= MOST_FAILURES:
                growing = self._first * min(1 << min(self._rests, 10), _LONGEST)
                rest = max(asked_for or 0, growing)
                self._rests += 1
            elif asked_for:
                rest = asked_for
            else:
                return None
            self._until = now + rest
            return rest

    def told_nothing(self, turn: Turn) -> None:
        """Neither: the mail was refused, or we are at fault. The next call may probe."""
        with self._lock:
            if turn is Turn.PROBE:
                self._probing = False
