"""What an operator sees at one glance: how far people come, what waits, and why. Names nobody."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Generic, TypeVar

from shared import parked_leads, poison
from shared.failures import PermanentFailure, TemporaryFailure
from shared.ports import Outside
from shared.queue_watch import depth_of
from shared.values.event_catalogue import QueueDepth
from shared.values.funnel_summary import FormFunnel, LatestMove, funnels_of, latest_of
from shared.values.lead_row import LeadRow
from shared.values.queue_name import QueueName

DAYS: Final = 30
LATEST: Final = 12

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Seen(Generic[T]):
    """What was found, or why it could not be seen: the desk is for days when something fails."""

    value: T | None = None
    failure: str | None = None


@dataclass(frozen=True, kw_only=True)
class Registrations:
    """How far registrations came since a day, and the latest of them."""

    funnels: tuple[FormFunnel, ...]
    latest: tuple[LatestMove, ...]


@dataclass(frozen=True, kw_only=True)
class Desk:
    """All of it, at a time. `leads` is None where LinkedIn is not configured."""

    at: datetime
    since: date
    registrations: Seen[Registrations]
    queues: tuple[QueueDepth, ...]
    poison: tuple[Seen[poison.PoisonQueue], ...]
    leads: Seen[tuple[LeadRow, ...]] | None

    @property
    def failed_messages(self) -> int:
        """About how many wait for somebody."""
        return sum(each.value.count for each in self.poison if each.value)

    @property
    def parked_leads(self) -> int:
        """How many wait for somebody."""
        return len(self.leads.value or ()) if self.leads else 0


def look(outside: Outside) -> Desk:
    """Never fails. About 25 storage operations."""
    outside.tally.flush()
    now = outside.now()
    since = now.date() - timedelta(days=DAYS - 1)
    poisoned = tuple(_poison(queue, outside) for queue in QueueName)
    depths = tuple(
        depth_of(queue, seen.value.count if seen.value else None, outside)
        for queue, seen in zip(QueueName, poisoned, strict=True)
    )
    return Desk(
        at=now,
        since=since,
        registrations=_try(lambda: _registrations(since, outside)),
        queues=depths,
        poison=poisoned,
        leads=_try(lambda: tuple(parked_leads.waiting(outside)))
        if outside.rules.linkedin
        else None,
    )


def _registrations(since: date, outside: Outside) -> Registrations:
    rows = outside.funnel.since(since)
    until = outside.now().date()
    return Registrations(
        funnels=tuple(funnels_of(rows, outside.forms, since, until)),
        latest=tuple(latest_of(rows, LATEST)),
    )


def _poison(queue: QueueName, outside: Outside) -> Seen[poison.PoisonQueue]:
    return _try(lambda: poison.waiting(queue, outside))


def _try(find: Callable[[], T]) -> Seen[T]:
    try:
        return Seen(value=find())
    except (TemporaryFailure, PermanentFailure) as failure:
        return Seen(failure=str(failure))
