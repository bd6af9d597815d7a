"""From JSON to a stored column value, refusing what the column's type refuses.

Messages: picklists `0x8004431A` (PicklistValueOutOfRange), lengths `0x80044331` (example in
execute-batch-operations-using-web-api), types `0x80048d19`. Instants are stored as UTC to the
second (`2026-11-22T10:00:00Z`), dates as `2026-11-22`, multiple choices as `1,2`.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Never
from uuid import UUID

from local.dataverse_simulator.definitions import Column, Table, Value
from local.dataverse_simulator.errors import DataverseError, bad_payload

GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,7})?)?(Z|[+-]\d\d:\d\d)")
EARLIEST_YEAR = 1753
INT32 = 2**31


def parse_guid(text: str) -> str | None:
    """A GUID in its canonical form (lower case), or None."""
    return str(UUID(text)) if GUID.fullmatch(text) else None


def parse_instant(text: str) -> str | None:
    """An Edm.DateTimeOffset literal, offset included, as UTC to the second, or None."""
    if not INSTANT.fullmatch(text):
        return None
    try:
        instant = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_date(text: str) -> str | None:
    try:
        return date.fromisoformat(text).isoformat() if re.fullmatch(r"[\d-]{10}", text) else None
    except ValueError:
        return None


def stored_value(table: Table, column: Column, given: object) -> Value:
    """Check `given` (parsed JSON) against the column. Raise DataverseError (400)."""
    if given is None:
        return None
    value: Value
    match column.type:
        case "String" | "Memo":
            value = _text(table, column, given)
        case "Boolean":
            value = given if isinstance(given, bool) else _refuse(table, given, "Edm.Boolean")
        case "Integer":
            value = _integer(table, given)
        case "Picklist" | "State" | "Status":
            value = _option(table, column, _integer(table, given))
        case "MultiSelectPicklist":
            value = _options(table, column, given)
        case "DateTime":
            value = _parsed(table, given, parse_instant, "Edm.DateTimeOffset")
        case "DateOnly":
            value = _parsed(table, given, parse_date, "Edm.Date")
        case "Uniqueidentifier" | "Lookup":
            value = _parsed(table, given, parse_guid, "Edm.Guid")
    return value


def _text(table: Table, column: Column, given: object) -> str:
    if not isinstance(given, str):
        return _refuse(table, given, "Edm.String")
    if any("\ud800" <= character <= "\udfff" for character in given):
        return _refuse(table, "half a surrogate pair", "Edm.String")
    if len(given.encode("utf-16-le")) // 2 > column.max_length:
        raise DataverseError(
            400,
            "0x80044331",
            f"A validation error occurred.  The length of the '{column.name}' attribute of the "
            f"'{table.logical_name}' entity exceeded the maximum allowed length of "
            f"'{column.max_length}'.",
        )
    return given


def _integer(table: Table, given: object) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not -INT32 <= given < INT32:
        return _refuse(table, given, "Edm.Int32")
    return given


def _option(table: Table, column: Column, value: int) -> int:
    if value not in column.options:
        accepted = ",".join(str(option) for option in column.options)
        raise DataverseError(
            400,
            "0x8004431A",
            f"A validation error occurred.  The value {value} of '{column.name}' on record of "
            f"type '{table.logical_name}' is outside the valid range. Accepted Values: {accepted}",
        )
    return value


def _options(table: Table, column: Column, given: object) -> str | None:
    if not isinstance(given, str) or not re.fullmatch(
        r"(-?\d{1,10}(\s*,\s*-?\d{1,10})*)?", given.strip()
    ):
        return _refuse(table, given, "Edm.String")
    chosen = sorted({_option(table, column, int(part)) for part in given.split(",") if part})
    return ",".join(str(option) for option in chosen) or None


def _parsed(table: Table, given: object, parse: Callable[[str], str | None], edm_type: str) -> str:
    value = parse(given) if isinstance(given, str) else None
    if value is None:
        return _refuse(table, given, edm_type)
    if edm_type != "Edm.Guid" and int(value[:4]) < EARLIEST_YEAR:
        raise DataverseError(
            400,
            "0x80040239",
            "DateTime is less than minimum value supported by CrmDateTime. Actual value: "
            f"{value}, Minimum value supported: 01/01/{EARLIEST_YEAR} 00:00:00",
        )
    return value


def _refuse(table: Table, given: object, edm_type: str) -> Never:
    raise bad_payload(
        table.entity_set_name,
        f"Microsoft.OData.ODataException: Cannot convert the literal '{given}' to the expected "
        f"type '{edm_type}'.",
    )
