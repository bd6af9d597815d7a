"""The text in a consent row's reason: what the person said last, and when.

Rows of one address and purpose are written by many registrations, late and twice. So that the
person's last word wins whatever the order of the writing, each write says when it was given, and
looks first whether a later word stands there. Microsoft recommends the column as such a mark:
learn.microsoft.com/dynamics365/customer-insights/journeys/consent-record-creation
"""

import re
from dataclasses import dataclass
from datetime import datetime

from shared.values.known_facts import utc_text

_OURS = re.compile(r"(DOI|withdrawn) (\S+) (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)(?: |$)")
_YES = "DOI"


@dataclass(frozen=True, kw_only=True)
class Word:
    """Yes or no, and when it was said: in UTC, to the second."""

    yes: bool
    said_at: datetime

    def supersedes(self, other: "Word") -> bool:
        """Whether it is the later one. In the same second no counts: in doubt nobody is mailed."""
        if self.said_at == other.said_at:
            return other.yes and not self.yes
        return self.said_at > other.said_at


def opt_in_reason(registration_id: str, confirmed_at: datetime, text_version: str) -> str:
    """Of a consent that was confirmed; `text_version` is the text's SHA-256 (hex)."""
    return f"{_YES} {registration_id} {utc_text(confirmed_at)} text {text_version[:16]}"


def opt_out_reason(registration_id: str, withdrawn_at: datetime) -> str:
    """Of a consent that was withdrawn with the registration's link."""
    return f"withdrawn {registration_id} {utc_text(withdrawn_at)}"


def word_in(reason: str | None) -> Word | None:
    """What the reason says; None where somebody else wrote it."""
    ours = _OURS.match(reason or "")
    if ours is None:
        return None
    try:
        said_at = datetime.fromisoformat(ours[3])
    except ValueError:  # such as a 31st of February
        return None
    return Word(yes=ours[1] == _YES, said_at=said_at)


def registration_in(reason: str | None) -> str | None:
    """Which registration wrote the reason; None where somebody else did."""
    ours = _OURS.match(reason or "")
    return ours[2] if ours else None
