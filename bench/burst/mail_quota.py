"""The app's own way of keeping to the mail quota: its code, with a table in memory."""

from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any, TypeVar

from shared.failures import Changed
from shared.ports import Versioned
from shared.throttles.mail_throttle import MailThrottle
from shared.values.base import Value
from shared.values.mail_rate import Lane, MailRates

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
L = TypeVar("L", bound=Value)


class LimitsInMemory:
    """Implements ports.Limits. Keeps the values themselves: a simulation reads them often."""

    def __init__(self) -> None:
        self._rows: dict[str, Versioned[Any]] = {}
        self.operations = 0
        self._writes = 0
        self._lock = Lock()

    def find(self, name: str, none_yet: L) -> Versioned[L]:
        """See ports.Limits."""
        with self._lock:
            self.operations += 1
            return self._rows.get(name, Versioned(value=none_yet, etag=None))

    def save(self, name: str, row: Versioned[L]) -> Versioned[L]:
        """See ports.Limits."""
        with self._lock:
            self.operations += 1
            stored = self._rows.get(name)
            if (stored.etag if stored else None) != row.etag:
                raise Changed
            self._writes += 1
            self._rows[name] = row.saved_as(str(self._writes))
            return self._rows[name]

    def reach(self) -> None:
        """See ports.Limits."""


class MailQuota:
    """Every instance has a throttle of its own; they share the row. Times in simulated seconds."""

    def __init__(self, rates: MailRates) -> None:
        self._limits = LimitsInMemory()
        self._rates = rates
        self._throttles: dict[int, MailThrottle] = {}

    @property
    def operations(self) -> int:
        """Storage operations so far, those that met a newer row included."""
        return self._limits.operations

    def take(self, instance: int, size: int, lane: Lane, now: float) -> tuple[int, float]:
        """How many of `size` may be mailed now, and how many seconds the others shall wait."""
        throttle = self._throttles.get(instance)
        if throttle is None:
            throttle = self._throttles[instance] = MailThrottle(self._limits, self._rates)
        moment = EPOCH + timedelta(seconds=now)
        for taken in range(size):
            wait = throttle.take(lane, moment)
            if wait is not None:
                return taken, wait.total_seconds()
        return size, 0.0
