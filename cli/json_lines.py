"""On which line of a JSON file something stands."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from shared.broken_form import pointer_to

_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


def lines_of(file: Path) -> dict[str, int]:
    """Line numbers, counted from 1, by JSON pointer (RFC 6901): of each key, and each entry.

    Of a file that is no JSON it tells as much as can be read.
    """
    try:
        return dict(_places(file.read_text(encoding="utf-8-sig")))
    except (OSError, UnicodeDecodeError):
        return {}


def line_of(pointer: str, lines: dict[str, int]) -> int | None:
    """The line of the pointer, or of the nearest thing around it that is there."""
    while pointer and pointer not in lines:
        pointer = pointer.rpartition("/")[0]
    return lines.get(pointer)


def _places(text: str) -> Iterator[tuple[str, int]]:
    pointers: list[str] = []  # of the objects and lists that are open
    counts: list[int | None] = []  # how many entries a list has had; None for an object
    key = ""
    line, seen_to = 1, 0
    before = ""
    for match in _PIECE.finditer(text):
        line += text.count("\n", seen_to, match.start())
        seen_to, piece = match.start(), match.group()
        count = counts[-1] if counts else None
        in_list = bool(counts) and count is not None
        if in_list and piece not in ",]}" and before in ("[", ","):
            key = str(count)
            counts[-1] = (count or 0) + 1
            yield pointers[-1] + pointer_to(key), line
        elif counts and not in_list and before in ("{", ",") and piece.startswith('"'):
            key = _string(piece)
            yield pointers[-1] + pointer_to(key), line
        if piece in "{[":
            pointers.append(pointers[-1] + pointer_to(key) if pointers else "")
            counts.append(0 if piece == "[" else None)
        elif piece in "}]" and counts:
            pointers.pop()
            counts.pop()
        before = piece


def _string(piece: str) -> str:
    try:
        return str(json.loads(piece))
    except ValueError:
        return piece.strip('"')
