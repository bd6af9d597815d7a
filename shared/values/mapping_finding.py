"""What a check of a mapping found."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Finding:
    """`breaks`: leads will be parked, or never come. Otherwise something to know.

    `code` is stable, for programs; `text` says what and where.
    """

    code: str
    text: str
    breaks: bool


def breaks(code: str, text: str) -> Finding:
    """Somebody has to mend it."""
    return Finding(code=code, text=text, breaks=True)


def tells(code: str, text: str) -> Finding:
    """Somebody should know."""
    return Finding(code=code, text=text, breaks=False)
