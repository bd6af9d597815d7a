"""Sending a claimed mail, and noting in the record what left."""

import contextlib
from dataclasses import asdict
from hashlib import sha256

from shared import events
from shared.failures import PermanentFailure, TemporaryFailure
from shared.follow_ups import schedule
from shared.mail_claim import Claim
from shared.newest import change_newest, give_back
from shared.ports import Outside
from shared.record_failure import note_mail_failure
from shared.values.event_catalogue import Event
from shared.values.form import Form
from shared.values.kept_mail import KeptMail, MailNotKept
from shared.values.mail import Mail
from shared.values.messages import FollowUp
from shared.values.record import Record
from shared.values.record_notes import LONGEST_SUBJECT, MOST_UNKNOWN, MailKind, MailNote


def send_mail(claim: Claim, outside: Outside) -> None:
    """Hand the claimed mail to the provider. Raises TemporaryFailure and PermanentFailure."""
    record, form = claim.stored.value, claim.form
    note = record.noted(claim.number)
    kept: KeptMail | None = None
    try:
        _refuse_if_sent_too_often(note, outside)
        mail = _written(record, form, note, outside)
        # Before it leaves: a mail that was sent and cannot be shown is no proof.
        kept = outside.kept_mails.keep(mail, record, note.number)
        taken_over = outside.mailer.send(mail, again=_may_be_at(note, outside))
    except PermanentFailure as failure:
        failure.about = record.about
        note_mail_failure(record.key, note.number, str(failure), outside)
        raise
    except TemporaryFailure as failure:
        if not failure.may_have_happened:
            outside.throttles.give_mail_back(outside.now())
        _release(claim, outside, kept, may_have_left=failure.may_have_happened, provider=failure.by)
        raise
    except Exception:
        _release(claim, outside, kept, may_have_left=True)
        raise
    sent = note.model_copy(
        update={
            "busy_until": None,
            "sent_at": outside.now(),
            "provider": taken_over.provider,
            "message_id": taken_over.message_id,
            "subject": _shortened(mail.subject),
            "text_digest": _digest(mail),
            **asdict(kept),
        }
    )
    _note_sent(claim, sent, outside)
    is_first = note.kind is MailKind.CONFIRMATION
    events.note(
        Event.MAILED,
        record.about,
        kind=note.kind,
        number=note.number,
        provider=taken_over.provider,
        seconds=events.elapsed(record.asked_at, outside.now()) if is_first else None,
    )


def _written(record: Record, form: Form, note: MailNote, outside: Outside) -> Mail:
    """What may have left already is what is sent again, whatever the form says by now."""
    if note.unknown and note.frame:
        with contextlib.suppress(MailNotKept):
            return outside.kept_mails.again(record, note.number)
    return outside.compose_mail(record, form, note.kind, note.number, note.text_of)


def _refuse_if_sent_too_often(note: MailNote, outside: Outside) -> None:
    """Attempts whose outcome nobody knows may each have reached the person."""
    can_tell = _may_be_at(note, outside) in outside.mailer.can_be_asked
    if note.unknown >= MOST_UNKNOWN and not can_tell:
        raise PermanentFailure(
            f"{note.unknown} attempts had no answer, though the mail may have left each time: "
            "mend the mail server, then replay"
        )


def _may_be_at(note: MailNote, outside: Outside) -> str | None:
    """The provider that may have the mail. A worker that died did not note it: the first, then."""
    return (note.provider or outside.mailer.name) if note.unknown else None


def _note_sent(claim: Claim, sent: MailNote, outside: Outside) -> None:
    """The person may have been faster than we: a confirmation is kept, a declined record gone."""
    keep_until = outside.now() + claim.form.forgotten_after

    def mailed(record: Record) -> Record:
        moved = record.mailed(sent)
        # Only the person's own wish keeps the record longer.
        return moved if sent.kind is MailKind.REMINDER else moved.keep_until(keep_until)

    change_newest(claim.stored, mailed, outside)
    if sent.kind is MailKind.CONFIRMATION and claim.form.reminder_after:
        due_at = outside.now() + claim.form.reminder_after
        schedule(claim.stored.value.key, FollowUp.REMIND, due_at, outside)


def _release(
    claim: Claim,
    outside: Outside,
    kept: KeptMail | None,
    *,
    may_have_left: bool,
    provider: str | None = None,
) -> None:
    """The next attempt need not wait for the claim to run out."""

    def released(record: Record) -> Record:
        return record.release_mail(
            claim.number, may_have_left=may_have_left, provider=provider, kept=kept
        )

    give_back(claim.stored, released, outside)


def _shortened(subject: str) -> str:
    too_long = len(subject) > LONGEST_SUBJECT
    return f"{subject[: LONGEST_SUBJECT - 1]}…" if too_long else subject


def _digest(mail: Mail) -> str:
    return sha256(f"{mail.subject}\0{mail.text}\0{mail.html}".encode()).hexdigest()
