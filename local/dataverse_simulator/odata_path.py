"""Resource paths such as `contacts(new_registrationid='r1')/firstname`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit

from local.dataverse_simulator.column_values import parse_guid, stored_value
from local.dataverse_simulator.definitions import Table, Value
from local.dataverse_simulator.errors import DataverseError, bad_query, no_such_segment

SEGMENT = re.compile(r"([\w.$]+)(?:\((.*)\))?", re.DOTALL)
KEY_PART = re.compile(r"\s*(\w+)\s*=\s*('(?:[^']|'')*'|[^,']+)\s*(?:,|$)")
DANGEROUS = re.compile(r"[/<>*%&:\\?+]")


@dataclass(frozen=True, kw_only=True)
class Segment:
    """`argument` is the text in the parentheses, or None where there are none."""

    name: str
    argument: str | None


@dataclass(frozen=True, kw_only=True)
class RowKey:
    """Which row: by `id`, or by the column values of an alternate key."""

    id: str | None = None
    values: Mapping[str, Value] = field(default_factory=dict)


def parse_path(raw: str) -> list[Segment]:
    """`raw` is percent-encoded and relative to the service root. Raise DataverseError (404)."""
    segments = []
    for part in unquote(raw).strip("/").split("/") if raw.strip("/") else []:
        match = SEGMENT.fullmatch(part)
        if match is None:
            raise no_such_segment(part)
        segments.append(Segment(name=match[1], argument=match[2]))
    return segments


def split_url(url: str) -> SplitResult:
    """Raise DataverseError (400) where it is none."""
    try:
        return urlsplit(url)
    except ValueError as error:
        raise bad_query(f"'{url}' is not a URL: {error}") from error


def parse_key(table: Table, text: str) -> RowKey:
    """The parentheses of a row's address. Raise DataverseError (400).

    Values holding one of `/ < > * % & : \\ ? +` don't work in addresses, encoded or not
    (https://learn.microsoft.com/power-apps/developer/data-platform/define-alternate-keys-entity).
    """
    row_id = parse_guid(text.strip())
    if row_id:
        return RowKey(id=row_id)
    values: dict[str, Value] = {}
    position = 0
    while position < len(text):
        match = KEY_PART.match(text, position)
        column = table.by_name.get(match[1]) if match else None
        if match is None or column is None:
            raise bad_query(f"Bad Request - Error in query syntax: '{text}'.")
        values[column.name] = stored_value(table, column, _literal(match[2]))
        position = match.end()
    if set(values) == {table.primary_id}:
        return RowKey(id=str(values[table.primary_id]))
    usable = [key for key in table.keys if key.status == "Active"]
    if not any(set(values) == set(key.columns) for key in usable):
        raise DataverseError(
            400,
            "0x80060890",
            f"The attributes {', '.join(values)} do not form an alternate key of "
            f"entity {table.logical_name}.",
        )
    return RowKey(values=values)


def _literal(text: str) -> object:
    if text.startswith("'"):
        value = text[1:-1].replace("''", "'")
        if bad := DANGEROUS.search(value):
            raise DataverseError(
                400,
                "",
                "A potentially dangerous Request.Path value was detected from the client "
                f"({bad[0]}).",
            )
        return value
    return int(text) if re.fullmatch(r"-?\d{1,19}", text.strip()) else text.strip()
