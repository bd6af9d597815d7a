"""What may not stay in a poison queue as it is: what would expire, and who has expired."""

from datetime import timedelta

from shared import events
from shared.ports import Outside, TakenMessage, WaitingMessage
from shared.values.any_message import parse_any
from shared.values.event_catalogue import Event
from shared.values.form import Form
from shared.values.messages import MessageNotOurs, RegistrationMessage
from shared.values.probe_message import is_probe
from shared.values.queue_name import QueueName

FAILED_FIVE_TIMES = "failed five times: see the log of its invocations"
# At a time; the rest has its turn at the next round, since what was given back goes to the end.
_MOST = 1000
# Longer than a round lasts; if the process dies, what it held is back after this.
_HIDING = timedelta(minutes=4)


def needs_care(queue: QueueName, message: WaitingMessage, outside: Outside) -> bool:
    """Whether it must be adopted, or dropped."""
    return message.expires_at is not None or _expired(queue, message, outside) is not None


def care_for(queue: QueueName, outside: Outside) -> None:
    """Go through a poison queue, adopting and dropping. Raises TemporaryFailure.

    The host copies a message after five failures that nobody foresaw, as it was, and its copy
    expires after seven days: it is adopted, which means written anew to stay until somebody
    replays it. A registration that still names a person at its form's forgetting time is dropped.
    """
    kept: list[TakenMessage] = []
    seen = 0
    try:
        while seen < _MOST:
            batch = outside.queues.take(queue.poison, hidden_for=_HIDING)
            if not batch:
                break
            seen += len(batch)
            kept += [taken for taken in batch if not _settled(queue, taken, outside)]
    finally:
        for taken in kept:
            outside.queues.give_back(taken.receipt)


def _settled(queue: QueueName, taken: TakenMessage, outside: Outside) -> bool:
    expired = _expired(queue, taken.message, outside)
    if expired:
        events.alarm(Event.EXPIRED, expired.about, reason=queue.poison)
    elif taken.message.expires_at is not None:
        if not is_probe(taken.message.body):
            outside.queues.put(queue.poison, _adopted(queue, taken.message, outside))
    else:
        return False
    outside.queues.take_back(taken.receipt)
    return True


def _adopted(queue: QueueName, message: WaitingMessage, outside: Outside) -> str | bytes:
    try:
        ours = parse_any(queue, message.body, outside.rules.pepper)
    except MessageNotOurs as wrong:
        return wrong.keep or message.body
    return ours.failed(ours.failure or FAILED_FIVE_TIMES).to_json()


def _expired(
    queue: QueueName, message: WaitingMessage, outside: Outside
) -> RegistrationMessage | None:
    try:
        ours = parse_any(queue, message.body, outside.rules.pepper)
    except MessageNotOurs:
        return None
    if not isinstance(ours, RegistrationMessage):
        return None
    asked = ours.registration
    form = outside.forms.get(asked.form)
    # Of a form whose file is gone, the time that forms have unless they say otherwise.
    after = form.forgotten_after if form else Form.model_fields["forgotten_after"].default
    return ours if outside.now() >= asked.asked_at + after else None
