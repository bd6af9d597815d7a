"""Delivery reports: noting in the record what became of its mail."""

from shared import events
from shared.newest import change_newest
from shared.ports import Outside, Versioned
from shared.values.event_catalogue import Event
from shared.values.mail import operation_id
from shared.values.mail_report import MailReportMessage, OtherEvent
from shared.values.record import Record


def note_mail_report(message: MailReportMessage | OtherEvent, outside: Outside) -> None:
    """Note a report in its mail's record, unless a newer one stands there.

    Reports come more than once, in any order, and before we have noted that the mail left.
    Raises TemporaryFailure, and PermanentFailure when a row of the mailbox is damaged.
    """
    if isinstance(message, OtherEvent):
        events.note(Event.MAIL_REPORT_IGNORED, type=message.event_type)
        return
    found = _reported_mail(message, outside)
    if found is None:
        # Declined, forgotten, or not a mail of ours: the mail domain may have other senders.
        events.note(Event.MAIL_REPORT_DROPPED, status=message.status)
        return
    stored, number = found

    def reported(record: Record) -> Record | None:
        return record.report_mail(number, message.status, message.attempted_at)

    changed = reported(stored.value)
    if changed is None:
        return
    change_newest(stored, reported, outside)
    note = changed.noted(number)
    about, status, provider = changed.about, message.status, note.provider
    if note.did_not_arrive:
        events.warn(Event.MAIL_BOUNCED, about, status=status, number=number, provider=provider)
    else:
        events.note(Event.MAIL_REPORT, about, status=status, number=number, provider=provider)


def _reported_mail(
    message: MailReportMessage, outside: Outside
) -> tuple[Versioned[Record], int] | None:
    """The record and the number of the mail that the provider calls by this id."""
    for stored in outside.records.in_mailbox(message.mailbox_key):
        record = stored.value
        for note in record.mails:
            ours = operation_id(record.registration_id, note.number)
            if message.operation_id in (ours, note.message_id):
                return stored, note.number
    return None
