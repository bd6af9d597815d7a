"""Keeping what a mail takes to be written once more, before it leaves."""

from collections.abc import Iterator
from contextlib import contextmanager

from shared import events
from shared.failures import TemporaryFailure
from shared.kept_mails.rebuilding import noted_mail, rebuild_mail
from shared.kept_mails.refusal import refusal
from shared.kept_mails.sealed_slots import SlotSeal
from shared.mime import mime_message
from shared.ports import MailFrames
from shared.values.event_catalogue import Event
from shared.values.kept_mail import KeptMail
from shared.values.mail import Mail
from shared.values.mail_frame import digest_of
from shared.values.record import Record
from shared.wire_mail import wire_mail


class FramedMails:
    """Implements ports.KeptMails.

    A frame is written by each process once, which costs nothing later on: a form has a handful.
    """

    def __init__(self, frames: MailFrames, pepper: str) -> None:
        self._frames = frames
        self._seal = SlotSeal(pepper)
        self._known: set[str] = set()

    def keep(self, mail: Mail, record: Record, number: int) -> KeptMail:
        """See ports.KeptMails."""
        mime_digest = digest_of(mime_message(wire_mail(mail)))
        reason = refusal(mail)
        if reason or mail.frame is None:
            events.warn(Event.MAIL_NOT_KEPT, record.about, number=number, reason=reason)
            return KeptMail(mime_digest=mime_digest)
        return KeptMail(
            mime_digest=mime_digest,
            frame=self._stored(mail.frame.to_bytes()),
            slots=self._seal.seal(mail.slots, record.registration_id, number),
        )

    def again(self, record: Record, number: int) -> Mail:
        """See ports.KeptMails."""
        with _before_any_mail_leaves():
            return noted_mail(record, number, self._frames, self._seal)

    def rebuild(self, record: Record, number: int) -> bytes:
        """See ports.KeptMails."""
        return rebuild_mail(record, number, self._frames, self._seal)

    def _stored(self, frame: bytes) -> str:
        digest = digest_of(frame)
        if digest not in self._known:
            with _before_any_mail_leaves():
                self._frames.put(digest, frame)
            self._known.add(digest)
        return digest


@contextmanager
def _before_any_mail_leaves() -> Iterator[None]:
    """Whatever became of a frame, it is no mail that may have left."""
    try:
        yield
    except TemporaryFailure as failure:
        failure.may_have_happened = False
        raise
