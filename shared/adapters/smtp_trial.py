"""How far an SMTP server lets us: to the sender's name, and no recipient is ever named."""

import contextlib
import smtplib
import ssl
from collections.abc import Iterator

from shared.adapters.smtp_access import (
    OK,
    REFUSED_FOR_GOOD,
    SmtpAccess,
    enhanced_code,
    smtp_failure,
)
from shared.doctor.failures import Refused, Why
from shared.doctor.ports import SignedIn
from shared.failures import PermanentFailure, TemporaryFailure
from shared.ports import Deadline
from shared.wire_mail import wire_sender

LONGEST_WAIT = 8.0


class SmtpTrial:
    """Implements doctor.ports.MailAccess and SenderTrial; every call has its own connection."""

    def __init__(self, access: SmtpAccess) -> None:
        self._access = access

    def sign_in(self, deadline: Deadline) -> SignedIn:
        """See doctor.ports.MailAccess: connect, TLS, login."""
        with self._connected(deadline):
            return SignedIn(at=f"{self._access.host}:{self._access.port}")

    def try_sender(self, sender: str, deadline: Deadline) -> None:
        """See doctor.ports.SenderTrial: MAIL FROM, then RSET. Nothing is sent."""
        address = wire_sender(sender)
        options = () if address.isascii() else ("SMTPUTF8",)
        with self._connected(deadline) as connection:
            code, text = connection.mail(address, options)
            connection.rset()
        told = f"smtp: {code}{enhanced_code(text)}"
        if code in REFUSED_FOR_GOOD:
            raise Refused(Why.SENDER, told)
        if code != OK:
            raise TemporaryFailure(told)

    @contextlib.contextmanager
    def _connected(self, deadline: Deadline) -> Iterator[smtplib.SMTP]:
        timeout = min(LONGEST_WAIT, deadline.remaining())
        if timeout <= 0:
            raise TemporaryFailure("smtp: no time left")
        try:
            connection = self._access.connect(timeout)
            try:
                connection.ehlo_or_helo_if_needed()
                yield connection
            finally:
                with contextlib.suppress(smtplib.SMTPException, OSError):
                    connection.quit()
        except (smtplib.SMTPException, OSError) as error:
            # Server texts quote addresses: not chained.
            raise _failure(error) from None


def _failure(error: smtplib.SMTPException | OSError) -> TemporaryFailure | PermanentFailure:
    failure = smtp_failure(error, may_have_happened=False)
    if isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLCertVerificationError):
        return Refused(Why.NOT_OFFERED, f"smtp: no TLS ({type(error).__name__})")
    if isinstance(failure, TemporaryFailure):
        return failure
    match error:
        case smtplib.SMTPAuthenticationError():
            why = Why.CREDENTIALS
        case ssl.SSLCertVerificationError():
            why = Why.UNTRUSTED
        case smtplib.SMTPNotSupportedError():
            why = Why.NOT_OFFERED
        case _:
            why = Why.OTHER
    return Refused(why, str(failure))
