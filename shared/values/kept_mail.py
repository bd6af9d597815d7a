"""What is noted of a mail so that its very bytes can be written once more."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class KeptMail:
    """`mime_digest` is the SHA-256 (hex) of the bytes that mime.mime_message writes.

    `frame` is the name of the mail's frame in table `mailframes`, `slots` what filled it, sealed.
    Both are None for a mail that cannot be written once more.
    """

    mime_digest: str
    frame: str | None = None
    slots: str | None = None


class MailNotKept(Exception):
    """The mail cannot be written once more; the text says why, and names nobody."""
