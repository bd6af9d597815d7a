"""How much waits in each queue, told every minute: also that nothing does, and that somebody looks.

Two storage operations for each queue and round, beside the one that the watch over poison needs.
"""

from collections.abc import Mapping

from shared import events
from shared.failures import TemporaryFailure
from shared.ports import Outside, WaitingMessage
from shared.values.any_message import gist_of
from shared.values.event_catalogue import Event, QueueCount
from shared.values.messages import QueueName


def tell_queues(poison: Mapping[QueueName, int], outside: Outside) -> None:
    """`poison` is how many messages lie in each poison queue, as far as that could be seen.

    Never fails: what storage does not show is null in the round's summary.
    """
    counts = [
        QueueCount(queue=queue.value, count=_depth(queue, outside), poison=poison.get(queue))
        for queue in QueueName
    ]
    events.note(Event.QUEUES_WATCHED, queues=counts)


def _depth(queue: QueueName, outside: Outside) -> int | None:
    try:
        count, visible = outside.queues.count(queue), outside.queues.look(queue)
    except TemporaryFailure as failure:
        events.warn(Event.QUEUE_UNSEEN, queue=queue.value, reason=str(failure))
        return None
    if count or visible:
        events.note(
            Event.QUEUE_DEPTH,
            queue=queue.value,
            count=count,
            visible=len(visible),
            age=max((_age(message, outside) for message in visible), default=0),
        )
    return count


def _age(message: WaitingMessage, outside: Outside) -> int:
    """Since it was put; what is put long before its time, since that."""
    due_at = gist_of(message.body).due_at
    since = max(message.put_at, due_at) if due_at else message.put_at
    return events.elapsed(since, outside.now())
