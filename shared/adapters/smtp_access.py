"""Where the SMTP server is, how to be let in, and which failure its answers are."""

import functools
import re
import smtplib
import ssl
from dataclasses import dataclass, field
from typing import Literal

from shared.failures import PermanentFailure, TemporaryFailure

Tls = Literal["none", "starttls", "implicit"]

OK = 250
REFUSED_FOR_GOOD = range(500, 600)
CLOSING = 421
# RFC 3463: the enhanced code is safe to log, the text behind it may quote the address.
_ENHANCED_CODE = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}(?!\S)")


@dataclass(frozen=True, kw_only=True)
class SmtpAccess:
    """`trust` replaces the system's certificate authorities.

    Raises ValueError for a password that would travel unencrypted.
    """

    host: str
    port: int
    tls: Tls
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    trust: ssl.SSLContext | None = None

    def __post_init__(self) -> None:
        if self.user and self.tls == "none":
            raise ValueError("SMTP with a user needs TLS: starttls or implicit")

    @functools.cached_property
    def _context(self) -> ssl.SSLContext | None:
        # Always one of ours: smtplib's own default checks no certificate in STARTTLS.
        return self.trust or (None if self.tls == "none" else ssl.create_default_context())

    def connect(self, timeout: float) -> smtplib.SMTP:
        """Signed in. `timeout` (seconds) holds for connecting and for each answer.

        Raises smtplib.SMTPException and OSError.
        """
        if self.tls == "implicit":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=timeout, context=self._context
            )
        else:
            connection = smtplib.SMTP(self.host, self.port, timeout=timeout)
        try:
            if self.tls == "starttls":
                connection.starttls(context=self._context)
            if self.user:
                connection.login(self.user, self.password or "")
        except BaseException:
            connection.close()
            raise
        return connection


def smtp_failure(
    error: smtplib.SMTPException | OSError, *, may_have_happened: bool
) -> TemporaryFailure | PermanentFailure:
    """The failure that an error means: its text has the code, never the server's words."""
    if reply := _reply_in(error):
        code, text = reply
        reason = f"smtp: {code}{enhanced_code(text)}"
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


def enhanced_code(text: bytes | str) -> str:
    """With a space in front, empty where the server gave none."""
    found = _ENHANCED_CODE.match(text.encode() if isinstance(text, str) else text)
    return f" {found.group().decode()}" if found else ""
