"""What is left of an erased record ends at its time: by a message, as everything here ends."""

from datetime import datetime, timedelta

from shared import events
from shared.follow_ups import put_until_due, tidy_mailbox
from shared.ports import Outside
from shared.values.about import About
from shared.values.event_catalogue import Event
from shared.values.messages import FollowUp, FollowUpMessage
from shared.values.queue_name import QueueName
from shared.values.record import RecordKey

# By then the record is erased.
_SOON = timedelta(seconds=15)


def schedule_end(key: RecordKey, until: datetime, outside: Outside) -> None:
    """Before a record is erased: a proof that nothing would ever delete must not be possible.

    The message comes at once, so that the app, and not the operator's machine, tells that the
    record was erased.
    """
    message = _message(key, until)
    outside.queues.put(QueueName.FOLLOW_UPS, message.to_json(), visible_in=_SOON)


def schedule_end_of_mark(key: RecordKey, until: datetime, outside: Outside) -> None:
    """For the note in the mailbox's row, whether or not there is a record to erase."""
    put_until_due(_message(key, until).waited(), outside)


def end_proof(message: FollowUpMessage, outside: Outside) -> None:
    """Delete the proof when it is due, and what the mailbox's row notes of it."""
    proof = outside.records.find_proof(message.key)
    if proof is None and not outside.records.find_mailbox(message.mailbox_key).value.erased:
        return  # the erasure did not come about, or somebody has ended it by hand
    if proof and message.attempt == 0:
        events.note(Event.ERASED, About(registration=message.registration_id))
    if outside.now() < message.due_at:
        put_until_due(message.waited(), outside)
        return
    if proof and proof.value.until <= outside.now():
        outside.records.drop_proof(proof)
    has_record = outside.records.find(message.key) is not None
    tidy_mailbox(message.key, outside, has_record=has_record)


def _message(key: RecordKey, until: datetime) -> FollowUpMessage:
    return FollowUpMessage(
        mailbox_key=key.mailbox_key,
        registration_id=key.registration_id,
        follow_up=FollowUp.END_PROOF,
        due_at=until,
    )
