"""The tokens of a Bicep expression; a text's interpolations are expressions of their own."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"(?:[ \t]+|//[^\n]*)|(?P<line>[\r\n]+)|(?P<number>-?\d+)|(?P<name>\w+)"
    r"|(?P<operator>\?\?|\|\||&&|==|!=|>=|<=|\.\?|[!.?:(){}\[\],<>])"
)


@dataclass(frozen=True, kw_only=True)
class Interpolation:
    """What stands between `${` and `}`."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Token:
    """`text` of a string token is empty; its `parts` are letters and interpolations."""

    kind: str  # line, number, name, operator, string or end
    text: str = ""
    parts: tuple[str | Interpolation, ...] = ()


def tokens_of(text: str) -> list[Token]:
    """Ends with a token `end`. Raises ValueError for what is no expression."""
    found: list[Token] = []
    at = 0
    while at < len(text):
        if text[at] == "'":
            parts, at = _string(text, at + 1)
            found.append(Token(kind="string", parts=tuple(parts)))
            continue
        match = _TOKEN.match(text, at)
        if match is None:
            raise ValueError(f"not understood: {text[at : at + 20]!r}")
        if match.lastgroup:
            found.append(Token(kind=match.lastgroup, text=match[0]))
        at = match.end()
    return [*found, Token(kind="end")]


def _string(text: str, at: int) -> tuple[list[str | Interpolation], int]:
    """The parts, and where the text goes on after the closing quote."""
    parts: list[str | Interpolation] = []
    while text[at] != "'":
        if text.startswith("${", at):
            end = _closing_brace(text, at + 2)
            parts.append(Interpolation(text=text[at + 2 : end]))
            at = end + 1
        else:
            at += 2 if text[at] == "\\" else 1
            parts.append(text[at - 1])
    return parts, at + 1


def _closing_brace(text: str, at: int) -> int:
    depth = 0
    while depth or text[at] != "}":
        if text[at] == "'":
            _, at = _string(text, at + 1)
            continue
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        at += 1
    return at
