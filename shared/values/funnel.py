"""How far registrations came: what a process counts of its events, by form and day (UTC).

A picture, not the proof: that is in the records.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, Final

from pydantic import AwareDatetime

from shared.values.base import Value
from shared.values.event_catalogue import Event

# Who counted, once the rows of all processes are one.
ALL: Final = "all"
# Ids of registrations that a row remembers.
MOST_LATEST: Final = 20
# The word of Azure Communication Services; others say nothing that counts.
_ARRIVED: Final = "Delivered"


class Step(StrEnum):
    """What can happen to a registration."""

    ACCEPTED = "accepted"
    MAILED = "mailed"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    CONFIRMED = "confirmed"
    PROMOTED = "promoted"
    DECLINED = "declined"
    EXPIRED = "expired"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


# The way of who says yes, in order; and how it ends otherwise.
STAGES: Final = (Step.ACCEPTED, Step.MAILED, Step.DELIVERED, Step.CONFIRMED, Step.PROMOTED)
ASIDE: Final = tuple(step for step in Step if step not in STAGES)
# Reports come late and in any order: they say something of a mail, not how far a person came.
_REPORTS: Final = frozenset({Step.DELIVERED, Step.BOUNCED})
_STEPS: Final[Mapping[Event, Step]] = {
    Event.ACCEPTED: Step.ACCEPTED,
    Event.MAILED: Step.MAILED,
    Event.MAIL_REPORT: Step.DELIVERED,
    Event.MAIL_BOUNCED: Step.BOUNCED,
    Event.CONFIRMED: Step.CONFIRMED,
    Event.PROMOTED: Step.PROMOTED,
    Event.DECLINED: Step.DECLINED,
    Event.EXPIRED: Step.EXPIRED,
    Event.NEVER_MAILED: Step.EXPIRED,
    Event.LEAD_RECORD_REMOVED: Step.EXPIRED,
    Event.FAILED: Step.FAILED,
    Event.WITHDRAWN: Step.WITHDRAWN,
}


class Move(Value):
    """What happened to a registration last, as far as somebody saw it."""

    registration: str
    step: Step
    at: AwareDatetime


class FunnelRow(Value):
    """What one process (`by`) counted of a form on a day; `latest` has the newest move last."""

    day: date
    form: str
    by: str
    counts: Mapping[Step, int] = {}
    latest: tuple[Move, ...] = ()

    def moved(self, move: Move, *, counts: bool) -> "FunnelRow":
        """With one move more. Not `counts`: only the latest of its registration."""
        counted = dict(self.counts)
        if counts:
            counted[move.step] = counted.get(move.step, 0) + 1
        latest = self.latest
        if move.step not in _REPORTS:
            others = [each for each in latest if each.registration != move.registration]
            latest = (*others, move)[-MOST_LATEST:]
        return self.model_copy(update={"counts": counted, "latest": latest})

    def plus(self, rows: Iterable["FunnelRow"]) -> "FunnelRow":
        """Together with what others counted of the same form and day."""
        together = [self, *rows]
        newest = {
            move.registration: move
            for move in sorted((m for row in together for m in row.latest), key=_time)
        }
        latest = sorted(newest.values(), key=_time)[-MOST_LATEST:]
        return self.model_copy(
            update={"counts": sum_of(row.counts for row in together), "latest": tuple(latest)}
        )


def step_of(event: Event, facts: Mapping[str, Any]) -> Step | None:
    """The step that an event is; None for what moves nobody."""
    if event is Event.MAIL_REPORT and facts.get("status") != _ARRIVED:
        return None
    return _STEPS.get(event)


def is_counted(facts: Mapping[str, Any]) -> bool:
    """Only the first mail: the funnel is about registrations, not about mails."""
    return bool(facts.get("number", 1) == 1)


def sum_of(counts: Iterable[Mapping[Step, int]]) -> dict[Step, int]:
    """Added up, in the order of the steps."""
    added: Counter[Step] = Counter()
    for each in counts:
        added.update(each)
    return {step: added[step] for step in Step if added[step]}


def _time(move: Move) -> AwareDatetime:
    return move.at
