"""Taking a mail from the mailbox's budget, and claiming it, so that one worker sends it."""

from dataclasses import dataclass

from shared import events
from shared.follow_ups import schedule
from shared.known_form import known_form
from shared.ports import RACES, Changed, Outside, TemporaryFailure, Versioned
from shared.values.form import Form
from shared.values.mail_budget import MailboxRow
from shared.values.messages import FollowUp
from shared.values.record import Record, RecordKey
from shared.values.record_notes import MailKind
from shared.values.registration import Registration


@dataclass(frozen=True, kw_only=True)
class Claim:
    """The right to send one mail of a record for the next minutes.

    `again` says that an earlier attempt had it: its mail may have left unnoticed.
    """

    stored: Versioned[Record]
    form: Form
    number: int
    again: bool


def claim_first_mail(
    registration: Registration, form: Form, key: RecordKey, outside: Outside, *, seen_before: bool
) -> Claim | None:
    """A new record with its mail taken from the budget, in one transaction.

    None when there is nothing to send: sent before, confirmed, or the mailbox may not be
    mailed (then nothing is stored). Raises TemporaryFailure when another worker is sending.
    """
    if seen_before and (stored := outside.records.find(key)):
        return _claim_taken(stored, form, 1, outside)
    # Before the record exists: one that nothing would ever delete must not be possible.
    schedule(key, FollowUp.FORGET, outside.now() + form.forgotten_after, outside)
    # Most people are new, so an empty budget is tried first; if that is wrong, it is read.
    mailbox: Versioned[MailboxRow] = Versioned(value=MailboxRow(), etag=None)
    now = outside.now()
    for _ in range(RACES):
        record = Record.of(registration, key.mailbox_key, now + form.forgotten_after)
        taken = record.take_mail(MailKind.CONFIRMATION, now, now + outside.rules.claim)
        fresh = Versioned(value=taken, etag=None)
        try:
            stored = outside.records.save(fresh, mailbox.moved_to(mailbox.value.take_mail(now)))
        except Changed:
            pass
        else:
            return Claim(stored=stored, form=form, number=1, again=False)
        if existing := outside.records.find(key):
            return _claim_taken(existing, form, 1, outside)
        mailbox = outside.records.find_mailbox(key.mailbox_key)
        if _withheld(key, mailbox.value, outside):
            return None
    raise TemporaryFailure("the mailbox's row is contended")


def claim_next_mail(key: RecordKey, kind: MailKind, number: int, outside: Outside) -> Claim | None:
    """Mail `number` of an existing record, taken from the budget unless it was before.

    None when there is nothing to send: confirmed, deleted, out of budget, or an old request.
    Raises TemporaryFailure, PermanentFailure and Changed.
    """
    stored = outside.records.find(key)
    if stored is None or stored.value.was_confirmed:
        return None
    form = known_form(stored.value.form, outside)
    record, now = stored.value, outside.now()
    if kind is MailKind.RENEWAL:
        # The page promised a mail: the record must not be forgotten before it arrives.
        record = record.keep_until(now + form.forgotten_after)
    if note := record.mail(number):
        if note.sent_at:
            if record != stored.value:
                outside.records.save(stored.moved_to(record))  # no mail more, but kept as promised
            return None
        if note.kind is MailKind.REMINDER and kind is MailKind.RENEWAL:
            record = record.wanted_as(number, kind)
        return _claim_taken(stored.moved_to(record), form, number, outside)
    if number != len(record.mails) + 1:
        return None
    mailbox = outside.records.find_mailbox(key.mailbox_key)
    if _withheld(key, mailbox.value, outside):
        return None
    saved = outside.records.save(
        stored.moved_to(record.take_mail(kind, now, now + outside.rules.claim)),
        mailbox.moved_to(mailbox.value.take_mail(now)),
    )
    return Claim(stored=saved, form=form, number=number, again=False)


def _claim_taken(
    stored: Versioned[Record], form: Form, number: int, outside: Outside
) -> Claim | None:
    record, now = stored.value, outside.now()
    note = record.mail(number)
    if note is None or note.sent_at or record.was_confirmed:
        return None
    if note.busy_until and note.busy_until > now:
        wait = (note.busy_until - now).total_seconds()
        raise TemporaryFailure("another worker is sending this mail", retry_after=wait)
    again = record.claim_mail(number, now, now + outside.rules.claim)
    claimed = outside.records.save(stored.moved_to(again))
    return Claim(stored=claimed, form=form, number=number, again=True)


def _withheld(key: RecordKey, mailbox: MailboxRow, outside: Outside) -> bool:
    refusal = mailbox.refusal(outside.rules.mail_limits, outside.now())
    if refusal:
        events.note("mail_withheld", key.registration_id, reason=refusal)
    return refusal is not None
