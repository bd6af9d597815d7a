"""One line in the log for each poison queue that somebody has to look at."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared import events
from shared.failures import TemporaryFailure
from shared.poison_care import care_for, needs_care
from shared.ports import Outside, WaitingMessage
from shared.values.any_message import gist_of
from shared.values.event_catalogue import Event
from shared.values.queue_name import QueueName

REMIND_AFTER = timedelta(hours=1)
_MOST_IDS = 10
_MOST_REASONS = 5


@dataclass
class _Told:
    """What this process has told about one queue."""

    ids: set[str] = field(default_factory=set)
    count: int = 0
    at: datetime | None = None
    cared_at: datetime | None = None


class PoisonWatch:
    """Looks at all poison queues; remembers what it has told, for the life of the process."""

    def __init__(self) -> None:
        self._told = {queue: _Told() for queue in QueueName}

    def look(self, outside: Outside) -> dict[QueueName, int]:
        """One round. An alarm for each queue in which something new lies, or still lies hourly.

        About how many messages lie in each poison queue; one that storage did not show is left out.
        """
        counts = {}
        for queue in QueueName:
            try:
                counts[queue] = self._look_at(queue, outside)
            except TemporaryFailure as failure:
                events.warn(Event.QUEUE_UNSEEN, queue=queue.poison, reason=str(failure))
        return counts

    def _look_at(self, queue: QueueName, outside: Outside) -> int:
        told = self._told[queue]
        messages = outside.queues.look(queue.poison)
        if not messages and not told.ids:
            return 0
        count = outside.queues.count(queue.poison)
        if _is_due(queue, messages, count, told, outside):
            care_for(queue, outside)
            told.cared_at = outside.now()
            messages, count = outside.queues.look(queue.poison), outside.queues.count(queue.poison)
        if not count:
            self._told[queue] = _Told()
            return 0
        new = {message.id for message in messages} - told.ids
        still = told.at is None or outside.now() - told.at >= REMIND_AFTER
        if messages and (new or count > told.count or still):
            _tell(queue, messages, count, outside)
            told.at = outside.now()
        told.ids |= new
        told.count = count
        return count


def _is_due(
    queue: QueueName, messages: list[WaitingMessage], count: int, told: _Told, outside: Outside
) -> bool:
    """At once for what can be seen; hourly for what lies deeper than a queue shows."""
    if any(needs_care(queue, message, outside) for message in messages):
        return True
    long_ago = told.cared_at is None or outside.now() - told.cared_at >= REMIND_AFTER
    return count > len(messages) and long_ago


def _tell(queue: QueueName, messages: list[WaitingMessage], count: int, outside: Outside) -> None:
    gists = [gist_of(message.body) for message in messages]
    ids = dict.fromkeys(gist.registration for gist in gists if gist.registration)
    reasons = dict.fromkeys(gist.failure or "unknown" for gist in gists)
    oldest = min(message.put_at for message in messages)
    events.alarm(
        Event.POISON_WAITING,
        queue=queue.value,
        count=count,
        oldest=oldest.isoformat(timespec="seconds"),
        age=events.elapsed(oldest, outside.now()),
        registrations=list(ids)[:_MOST_IDS],
        reasons=list(reasons)[:_MOST_REASONS],
    )
