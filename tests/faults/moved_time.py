"""Hours of the app's life in a moment: every message runs when it is due, and the clock jumps."""

from datetime import datetime, timedelta

from functions import follow_up, promote, send_confirmation
from tests.fakes.outside import FakeOutside
from tests.fakes.queues import Waiting

_SETTLE = {
    "registrations": send_confirmation.settle,
    "promotions": promote.settle,
    "follow-ups": follow_up.settle,
}


def run_for(time: timedelta, outside: FakeOutside) -> None:
    """Hand each message to its function, in the order in which they become visible."""
    end = outside.clock + time
    while waiting := _next_before(end, outside):
        queue, message = waiting
        _move_clock(max(outside.clock, _due(message)), outside)
        outside.queues.messages[queue].remove(message)
        _SETTLE[queue](message.raw, outside)
    _move_clock(end, outside)


def _next_before(end: datetime, outside: FakeOutside) -> tuple[str, Waiting] | None:
    due = [
        (queue, message)
        for queue in _SETTLE
        for message in outside.queues.messages.get(queue, [])
        if _due(message) <= end
    ]
    return min(due, key=lambda found: _due(found[1]), default=None)


def _due(message: Waiting) -> datetime:
    return message.put_at + message.visible_in


def _move_clock(now: datetime, outside: FakeOutside) -> None:
    outside.clock = outside.queues.clock = now
