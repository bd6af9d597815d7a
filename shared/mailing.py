"""Sending a claimed mail, and noting in the record what left."""

from hashlib import sha256

from shared import events
from shared.mail_claim import Claim
from shared.ports import (
    RACES,
    Changed,
    Outside,
    PermanentFailure,
    TemporaryFailure,
    Versioned,
)
from shared.record_failure import note_mail_failure
from shared.values.form import Form
from shared.values.mail import Mail
from shared.values.record import Record
from shared.values.record_notes import MailKind, MailNote


def send_mail(claim: Claim, form: Form, outside: Outside) -> None:
    """Hand the claimed mail to the provider. Raises TemporaryFailure and PermanentFailure."""
    record = claim.stored.value
    note = record.noted(claim.number)
    mail = outside.compose_mail(record, form, note.kind, note.number, note.composed_at)
    try:
        message_id = outside.mailer.send(mail, again=claim.again)
    except TemporaryFailure:
        _release(claim, outside)
        raise
    except PermanentFailure as failure:
        note_mail_failure(record.key, note.number, str(failure), outside)
        raise
    sent = note.model_copy(
        update={
            "busy_until": None,
            "sent_at": outside.now(),
            "provider": outside.mailer.name,
            "message_id": message_id,
            "subject": mail.subject,
            "text_digest": _digest(mail),
        }
    )
    _note_sent(claim.stored, sent, form, outside)
    events.note("mailed", record.registration_id, form=form.id, kind=note.kind, number=note.number)


def _note_sent(stored: Versioned[Record], sent: MailNote, form: Form, outside: Outside) -> None:
    for _ in range(RACES):
        record = stored.value.mailed(sent)
        if sent.kind is not MailKind.REMINDER:
            # Only the person's own wish keeps the record longer.
            record = record.keep_until(outside.now() + form.forgotten_after)
        try:
            outside.records.save(stored.moved_to(record))
        except Changed:
            # The person was faster than we: confirmed (keep that) or declined (gone).
            newer = outside.records.find(record.key)
            if newer is None:
                return
            stored = newer
        else:
            return
    raise TemporaryFailure("the record is contended")


def _release(claim: Claim, outside: Outside) -> None:
    """The next attempt need not wait for the claim to run out."""
    try:
        outside.records.save(claim.stored.moved_to(claim.stored.value.release_mail(claim.number)))
    except (Changed, TemporaryFailure):
        return  # it runs out by itself


def _digest(mail: Mail) -> str:
    return sha256(f"{mail.subject}\0{mail.text}\0{mail.html}".encode()).hexdigest()
