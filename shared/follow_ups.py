"""What there is to do with a record later, in queue `follow-ups`: no table is ever scanned."""

from datetime import datetime, timedelta

from shared import events
from shared.ports import LONGEST_HIDING, Outside, Receipt, Versioned
from shared.values.event_catalogue import Event
from shared.values.mail_budget import MailboxRow
from shared.values.messages import FollowUp, FollowUpMessage
from shared.values.queue_name import QueueName
from shared.values.record import Record, RecordKey


def schedule(key: RecordKey, follow_up: FollowUp, due_at: datetime, outside: Outside) -> Receipt:
    """Look at the record (and its mailbox) again at `due_at`."""
    return put_until_due(
        FollowUpMessage(
            mailbox_key=key.mailbox_key,
            registration_id=key.registration_id,
            follow_up=follow_up,
            due_at=due_at,
        ),
        outside,
    )


def put_until_due(message: FollowUpMessage, outside: Outside) -> Receipt:
    """Hide it until it is due, in steps that the queue allows."""
    delay = min(max(message.due_at - outside.now(), timedelta(0)), LONGEST_HIDING)
    return outside.queues.put(QueueName.FOLLOW_UPS, message.to_json(), visible_in=delay)


def forget(stored: Versioned[Record], outside: Outside) -> None:
    """Delete a record that nobody confirmed, and its mailbox's row when nothing needs that."""
    record = stored.value
    mailbox = outside.records.find_mailbox(record.mailbox_key)
    left = mailbox.value.without(record.chain)
    spent = left.is_spent(outside.now())
    if spent:
        left = _left_at_rest(left, record.key, outside)
    # Written though it may be the same: of two records that are forgotten at once one sees that it
    # was the last.
    there = mailbox.etag is not None
    outside.records.forget(stored, mailbox.moved_to(left) if there else None)
    if there and not spent:
        _tidy_later(record.key, left, outside)
    if record.was_mailed or mailbox.value.is_suppressed(outside.now()):
        events.note(Event.EXPIRED, record.about, reason="unconfirmed")
    else:
        events.alarm(Event.NEVER_MAILED, record.about)


def tidy_mailbox(key: RecordKey, outside: Outside, *, has_record: bool) -> None:
    """Delete the mailbox's row once it restricts nothing; with a record it keeps its chain's end.

    `has_record`: the one with this key is there, and stays.
    """
    mailbox = outside.records.find_mailbox(key.mailbox_key)
    if mailbox.etag is None:
        return
    if not mailbox.value.is_spent(outside.now()):
        _tidy_later(key, mailbox.value, outside)
        return
    row = mailbox.value.without_past_erasures(outside.now())
    left = row.at_rest() if has_record else _left_at_rest(row, key, outside)
    if left != mailbox.value:
        outside.records.save_mailbox(key.mailbox_key, mailbox.moved_to(left))


def _left_at_rest(row: MailboxRow, forgotten: RecordKey, outside: Outside) -> MailboxRow:
    """What another record of the mailbox, or the proof of one, still needs of its row."""
    left = row.at_rest()
    if left == MailboxRow() or left.erased:
        return left
    others = outside.records.in_mailbox(forgotten.mailbox_key)
    keeps = any(each.value.registration_id != forgotten.registration_id for each in others)
    return left if keeps else MailboxRow()


def _tidy_later(key: RecordKey, mailbox: MailboxRow, outside: Outside) -> None:
    # Whoever declined has scheduled the end of the suppression; once is enough.
    if not mailbox.is_suppressed(outside.now()):
        schedule(key, FollowUp.FORGET, mailbox.spent_at(), outside)
