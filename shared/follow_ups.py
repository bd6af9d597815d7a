"""What there is to do with a record later, in queue `follow-ups`: no table is ever scanned."""

from datetime import datetime, timedelta

from shared.ports import Outside
from shared.values.form import Form
from shared.values.messages import FollowUp, FollowUpMessage, QueueName
from shared.values.record import RecordKey

# A queue hides a message for seven days at most.
# https://learn.microsoft.com/rest/api/storageservices/put-message
LONGEST_DELAY = timedelta(days=7)


def schedule(key: RecordKey, follow_up: FollowUp, due_at: datetime, outside: Outside) -> None:
    """Look at the record (and its mailbox) again at `due_at`."""
    put_until_due(
        FollowUpMessage(
            mailbox_key=key.mailbox_key,
            registration_id=key.registration_id,
            follow_up=follow_up,
            due_at=due_at,
        ),
        outside,
    )


def schedule_for_new_record(key: RecordKey, form: Form, outside: Outside) -> None:
    """Before the record exists: a record that nothing would ever delete must not be possible."""
    now = outside.now()
    schedule(key, FollowUp.FORGET, now + form.forgotten_after, outside)
    if form.reminder_after:
        schedule(key, FollowUp.REMIND, now + form.reminder_after, outside)


def put_until_due(message: FollowUpMessage, outside: Outside) -> None:
    """Hide it until it is due, in steps that the queue allows."""
    delay = min(max(message.due_at - outside.now(), timedelta(0)), LONGEST_DELAY)
    outside.queues.put(QueueName.FOLLOW_UPS, message.to_json(), visible_in=delay)
