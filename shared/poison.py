"""Poison queues, for an operator: what waits there, putting it back, dropping it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.ports import Outside, TakenMessage, WaitingMessage
from shared.values.any_message import gist_of, parse_any
from shared.values.messages import MessageNotOurs
from shared.values.queue_name import QueueName

# Longer than a replay lasts; if it dies, the messages it held are back after this.
_HIDING = timedelta(minutes=2)


@dataclass(frozen=True, kw_only=True)
class PoisonMessage:
    """One message, without what it says about a person.

    Not `is_ours`: no function of this version reads it, so it cannot be replayed.
    """

    id: str
    registration: str | None
    failure: str | None
    put_at: datetime
    is_ours: bool


@dataclass(frozen=True, kw_only=True)
class PoisonDetail:
    """One message with all that is known about it. `body` may name a person.

    `attempts` is how often it had failed for the time being before; None where it does not say.
    `expires_at`: the host put it there, and the app has not adopted it yet. `unreadable` says
    where it is none that its function reads.
    """

    message: PoisonMessage
    queue: QueueName
    attempts: int | None
    expires_at: datetime | None
    unreadable: str | None
    body: bytes


@dataclass(frozen=True, kw_only=True)
class PoisonQueue:
    """`count` is about how many there are; the queue shows 32 of them at most."""

    queue: QueueName
    count: int
    messages: tuple[PoisonMessage, ...]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """`done` were replayed (or dropped); `left` could not be, since no function reads them."""

    done: tuple[PoisonMessage, ...]
    left: tuple[PoisonMessage, ...]


Choice = Callable[[PoisonMessage], bool]


def named(id_: str) -> Choice:
    """The message with this id, or all messages of the registration with this id."""
    return lambda message: id_ in (message.id, message.registration)


def everything(_: PoisonMessage) -> bool:
    """Every message."""
    return True


def waiting(queue: QueueName, outside: Outside) -> PoisonQueue:
    """What waits in a queue's poison queue, the oldest first. Raises TemporaryFailure."""
    messages = sorted(outside.queues.look(queue.poison), key=lambda message: message.put_at)
    count = outside.queues.count(queue.poison) if messages else 0
    described = tuple(_described(queue, message, outside) for message in messages)
    return PoisonQueue(queue=queue, count=count, messages=described)


def details(queue: QueueName, chosen: Choice, outside: Outside) -> list[PoisonDetail]:
    """The chosen messages, the oldest first. Raises TemporaryFailure.

    What lies deeper than a queue shows is taken out for a moment to be looked at, and given back.
    """
    messages = outside.queues.look(queue.poison)
    found = [each for each in messages if chosen(_described(queue, each, outside))]
    if not found and outside.queues.count(queue.poison) > len(messages):
        taken = []
        try:
            for each in _all(queue, outside):
                taken.append(each)
                if chosen(_described(queue, each.message, outside)):
                    found.append(each.message)
        finally:
            for each in taken:
                outside.queues.give_back(each.receipt)
    return [_detail(queue, each, outside) for each in sorted(found, key=lambda one: one.put_at)]


def replay(queue: QueueName, chosen: Choice, outside: Outside) -> Outcome:
    """Put messages back into their queue, as they were before their first attempt.

    Each is removed from poison only after its queue has it: a crash in between makes it run
    twice, which is harmless, and never loses it. Raises TemporaryFailure.
    """

    def again(taken: TakenMessage) -> bool:
        try:
            message = parse_any(queue, taken.message.body, outside.rules.pepper)
        except MessageNotOurs:
            return False
        outside.queues.put(queue, message.for_replay().to_json())
        outside.queues.take_back(taken.receipt)
        return True

    return _for_each(queue, _as_described(queue, chosen, outside), again, outside)


def drop(queue: QueueName, chosen: Choice, outside: Outside) -> Outcome:
    """Delete messages that nobody will need. Raises TemporaryFailure."""
    return _dropped(queue, _as_described(queue, chosen, outside), outside)


def drop_where(
    queue: QueueName, wanted: Callable[[WaitingMessage], bool], outside: Outside
) -> Outcome:
    """Delete messages by what stands in them; each is asked about once. Raises TemporaryFailure."""
    return _dropped(queue, wanted, outside)


def _dropped(
    queue: QueueName, chosen: Callable[[WaitingMessage], bool], outside: Outside
) -> Outcome:
    def gone(taken: TakenMessage) -> bool:
        outside.queues.delete(taken.receipt)
        return True

    return _for_each(queue, chosen, gone, outside)


def _as_described(
    queue: QueueName, chosen: Choice, outside: Outside
) -> Callable[[WaitingMessage], bool]:
    return lambda message: chosen(_described(queue, message, outside))


def _for_each(
    queue: QueueName,
    chosen: Callable[[WaitingMessage], bool],
    do: Callable[[TakenMessage], bool],
    outside: Outside,
) -> Outcome:
    done, left, others = [], [], []
    try:
        for taken in _all(queue, outside):
            described = _described(queue, taken.message, outside)
            if not chosen(taken.message):
                others.append(taken)
            elif do(taken):
                done.append(described)
            else:
                others.append(taken)
                left.append(described)
    finally:
        for taken in others:
            outside.queues.give_back(taken.receipt)
    return Outcome(done=tuple(done), left=tuple(left))


def _all(queue: QueueName, outside: Outside) -> Iterator[TakenMessage]:
    """As many as there are now: what fails again meanwhile is not replayed in a circle."""
    wanted = outside.queues.count(queue.poison)
    while wanted > 0 and (batch := outside.queues.take(queue.poison, hidden_for=_HIDING)):
        yield from batch
        wanted -= len(batch)


def _described(queue: QueueName, message: WaitingMessage, outside: Outside) -> PoisonMessage:
    gist = gist_of(message.body)
    try:
        parse_any(queue, message.body, outside.rules.pepper)
    except MessageNotOurs:
        is_ours = False
    else:
        is_ours = True
    return PoisonMessage(
        id=message.id,
        registration=gist.registration,
        failure=gist.failure,
        put_at=message.put_at,
        is_ours=is_ours,
    )


def _detail(queue: QueueName, message: WaitingMessage, outside: Outside) -> PoisonDetail:
    attempts: int | None = None
    unreadable = None
    try:
        attempts = parse_any(queue, message.body, outside.rules.pepper).attempt
    except MessageNotOurs as wrong:
        unreadable = str(wrong)
    return PoisonDetail(
        message=_described(queue, message, outside),
        queue=queue,
        attempts=attempts,
        expires_at=message.expires_at,
        unreadable=unreadable,
        body=message.body,
    )
