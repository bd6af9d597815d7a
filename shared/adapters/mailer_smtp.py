"""Mail through an SMTP server."""

import contextlib
import smtplib
import threading

from shared.adapters.smtp_access import OK, SmtpAccess, smtp_failure
from shared.failures import TemporaryFailure
from shared.mime import mime_message, needs_smtputf8
from shared.ports import SentMail
from shared.values.mail import Mail
from shared.wire_mail import wire_mail


class SmtpMailer:
    """Implements ports.Mailer.

    One connection, kept open and used by one thread at a time. SMTP cannot be asked about an
    earlier attempt: `again` sends the mail once more, with the same Message-ID, which is also
    the message id.
    """

    name = "smtp"
    can_be_asked: frozenset[str] = frozenset()

    def __init__(self, access: SmtpAccess, *, timeout: float = 8.0) -> None:
        """`timeout` (seconds) holds for connecting and for each answer."""
        self._access = access
        self._timeout = timeout
        self._lock = threading.Lock()
        self._connection: smtplib.SMTP | None = None

    def send(
        self,
        mail: Mail,
        *,
        again: str | None,  # noqa: ARG002 - SMTP cannot be asked
    ) -> SentMail:
        """See ports.Mailer."""
        checked = wire_mail(mail)
        message = mime_message(checked)
        options = ("SMTPUTF8", "BODY=8BITMIME") if needs_smtputf8(checked) else ()
        if not self._lock.acquire(timeout=self._timeout):
            raise TemporaryFailure("smtp: the connection is busy", of_this_one=True)
        try:
            handing_over = False
            try:
                connection = self._open_connection()
                handing_over = True
                connection.sendmail(checked.sender, [checked.to], message, options)
            except (smtplib.SMTPException, OSError) as error:
                self._drop_connection()
                # Server texts quote addresses: not chained.
                raise smtp_failure(error, may_have_happened=handing_over) from None
        finally:
            self._lock.release()
        return SentMail(provider=self.name, message_id=checked.message_id)

    def close(self) -> None:
        """End the connection, if there is one. The next mail opens another."""
        with self._lock:
            if self._connection is not None:
                with contextlib.suppress(smtplib.SMTPException, OSError):
                    self._connection.quit()
            self._drop_connection()

    def _open_connection(self) -> smtplib.SMTP:
        # Servers hang up on idle clients. Asking first costs a round trip, but a mail is then
        # never repeated because of it: nothing after this question is tried twice.
        if self._connection is None or not _answers(self._connection):
            self._drop_connection()
            self._connection = self._access.connect(self._timeout)
        return self._connection

    def _drop_connection(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _answers(connection: smtplib.SMTP) -> bool:
    try:
        code, _ = connection.noop()
    except (smtplib.SMTPException, OSError):
        return False
    return code == OK
