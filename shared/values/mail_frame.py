"""A mail's frame: what it has in common with all mails of its form, language and kind.

What is one person's stands in slots, so that the frame names nobody and is stored once, and a mail
is its frame, filled in. That is how mails are written, and so how one is written once more.
"""

import html
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from hashlib import sha256
from typing import Any

# How shared/mime.py writes the bytes. Whoever changes what it writes gives the new way the next
# number, and keeps the old one: mails of years ago are rebuilt by it.
WRITTEN_AS = 1
# Unicode keeps these two for programs: no text has them.
# https://www.unicode.org/faq/private_use.html#nonchar1
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
_MARK = re.compile(f"{_OPEN}([a-z]+){_CLOSE}")


class Slot(StrEnum):
    """A place for what is one person's. Tokens are the links' only personal part."""

    CONFIRM = "confirm"
    DECLINE = "decline"
    ASKED_DATE = "askeddate"
    ASKED_TIME = "askedtime"
    UNTIL_DATE = "untildate"
    UNTIL_TIME = "untiltime"
    CODE = "code"

    @property
    def mark(self) -> str:
        """What stands in the frame's texts instead of the value."""
        return f"{_OPEN}{self}{_CLOSE}"


Slots = Mapping[Slot, str]


class FrameDamaged(ValueError):
    """No frame that this version of the app can read; the text says why."""


@dataclass(frozen=True, kw_only=True)
class MailFrame:
    """The parts of a mail that are the same for everybody; `text` and `html` have marks."""

    sender: str
    sender_name: str | None
    reply_to: str | None
    subject: str
    text: str
    html: str
    language: str
    headers: Mapping[str, str]
    written_as: int = WRITTEN_AS

    def filled_text(self, slots: Slots) -> str:
        """The text part. A mark without a value stays as it is."""
        return _MARK.sub(lambda mark: slots.get(_slot(mark), mark[0]), self.text)

    def filled_html(self, slots: Slots) -> str:
        """The HTML part, with the values escaped."""
        return _MARK.sub(lambda mark: html.escape(slots.get(_slot(mark), mark[0])), self.html)

    def to_bytes(self) -> bytes:
        """As JSON, the same for equal frames."""
        return json.dumps(
            asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":")
        ).encode()

    @classmethod
    def of_bytes(cls, content: bytes, digest: str) -> "MailFrame":
        """The frame that `to_bytes` wrote. Raises FrameDamaged."""
        if digest_of(content) != digest:
            raise FrameDamaged("its content is not what its name, a SHA-256, says")
        parts: dict[str, Any] = json.loads(content)
        if parts.get("written_as") != WRITTEN_AS:
            raise FrameDamaged(f"it is of another version of the app: {parts.get('written_as')}")
        if set(parts) != {field.name for field in fields(cls)}:
            raise FrameDamaged("its parts are not those of a frame")
        return cls(**parts)


def digest_of(content: bytes) -> str:
    """SHA-256, in hex: the name of a frame."""
    return sha256(content).hexdigest()


def _slot(mark: re.Match[str]) -> Any:
    # A StrEnum's member equals its text, so what is no slot is simply not found.
    return mark[1]
