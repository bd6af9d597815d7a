"""One row of table `limits` that all instances count in."""

from collections.abc import Callable
from threading import RLock
from typing import Generic, TypeVar

from shared.failures import RACES, Changed, TemporaryFailure
from shared.ports import Limits, Versioned
from shared.values.base import Value

L = TypeVar("L", bound=Value)


class CountedRow(Generic[L]):
    """Remembers the row as it was written last, so that mostly one write is all it takes."""

    def __init__(self, limits: Limits, name: str, none_yet: L) -> None:
        self._limits = limits
        self._name = name
        self._none_yet = none_yet
        self._known: Versioned[L] = Versioned(value=none_yet, etag=None)
        self._lock = RLock()

    def change(self, move: Callable[[L], L | None]) -> L:
        """Save `move(newest)` and return it; None leaves the row as it is.

        Raises TemporaryFailure.
        """
        with self._lock:
            for _ in range(RACES):
                moved = move(self._known.value)
                if moved is None:
                    return self._known.value
                try:
                    self._known = self._limits.save(self._name, self._known.moved_to(moved))
                except Changed:
                    self._known = self._limits.find(self._name, self._none_yet)
                else:
                    return moved
        raise TemporaryFailure(f"row {self._name} of the limits is contended")
