"""What dev.py says to the person in front of it."""

from __future__ import annotations

import sys


def say(text: str, *, end: str = "\n") -> None:
    """At once, also where the output is a file that a program watches."""
    print(text, end=end, flush=True)  # noqa: T201 - the one place that prints


def complain(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - the one place that prints errors


def never_fail_to_encode() -> None:
    """A Windows console with an old code page shows a question mark for what it cannot show."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
