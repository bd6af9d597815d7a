"""Text that somebody else wrote, made fit for a terminal."""

import json


def printable(text: str) -> str:
    """With escapes, as JSON writes them, for what no terminal should get.

    Control characters move cursors and change titles, others turn the direction of reading, and
    half a character cannot be written at all. Line breaks stay.
    """
    return "".join(
        letter if letter.isprintable() or letter == "\n" else json.dumps(letter)[1:-1]
        for letter in text
    )
