"""A mail as it reached a mailbox."""

from __future__ import annotations

import time
from dataclasses import dataclass
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aiosmtpd.smtp import Envelope


@dataclass(frozen=True, kw_only=True)
class CaughtMail:
    """A mail that was taken at `at` (Unix seconds); `answered`: and the app was told so in time."""

    at: float
    recipient: str
    text: str
    answered: bool


def caught_now(envelope: Envelope, *, answered: bool) -> CaughtMail:
    """`text` is the plain text of the mail. Raises ValueError unless there is one recipient."""
    [recipient] = envelope.rcpt_tos
    content = envelope.content or b""
    raw = content if isinstance(content, bytes) else content.encode()
    body = message_from_bytes(raw, policy=policy.default).get_body(("plain",))
    text = body.get_content() if body else ""
    return CaughtMail(at=time.time(), recipient=recipient, text=text, answered=answered)
