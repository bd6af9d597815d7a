"""Mail through an SMTP server."""

import contextlib
import re
import smtplib
import ssl
import threading
from datetime import UTC, datetime
from typing import Literal

from shared.adapters.mime import mime_message, needs_smtputf8
from shared.adapters.wire_mail import wire_mail
from shared.failures import PermanentFailure, TemporaryFailure
from shared.ports import SentMail
from shared.values.mail import Mail

Tls = Literal["none", "starttls", "implicit"]

OK = 250
REFUSED_FOR_GOOD = range(500, 600)
CLOSING = 421
# RFC 3463: the enhanced code is safe to log, the text behind it may quote the address.
_ENHANCED_CODE = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}(?!\S)")


class SmtpMailer:
    """Implements ports.Mailer.

    One connection, kept open and used by one thread at a time. SMTP cannot be asked about an
    earlier attempt: `again` sends the mail once more, with the same Message-ID, which is also
    the message id.
    """

    name = "smtp"
    can_be_asked: frozenset[str] = frozenset()

    def __init__(  # noqa: PLR0913 - one parameter per setting
        self,
        *,
        host: str,
        port: int,
        tls: Tls,
        user: str | None = None,
        password: str | None = None,
        timeout: float = 8.0,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        """`timeout` (seconds) holds for connecting and for each answer.

        `trust` replaces the system's certificate authorities. Raises ValueError for a password
        that would travel unencrypted.
        """
        if user and tls == "none":
            raise ValueError("SMTP with a user needs TLS: starttls or implicit")
        self._host, self._port, self._timeout = host, port, timeout
        self._tls = tls
        # Always a context of ours: smtplib's own default checks no certificate in STARTTLS.
        self._trust = trust or (None if tls == "none" else ssl.create_default_context())
        self._user, self._password = user, password
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
        message = mime_message(checked, datetime.now(UTC))
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
                raise _failure_in(error, may_have_happened=handing_over) from None
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
            self._connection = self._connect()
        return self._connection

    def _connect(self) -> smtplib.SMTP:
        if self._tls == "implicit":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, timeout=self._timeout, context=self._trust
            )
        else:
            connection = smtplib.SMTP(self._host, self._port, timeout=self._timeout)
        try:
            if self._tls == "starttls":
                connection.starttls(context=self._trust)
            if self._user:
                connection.login(self._user, self._password or "")
        except BaseException:
            connection.close()
            raise
        return connection

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


def _failure_in(
    error: smtplib.SMTPException | OSError, *, may_have_happened: bool
) -> TemporaryFailure | PermanentFailure:
    if reply := _reply_in(error):
        code, text = reply
        reason = f"smtp: {code}{_enhanced_code(text)}"
        if code in REFUSED_FOR_GOOD:
            return PermanentFailure(reason)
        # A full or greylisted mailbox; 421 closes the connection for everybody.
        of_this_one = isinstance(error, smtplib.SMTPRecipientsRefused) and code != CLOSING
        return TemporaryFailure(reason, of_this_one=of_this_one)
    if isinstance(error, ssl.SSLCertVerificationError):
        return PermanentFailure("smtp: the server's certificate is not trusted")
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return PermanentFailure("smtp: the server lacks TLS, login or international addresses")
    return TemporaryFailure(
        f"smtp: no answer ({type(error).__name__})", may_have_happened=may_have_happened
    )


def _reply_in(error: Exception) -> tuple[int, bytes | str] | None:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next(iter(error.recipients.values()))
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code, error.smtp_error
    return None


def _enhanced_code(text: bytes | str) -> str:
    found = _ENHANCED_CODE.match(text.encode() if isinstance(text, str) else text)
    return f" {found.group().decode()}" if found else ""
