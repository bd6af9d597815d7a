"""What a person reads of a mail's bytes."""

from dataclasses import dataclass
from email import policy
from email.parser import BytesParser
from hashlib import sha256
from typing import Self


@dataclass(frozen=True, kw_only=True)
class ReadableMail:
    """Subject and text part of a mail, and the SHA-256 (hex) of all of it."""

    subject: str
    text: str
    digest: str

    @classmethod
    def of(cls, content: bytes) -> Self:
        """Never fails: what is no mail has neither subject nor text."""
        try:
            subject, text = _read(content)
        except Exception:  # noqa: BLE001 - the parser raises anything for what is made to break it
            subject, text = "", ""
        return cls(subject=subject, text=text, digest=sha256(content).hexdigest())


def _read(content: bytes) -> tuple[str, str]:
    message = BytesParser(policy=policy.default).parsebytes(content)
    part = message.get_body(("plain",))
    text = str(part.get_content()) if part else ""
    return str(message["subject"] or ""), text.replace("\r\n", "\n").rstrip("\n")
