"""Registrations of one network: at once within its budget, beyond it each at a time of its own."""

from datetime import datetime, timedelta
from functools import cache
from threading import Lock

from shared import events
from shared.ports import Limits
from shared.throttles.counted_row import CountedRow
from shared.values.event_catalogue import Event
from shared.values.source_budget import SourceSlots

# So many an hour from one network cost no storage operation: nearly all networks stay below.
# The price: with n instances up to n times as many go uncounted.
_UNCOUNTED = 5
_HOUR = timedelta(hours=1)
_MOST_REMEMBERED = 20_000
# A flood from many networks is no flood of lines either.
_MOST_TOLD = 100
# What "this was not me" costs the network that the registration came from: a fifth of its budget.
_COMPLAINT = 5
# Enough to tell networks apart, and the beginning of their names in table `limits`.
_DIGEST_LENGTH = 12


class SourceThrottle:
    """One per process; safe to call from several threads."""

    def __init__(self, limits: Limits, per_hour: int) -> None:
        self._per_hour = per_hour
        self._row = cache(lambda shard: CountedRow(limits, f"sources-{shard}", SourceSlots()))
        self._seen: dict[str, int] = {}
        self._seen_since: datetime | None = None
        self._told: set[str] = set()
        self._lock = Lock()

    def slot(self, source: str, now: datetime) -> datetime | None:
        """Count one registration from `source`; when may it be mailed?

        None for one of the few that need no counting. Raises TemporaryFailure.
        """
        count = self._see(source, 1, now)
        if not count:
            return None
        slot = self._take(source, count, now)
        if slot > now and self._is_news(source):
            wait = events.elapsed(now, slot)
            events.warn(Event.SOURCE_THROTTLED, network=source[:_DIGEST_LENGTH], seconds=wait)
        return slot

    def complain(self, source: str, now: datetime) -> None:
        """Somebody said "this was not me" to a mail that `source` caused."""
        self._see(source, _UNCOUNTED + 1, now)  # from now on each of its registrations counts
        self._take(source, max(1, self._per_hour // _COMPLAINT), now)

    def _see(self, source: str, count: int, now: datetime) -> int:
        """How many to count in the shared row now: none, all that went uncounted, or this one."""
        with self._lock:
            if self._seen_since is None or now - self._seen_since > _HOUR:
                self._seen, self._seen_since, self._told = {}, now, set()
            before = self._seen.get(source, 0)
            if not before and len(self._seen) >= _MOST_REMEMBERED:
                return count  # so many networks in an hour are one flood
            self._seen[source] = before + count
        free = min(_UNCOUNTED, self._per_hour)
        if before + count <= free:
            return 0
        return before + count if before <= free else count

    def _is_news(self, source: str) -> bool:
        """Once an hour for each network: a flood of registrations is no flood of lines."""
        with self._lock:
            is_news = source not in self._told and len(self._told) < _MOST_TOLD
            if is_news:
                self._told.add(source)
        return is_news

    def _take(self, source: str, count: int, now: datetime) -> datetime:
        slot = now

        def move(slots: SourceSlots) -> SourceSlots:
            nonlocal slot
            moved = slots.take(source, count, self._per_hour, now)
            slot = moved.slot(source, now)
            return moved

        self._row(source[0]).change(move)
        return slot
