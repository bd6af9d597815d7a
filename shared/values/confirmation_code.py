"""The six digits in a mail that show that whoever presses the button can read the mail.

They are derived, so nothing is stored, and a mail that is written once more has the same ones.
"""

import hmac
from datetime import datetime

from shared.values.keyed_digest import keyed_digest

DIGITS = 6
# Some write the halves with a hyphen between them.
_BETWEEN_HALVES = "-\N{NON-BREAKING HYPHEN}\N{EN DASH}"
# Keeps the halves on one line, and in this order in a text that runs from right to left
# (UAX #9: it is a common number separator, a plain space is not).
_GAP = "\N{NO-BREAK SPACE}"


def confirmation_code(pepper: str, registration_id: str, issued_at: datetime) -> str:
    """The code of the mail whose links were issued then: six ASCII digits.

    Links know their time to the second only, so the code does, too.
    """
    issued = str(int(issued_at.timestamp()))
    digest = keyed_digest(pepper, "code", registration_id, issued)
    return f"{int.from_bytes(digest) % 10**DIGITS:0{DIGITS}d}"


def spaced(code: str) -> str:
    """As people read it: "123 456"."""
    half = DIGITS // 2
    return f"{code[:half]}{_GAP}{code[half:]}"


def typed_code(text: str) -> str | None:
    """The code that somebody typed or pasted, spaces or not; None when it is no code at all."""
    digits = "".join(
        letter for letter in text if not letter.isspace() and letter not in _BETWEEN_HALVES
    )
    is_code = len(digits) == DIGITS and digits.isascii() and digits.isdigit()
    return digits if is_code else None


def same_code(typed: str, code: str) -> bool:
    """Compares in constant time. Both are ASCII."""
    return hmac.compare_digest(typed, code)
