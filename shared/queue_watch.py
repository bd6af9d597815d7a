"""How much waits in each queue, told every minute: also that nothing does, and that somebody looks.

Two storage operations for each queue and round, beside the one that the watch over poison needs.
"""

from collections.abc import Mapping

from shared import events
from shared.failures import TemporaryFailure
from shared.ports import Outside, WaitingMessage
from shared.values.any_message import gist_of
from shared.values.event_catalogue import Event, QueueDepth
from shared.values.queue_name import QueueName


def tell_queues(poison: Mapping[QueueName, int], outside: Outside) -> None:
    """`poison` is how many messages lie in each poison queue, as far as that could be seen.

    One event for all queues. Never fails.
    """
    depths = [depth_of(queue, poison.get(queue), outside) for queue in QueueName]
    events.note(Event.QUEUE_DEPTH, queues=depths)


def depth_of(queue: QueueName, poison: int | None, outside: Outside) -> QueueDepth:
    """What waits in one queue. Never fails: what storage did not show is None."""
    try:
        waiting, messages = outside.queues.count(queue), outside.queues.look(queue)
    except TemporaryFailure as failure:
        events.warn(Event.QUEUE_UNSEEN, queue=queue.value, reason=str(failure))
        return QueueDepth(queue=queue.value, waiting=None, visible=None, age=None, poison=poison)
    return QueueDepth(
        queue=queue.value,
        waiting=waiting,
        visible=len(messages),
        age=max((_age(message, outside) for message in messages), default=0),
        poison=poison,
    )


def _age(message: WaitingMessage, outside: Outside) -> int:
    """Since it was put; what is put long before its time, since that."""
    due_at = gist_of(message.body).due_at
    since = max(message.put_at, due_at) if due_at else message.put_at
    return events.elapsed(since, outside.now())
