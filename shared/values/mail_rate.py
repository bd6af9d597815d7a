"""How many mails may leave in a minute and in an hour: the provider's quota, kept by ourselves.

Counted in short slots over a sliding window, so that no minute and no hour, wherever it
begins, ever holds more than the quota. A provider's own refusal costs more than our waiting:
it counts against the sender, and each refused mail was a call for nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from shared.values.base import Value


class Lane(StrEnum):
    """Who goes first when the quota is short."""

    FRESH = "fresh"  # a person waits for the mail
    LATER = "later"  # a flood from one network, or a reminder

    def share(self, quota: int) -> int:
        """How much of the quota may be used before this lane has to wait.

        Half is kept for those who wait in front of their inbox; the rest still moves.
        """
        return quota if self is Lane.FRESH else max(1, quota // 2)


@dataclass(frozen=True, kw_only=True)
class MailRates:
    """The quota; None is no limit."""

    per_minute: int | None = None
    per_hour: int | None = None

    def together_with(self, other: "MailRates") -> "MailRates":
        """What two providers carry together: when the first has had enough, the second sends."""
        return MailRates(
            per_minute=_sum(self.per_minute, other.per_minute),
            per_hour=_sum(self.per_hour, other.per_hour),
        )

    @property
    def are_limited(self) -> bool:
        """Whether there is anything to keep to."""
        return self.per_minute is not None or self.per_hour is not None

    @property
    def block(self) -> int:
        """How many mails a worker takes at once, so that not every mail costs a write.

        At most about one write a second, and never more than a hundredth of the hour.
        """
        quotas = [
            *([self.per_minute // 60] if self.per_minute else []),
            *([self.per_hour // 100] if self.per_hour else []),
        ]
        return max(1, min(quotas, default=1))


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other


@dataclass(frozen=True, kw_only=True)
class _Window:
    length: timedelta
    slot: timedelta

    def begin(self, now: datetime) -> int:
        """Of the current slot, in Unix seconds."""
        seconds = int(self.slot.total_seconds())
        return int(now.timestamp()) // seconds * seconds

    def end(self, begin: int) -> datetime:
        """When the whole slot has left the window."""
        return datetime.fromtimestamp(begin, UTC) + self.slot + self.length

    def recent(self, counts: Mapping[int, int], now: datetime) -> dict[int, int]:
        """The slots that a window ending now may still touch."""
        return {begin: count for begin, count in counts.items() if self.end(begin) > now}

    def add(self, counts: Mapping[int, int], count: int, now: datetime) -> dict[int, int]:
        recent, current = self.recent(counts, now), self.begin(now)
        return {**recent, current: recent.get(current, 0) + count}

    def remove(self, counts: Mapping[int, int], count: int, at: datetime) -> dict[int, int]:
        slot = self.begin(at)
        left = {**counts, slot: counts.get(slot, 0) - count}
        return {begin: count for begin, count in left.items() if count > 0}

    def free_at(self, counts: Mapping[int, int], quota: int, now: datetime) -> datetime:
        """When enough of the oldest slots have left for one more."""
        recent = self.recent(counts, now)
        used, at = sum(recent.values()), now
        for begin in sorted(recent):
            if used < quota:
                break
            used, at = used - recent[begin], self.end(begin)
        return at


_MINUTE = _Window(length=timedelta(minutes=1), slot=timedelta(seconds=5))
_HOUR = _Window(length=timedelta(hours=1), slot=timedelta(minutes=5))


MAILS_ROW: Final = "mails"  # where table `limits` has it


class MailsSent(Value):
    """Mails taken from the quota by all instances: counts by slot (Unix seconds)."""

    minute: Mapping[int, int] = {}
    hour: Mapping[int, int] = {}

    def take(self, count: int, now: datetime) -> "MailsSent":
        """`count` mails less in the quota."""
        return MailsSent(
            minute=_MINUTE.add(self.minute, count, now), hour=_HOUR.add(self.hour, count, now)
        )

    def give_back(self, count: int, taken_at: datetime) -> "MailsSent":
        """So many that were taken then and did not leave."""
        return MailsSent(
            minute=_MINUTE.remove(self.minute, count, taken_at),
            hour=_HOUR.remove(self.hour, count, taken_at),
        )

    def free(self, rates: MailRates, lane: Lane, now: datetime) -> int:
        """How many more this lane may send now; 0 when it has to wait."""
        return max(
            0,
            min(
                lane.share(quota) - sum(window.recent(counts, now).values())
                for window, counts, quota in self._limits(rates)
            ),
        )

    def within_hour(self, now: datetime) -> int:
        """How many were taken from the quota of the hour."""
        return sum(_HOUR.recent(self.hour, now).values())

    def wait(self, rates: MailRates, lane: Lane, now: datetime) -> timedelta:
        """How long until this lane may send one more, if nobody else takes it first."""
        return max(
            window.free_at(counts, lane.share(quota), now) - now
            for window, counts, quota in self._limits(rates)
        )

    def _limits(self, rates: MailRates) -> Iterator[tuple[_Window, Mapping[int, int], int]]:
        if rates.per_minute is not None:
            yield _MINUTE, self.minute, rates.per_minute
        if rates.per_hour is not None:
            yield _HOUR, self.hour, rates.per_hour
