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
from shared.ports import (
    Changed,
    Outside,
    PermanentFailure,
    RetryDelays,
    TemporaryFailure,
)
from shared.values.messages import Message, MessageNotOurs, QueueName

M = TypeVar("M", bound=Message)

LONGEST_WISH = timedelta(days=1)


def deliver(
    queue: QueueName,
    body: bytes,
    parse: Callable[[bytes], M],
    step: Callable[[M], None],
    outside: Outside,
) -> None:
    """Run `step` on the message and settle what it raises.

    Raises TemporaryFailure only when the queue itself does not take the message back: then the
    host keeps the original.
    """
    try:
        message = parse(body)
    except MessageNotOurs as wrong:
        outside.queues.put(queue.poison, body)
        events.alarm("poisoned", "unknown", queue=queue.value, reason=f"not ours: {wrong}")
        return
    try:
        step(message)
    except PermanentFailure as failure:
        kept = (failure.replay or message).failed(str(failure))
        outside.queues.put(queue.poison, kept.to_json())
        events.alarm("poisoned", message.about, queue=queue.value, reason=str(failure))
    except (TemporaryFailure, Changed) as failure:
        wished = getattr(failure, "retry_after", None)
        delay = _delay(message.attempt, wished, outside.rules.retries)
        outside.queues.put(queue, message.again().to_json(), visible_in=delay)
        events.warn(
            "postponed",
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
    # Jitter needs no secrecy.
    spread = random.uniform(1.0, 1.25)  # noqa: S311 - spreads load, guards nothing
    return max(growing, asked) * spread
