"""Writing a sent mail once more, to the byte."""

from shared.kept_mails.sealed_slots import SlotSeal
from shared.mime import mime_message
from shared.ports import MailFrames
from shared.values.kept_mail import MailNotKept
from shared.values.mail import Mail, filled_in, operation_id
from shared.values.mail_frame import FrameDamaged, MailFrame, digest_of
from shared.values.record import Record
from shared.wire_mail import wire_mail


def rebuild_mail(record: Record, number: int, frames: MailFrames, seal: SlotSeal) -> bytes:
    """The bytes of the record's mail `number`, which have the SHA-256 that was noted.

    Raises MailNotKept, saying what is wrong, and TemporaryFailure.
    """
    note = record.mail(number)
    if note is not None and note.sent_at is None:
        raise MailNotKept(f"mail {number} was not sent")
    return mime_message(wire_mail(noted_mail(record, number, frames, seal)))


def noted_mail(record: Record, number: int, frames: MailFrames, seal: SlotSeal) -> Mail:
    """The record's mail `number`, also of an attempt of which nobody knows whether it left.

    Raises MailNotKept and TemporaryFailure.
    """
    note = record.mail(number)
    if note is None:
        raise MailNotKept(f"the record has no mail {number}")
    if note.mime_digest is None:
        raise MailNotKept(f"mail {number} was sent before mails were kept")
    if note.frame is None or note.slots is None:
        raise MailNotKept(
            f"mail {number} was sent without being kept, as the event mail_not_kept said"
        )
    mail = filled_in(
        _frame(note.frame, frames),
        seal.open(note.slots, record.registration_id, number),
        operation=operation_id(record.registration_id, number),
        to=record.email,
        composed_at=note.text_of,
    )
    found = digest_of(mime_message(wire_mail(mail)))
    if found != note.mime_digest:
        raise MailNotKept(
            f"mail {number}, written once more, is not the mail that was sent: its SHA-256 is "
            f"{found}, noted is {note.mime_digest}"
        )
    return mail


def _frame(digest: str, frames: MailFrames) -> MailFrame:
    content = frames.find(digest)
    if content is None:
        raise MailNotKept(f"the frame {digest} is not in table mailframes (any more)")
    try:
        return MailFrame.of_bytes(content, digest)
    except FrameDamaged as damage:
        raise MailNotKept(f"the frame {digest} in table mailframes is damaged: {damage}") from None
