"""Sending one mail of a record: take it from the budget, hand it over, note it."""

from datetime import timedelta
from hashlib import sha256

from shared import events
from shared.ports import Changed, Outside, PermanentFailure, TemporaryFailure, Versioned
from shared.record_failure import note_failure
from shared.values.form import Form
from shared.values.mail import Mail
from shared.values.messages import FollowUp, FollowUpMessage, QueueName
from shared.values.record import MailKind, MailNote, Record, RecordKey
from shared.values.registration import Registration

# A queue hides a message for seven days at most.
# https://learn.microsoft.com/rest/api/storageservices/put-message
LONGEST_DELAY = timedelta(days=7)
# Races end after one more look; more than this means that something is wrong.
RACES = 5


def open_record(
    registration: Registration, form: Form, key: RecordKey, outside: Outside
) -> tuple[Versioned[Record], bool] | None:
    """The registration's record, and whether an earlier attempt had made it already.

    A new record and its mail's place in the budget are one transaction. None when the mailbox
    may not be mailed: then nothing is stored.
    """
    now = outside.now()
    for _ in range(RACES):
        address = outside.records.find_address(key.mailbox_key)
        refusal = address.value.refusal(outside.rules.mail_limits, now)
        if refusal is None:
            record = Record.of(registration, key.mailbox_key, now + form.forgotten_after)
            _schedule_follow_ups(record, form, outside)
            fresh = Versioned(value=record.take_mail(MailKind.CONFIRMATION, now), etag=None)
            taken = address.moved_to(address.value.take_mail(now))
            try:
                return outside.records.save(fresh, taken), False
            except Changed:
                pass  # a redelivery, or another registration of the same mailbox: look
        if stored := outside.records.find(key):
            return stored, True
        if refusal:
            events.note("mail_withheld", key.registration_id, form=form.id, reason=refusal)
            return None
    raise TemporaryFailure("the mailbox's row is contended")


def take_again(
    key: RecordKey, kind: MailKind, number: int, outside: Outside
) -> tuple[Versioned[Record], bool] | None:
    """The record with its mail `number` taken, and whether an earlier attempt had taken it.

    None when there is nothing to send: confirmed, deleted, out of budget, or an old request.
    """
    for _ in range(RACES):
        stored = outside.records.find(key)
        if stored is None or stored.value.was_confirmed:
            return None
        if stored.value.mail(number):
            return stored, True
        if number != len(stored.value.mails) + 1:
            return None
        now = outside.now()
        address = outside.records.find_address(key.mailbox_key)
        if refusal := address.value.refusal(outside.rules.mail_limits, now):
            events.note("mail_withheld", key.registration_id, reason=refusal)
            return None
        taken = address.moved_to(address.value.take_mail(now))
        record = stored.moved_to(stored.value.take_mail(kind, now))
        try:
            return outside.records.save(record, taken), False
        except Changed:
            continue
    raise TemporaryFailure("the mailbox's row is contended")


def send_mail(
    stored: Versioned[Record], number: int, form: Form, outside: Outside, *, again: bool
) -> None:
    """Send the record's mail `number` unless it is noted as sent or nobody waits for it."""
    record = stored.value
    note = record.mail(number)
    if note is None or note.sent_at or record.was_confirmed:
        return
    sent_at = outside.now()
    mail = outside.compose_mail(record, form, note.kind, number, sent_at)
    try:
        message_id = outside.mailer.send(mail, again=again)
    except PermanentFailure as failure:
        note_failure(record.key, str(failure), outside)
        raise
    sent = note.model_copy(
        update={
            "sent_at": sent_at,
            "provider": outside.mailer.name,
            "message_id": message_id,
            "subject": mail.subject,
            "text_digest": _digest(mail),
        }
    )
    _note_sent(stored, sent, form, outside)
    events.note("mailed", record.registration_id, form=record.form, kind=note.kind, number=number)


def _note_sent(stored: Versioned[Record], sent: MailNote, form: Form, outside: Outside) -> None:
    # Only the person's own wish keeps the record longer: a reminder does not.
    extends = sent.kind is not MailKind.REMINDER and sent.sent_at is not None
    for _ in range(RACES):
        keep_until = (
            sent.sent_at + form.forgotten_after
            if extends and sent.sent_at
            else stored.value.forget_at
        )
        moved = stored.value.mailed(sent, keep_until=keep_until)
        try:
            outside.records.save(stored.moved_to(moved))
        except Changed:
            # The person was faster than we: confirmed (keep that) or declined (gone).
            newer = outside.records.find(stored.value.key)
            if newer is None:
                return
            stored = newer
        else:
            return
    raise TemporaryFailure("the record is contended")


def _schedule_follow_ups(record: Record, form: Form, outside: Outside) -> None:
    """Before the record exists: a record that nothing would ever delete must not be possible."""
    later = [(FollowUp.FORGET, form.forgotten_after)]
    if form.reminder_after:
        later.append((FollowUp.REMIND, form.reminder_after))
    for follow_up, delay in later:
        message = FollowUpMessage(
            mailbox_key=record.mailbox_key,
            registration_id=record.registration_id,
            follow_up=follow_up,
            due_at=outside.now() + delay,
        )
        put_follow_up(message, outside)


def put_follow_up(message: FollowUpMessage, outside: Outside) -> None:
    """Put it back until it is due, in steps that the queue allows."""
    delay = min(max(message.due_at - outside.now(), timedelta(0)), LONGEST_DELAY)
    outside.queues.put(QueueName.FOLLOW_UPS, message.to_json(), visible_in=delay)


def _digest(mail: Mail) -> str:
    return sha256(f"{mail.subject}\0{mail.text}\0{mail.html}".encode()).hexdigest()
