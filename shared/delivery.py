"""What becomes of a queue message: done, come back later, or poison with its cause.

The host's own way (five attempts, then poison) is kept for what nobody foresaw. What we can
tell apart we do not leave to it: a temporary failure must not use up the attempts, and a
permanent one must not be tried five times.
"""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from shared import events
from shared.failures import Changed, PermanentFailure, TemporaryFailure, TooSoon
from shared.ports import Outside
from shared.rules import RetryDelays
from shared.values.event_catalogue import Event
from shared.values.messages import Message, MessageNotOurs
from shared.values.probe_message import is_probe
from shared.values.queue_body import body_in
from shared.values.queue_name import QueueName

M = TypeVar("M", bound=Message)

LONGEST_WISH = timedelta(days=1)


def deliver(
    queue: QueueName,
    body: bytes,
    parse: Callable[[bytes], M],
    step: Callable[[M], None],
    outside: Outside,
) -> None:
    """Run `step` on the message and settle what it raises. `body` is the text in the queue.

    Raises TemporaryFailure only when the queue itself does not take the message back: then the
    host keeps the original.
    """
    body = body_in(body)
    if is_probe(body):
        return
    try:
        message = parse(body)
    except MessageNotOurs as wrong:
        outside.queues.put(queue.poison, wrong.keep or body)
        events.alarm(Event.POISONED, queue=queue.value, reason=f"not ours: {wrong}")
        return
    try:
        step(message)
    except PermanentFailure as failure:
        kept = (failure.replay or message).failed(str(failure))
        outside.queues.put(queue.poison, kept.to_json())
        about = failure.about or message.about
        events.alarm(Event.POISONED, about, queue=queue.value, reason=str(failure))
    except TooSoon as soon:
        back = (soon.instead or message).waited()
        delay = min(soon.wait, LONGEST_WISH) * _spread()
        outside.queues.put(queue, back.to_json(), visible_in=delay)
        events.note(
            Event.WAITING,
            message.about,
            queue=queue.value,
            seconds=round(delay.total_seconds()),
            reason=str(soon),
        )
    except (TemporaryFailure, Changed) as failure:
        wished = getattr(failure, "retry_after", None)
        delay = _delay(message.attempt, wished, outside.rules.retries)
        outside.queues.put(queue, message.again().to_json(), visible_in=delay)
        events.warn(
            Event.POSTPONED,
            message.about,
            queue=queue.value,
            seconds=round(delay.total_seconds()),
            attempt=message.attempt,
            reason=str(failure) or type(failure).__name__,
        )


def _delay(attempt: int, wished: float | None, delays: RetryDelays) -> timedelta:
    """Growing with each attempt, spread out so that waiting messages do not return at once."""
    growing = min(delays.first * (1 << min(attempt, 20)), delays.longest)
    asked = min(timedelta(seconds=wished or 0), LONGEST_WISH)
    return max(growing, asked) * _spread()


def _spread() -> float:
    # Jitter needs no secrecy.
    return random.uniform(1.0, 1.25)  # noqa: S311 - spreads load, guards nothing
