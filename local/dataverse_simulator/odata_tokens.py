"""Tokens and literals of `$filter`, and which literal goes with which type of column."""

import re
from dataclasses import dataclass

from local.dataverse_simulator.column_values import parse_date, parse_guid, parse_instant
from local.dataverse_simulator.definitions import Value
from local.dataverse_simulator.errors import bad_query

TOKEN = re.compile(
    r"""\s*(?:
    (?P<text>'(?:[^']|'')*')
  | (?P<guid>[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12})
  | (?P<instant>\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d))
  | (?P<date>\d{4}-\d\d-\d\d)
  | (?P<number>-?\d{1,19}(?![\w.]))
  | (?P<name>[A-Za-z_]\w*)
  | (?P<mark>[(),])
    )""",
    re.VERBOSE,
)
LITERAL_OF = {
    "String": "text",
    "Memo": "text",
    "MultiSelectPicklist": "text",
    "Picklist": "number",
    "State": "number",
    "Status": "number",
    "Integer": "number",
    "Boolean": "boolean",
    "DateTime": "instant",
    "DateOnly": "date",
    "Lookup": "guid",
    "Uniqueidentifier": "guid",
}


@dataclass(frozen=True, kw_only=True)
class Token:
    """`kind` is the name of the group in TOKEN that matched."""

    kind: str
    text: str


def tokens_of(text: str) -> list[Token]:
    """Raise DataverseError (400) where a part of `text` is no token."""
    tokens, position = [], 0
    end = len(text.rstrip())
    while position < end:
        match = TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            raise bad_query(f"Syntax error at position {position} in '{text}'.")
        tokens.append(Token(kind=match.lastgroup, text=match[match.lastgroup]))
        position = match.end()
    return tokens


def literal_value(text: str, kind: str, expected: str) -> Value:
    """The value as stored; None where the calendar has no such date."""
    match kind:
        case "text":
            return text[1:-1].replace("''", "'")
        case "number":
            return int(text)
        case "boolean":
            return text == "true"
        case "guid":
            return parse_guid(text)
    as_instant = text if kind == "instant" else f"{text}T00:00:00Z"
    return parse_instant(as_instant) if expected == "instant" else parse_date(text[:10])
