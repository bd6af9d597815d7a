"""Where a request came from: network address and browser, kept apart from all else and for a time.

In the table an origin is a sealed text that only the key of the day it was written on can open.
That key is deleted after a while, and with it what it sealed, wherever a copy of it lies.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from shared.values.base import Value
from shared.values.evidence.entry import utc_text

# Of the key of a day, and of a record.
KEY_BYTES = 32
ASKED = "asked"
CONFIRMED = "confirmed"
_WITHDRAWN = "withdrawn/"
_SEALED = re.compile(r"v1\.(\d{4}-\d{2}-\d{2})\.([A-Za-z0-9_-]+)")


class Origin(Value):
    """As the request said: an IP address, and what the browser calls itself."""

    address: str | None = None
    user_agent: str | None = None

    @property
    def is_known(self) -> bool:
        """There is something to seal."""
        return self.address is not None or self.user_agent is not None


@dataclass(frozen=True, kw_only=True)
class SealedOrigin:
    """The parts of the text `v1.<day>.<URL-safe Base64 of nonce and ciphertext>`."""

    day: date
    box: str

    def __str__(self) -> str:
        return f"v1.{self.day.isoformat()}.{self.box}"

    @classmethod
    def parse(cls, text: str) -> "SealedOrigin":
        """Raises ValueError for any other text."""
        found = _SEALED.fullmatch(text)
        if found is None:
            raise ValueError("this is no sealed origin")
        return cls(day=date.fromisoformat(found[1]), box=found[2])


def sealed_digest(sealed: str) -> str:
    """What the chain says of it: SHA-256 (hex) of the sealed text."""
    return sha256(sealed.encode()).hexdigest()


def withdrawn_name(at: datetime) -> str:
    """The name of a withdrawal's origin: there can be several."""
    return _WITHDRAWN + utc_text(at)


def oldest_kept(today: date, kept: timedelta) -> date:
    """The first day whose key is still there; `kept` is in whole days."""
    return today - kept


def is_kept(day: date, today: date, kept: timedelta) -> bool:
    """Whether what was sealed on that day may still be opened, key or no key."""
    return day >= oldest_kept(today, kept)
