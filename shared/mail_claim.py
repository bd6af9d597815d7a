"""Taking a mail from the mailbox's budget, and claiming it, so that one worker sends it."""

from dataclasses import dataclass

from shared import events
from shared.failures import RACES, Changed, TemporaryFailure, TooSoon
from shared.follow_ups import schedule
from shared.known_form import known_form
from shared.newest import change_newest
from shared.ports import Outside, Versioned
from shared.values.about import About
from shared.values.erased import address_digest
from shared.values.event_catalogue import Event
from shared.values.form import Form
from shared.values.mail_budget import MailboxRow
from shared.values.messages import FollowUp
from shared.values.record import Record, RecordKey
from shared.values.record_notes import MailKind
from shared.values.registration import Registration


@dataclass(frozen=True, kw_only=True)
class Claim:
    """The right to send one mail of a record for the next minutes."""

    stored: Versioned[Record]
    form: Form
    number: int


def claim_first_mail(
    registration: Registration, form: Form, key: RecordKey, outside: Outside, *, seen_before: bool
) -> Claim | None:
    """A new record with its mail taken from the budget, in one transaction.

    None when there is nothing to send: sent before, confirmed, erased since, or the mailbox may
    not be mailed (then nothing is stored). Raises TooSoon while the mailbox cools down, and
    TemporaryFailure when another worker is sending.
    """
    # Most people are new, so an empty budget is tried first; if that is wrong, it is read.
    mailbox: Versioned[MailboxRow] = Versioned(value=MailboxRow(), etag=None)
    if seen_before:
        if stored := outside.records.find(key):
            return _claim_taken(stored, form, 1, outside)
        mailbox = outside.records.find_mailbox(key.mailbox_key)
        if _ends_unmailed(registration, mailbox.value, outside):
            return None
    now = outside.now()
    # Before the record exists: one that nothing would ever delete must not be possible.
    broom = schedule(key, FollowUp.FORGET, now + form.forgotten_after, outside)
    for _ in range(RACES):
        record = Record.of(registration, key.mailbox_key, now + form.forgotten_after)
        taken = record.take_mail(MailKind.CONFIRMATION, now, now + outside.rules.claim)
        fresh = Versioned(value=taken, etag=None)
        try:
            stored = outside.records.save(fresh, mailbox.moved_to(mailbox.value.take_mail(now)))
        except Changed:
            pass
        else:
            return Claim(stored=stored, form=form, number=1)
        if existing := outside.records.find(key):
            return _claim_taken(existing, form, 1, outside)
        mailbox = outside.records.find_mailbox(key.mailbox_key)
        try:
            ends = _ends_unmailed(registration, mailbox.value, outside)
        except TooSoon:
            outside.queues.take_back(broom)
            raise
        if ends:
            outside.queues.take_back(broom)
            return None
    raise TemporaryFailure("the mailbox's row is contended")


def claim_next_mail(key: RecordKey, kind: MailKind, number: int, outside: Outside) -> Claim | None:
    """Mail `number` of an existing record, taken from the budget unless it was before.

    None when there is nothing to send: confirmed, deleted, out of budget, an old request, or a
    reminder where no mail arrives.
    Raises TemporaryFailure, PermanentFailure and Changed.
    """
    stored = outside.records.find(key)
    if stored is None or not _is_wanted(stored.value, kind):
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
        if note.kind is MailKind.REMINDER and kind is MailKind.RENEWAL and not note.unknown:
            record = record.wanted_as(number, kind)
        return _claim_taken(stored.moved_to(record), form, number, outside)
    if number != len(record.mails) + 1:
        return None
    mailbox = outside.records.find_mailbox(key.mailbox_key)
    if _withheld(record.about, mailbox.value, outside):
        return None
    saved = outside.records.save(
        stored.moved_to(record.take_mail(kind, now, now + outside.rules.claim)),
        mailbox.moved_to(mailbox.value.take_mail(now)),
    )
    return Claim(stored=saved, form=form, number=number)


def keep_for_renewal(key: RecordKey, outside: Outside) -> None:
    """The page promised a mail that has to wait: the record must not be forgotten before it.

    Raises TemporaryFailure.
    """
    stored = outside.records.find(key)
    if stored is None:
        return
    keep_until = outside.now() + known_form(stored.value.form, outside).forgotten_after

    def kept(record: Record) -> Record | None:
        moved = record.keep_until(keep_until)
        return None if record.was_confirmed or moved == record else moved

    change_newest(stored, kept, outside)


def _is_wanted(record: Record, kind: MailKind) -> bool:
    """A bounce may have been reported while the reminder waited for its turn."""
    return not record.was_confirmed and not (kind is MailKind.REMINDER and record.bounced)


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
    if outside.records.find_mailbox(record.mailbox_key).value.is_suppressed(now):
        # Said to another mail, after this one had been taken from the budget.
        events.note(Event.MAIL_WITHHELD, record.about, reason="suppressed")
        return None
    again = record.claim_mail(number, now, now + outside.rules.claim)
    claimed = outside.records.save(stored.moved_to(again))
    return Claim(stored=claimed, form=form, number=number)


def _ends_unmailed(registration: Registration, mailbox: MailboxRow, outside: Outside) -> bool:
    """Whether there will be no mail, and nothing is stored. Raises TooSoon when it has to wait."""
    if _was_erased(registration, mailbox, outside):
        events.note(Event.EXPIRED, registration.about, reason="erased")
        return True
    if _withheld(registration.about, mailbox, outside):
        # To wait for the next day's budget would let one attack bomb the mailbox for days.
        events.note(Event.EXPIRED, registration.about, reason="mail_withheld")
        return True
    return False


def _was_erased(registration: Registration, mailbox: MailboxRow, outside: Outside) -> bool:
    """Whether the person was erased after asking: what was on its way then ends here.

    A lead's registration is as old as the lead, however late it was fetched. One whose age LinkedIn
    does not tell counts as old.
    """
    lead = registration.lead
    asked_at = registration.asked_at if lead is None else lead.submitted_at
    digest = address_digest(registration.email, outside.rules.pepper)
    return mailbox.was_erased_since(digest, asked_at)


def _withheld(about: About, mailbox: MailboxRow, outside: Outside) -> bool:
    """Whether the mailbox may get no mail for long. Raises TooSoon when it may in a while."""
    limits, now = outside.rules.mail_limits, outside.now()
    refusal = mailbox.refusal(limits, now)
    if refusal:
        events.note(Event.MAIL_WITHHELD, about, reason=refusal)
        return True
    cools_until = mailbox.cools_until(limits, now)
    if cools_until:
        raise TooSoon("cooldown", cools_until - now)
    return False
