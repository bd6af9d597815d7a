"""Query options (`$select`, `$filter`, …) as values, before any table is looked at."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from local.dataverse_simulator.errors import bad_query, not_simulated

ONE_ROW = frozenset({"$select", "$expand"})
MANY_ROWS = ONE_ROW | {"$filter", "$orderby", "$top", "$count", "$skiptoken"}
NOT_SIMULATED = frozenset({"$apply", "fetchXml", "savedQuery", "userQuery", "$search", "$compute"})


@dataclass(frozen=True, kw_only=True)
class Ordering:
    name: str
    descending: bool


@dataclass(frozen=True, kw_only=True)
class Query:
    """`select` is None where every column is wanted; `start` is the paging position."""

    select: tuple[str, ...] | None = None
    filter: str = ""
    order: tuple[Ordering, ...] = ()
    top: int | None = None
    count: bool = False
    expand: Mapping[str, "Query"] = field(default_factory=dict)
    start: int = 0


def parse_query(raw: str, allowed: frozenset[str]) -> Query:
    """`raw` is the percent-encoded query string. Raise DataverseError (400, 501)."""
    try:
        return _query_of(parse_qsl(raw, keep_blank_values=True), allowed)
    except RecursionError as error:
        raise bad_query("The maximum expansion depth has been exceeded.") from error


def _query_of(pairs: list[tuple[str, str]], allowed: frozenset[str]) -> Query:
    options: dict[str, str] = {}
    for name, value in pairs:
        if name in NOT_SIMULATED:
            raise not_simulated(f"the query option {name}")
        if not name.startswith("$"):
            continue  # OData leaves names without `$` to the service; Dataverse ignores them
        if name == "$skip":
            raise bad_query("Skip Clause is not supported in CRM")
        if name not in allowed:
            raise bad_query(f"The query parameter {name} is not supported.")
        if name in options:
            raise bad_query(f"Query option '{name}' was specified more than once.")
        options[name] = value
    return Query(
        select=_names(options["$select"]) if options.get("$select") else None,
        filter=options.get("$filter", ""),
        order=_orderings(options.get("$orderby", "")),
        top=_whole_number(options.get("$top")),
        count=_boolean(options.get("$count", "false")),
        expand=_expansions(options.get("$expand", "")),
        start=_start(options.get("$skiptoken")),
    )


def next_page(raw: str, start: int) -> str:
    """The query string of the page that begins at `start`."""
    kept = [part for part in raw.split("&") if part and not part.startswith("$skiptoken=")]
    token = base64.urlsafe_b64encode(f"start={start}".encode()).decode().rstrip("=")
    return "&".join([*kept, f"$skiptoken={token}"])


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(","))


def _orderings(text: str) -> tuple[Ordering, ...]:
    orderings = []
    for part in filter(None, text.split(",")):
        match = re.fullmatch(r"\s*(\w+)(?:\s+(asc|desc))?\s*", part)
        if match is None:
            raise bad_query(f"Syntax error at position 0 in '{text}'.")
        orderings.append(Ordering(name=match[1], descending=match[2] == "desc"))
    return tuple(orderings)


def _whole_number(text: str | None) -> int | None:
    if text is None:
        return None
    if not re.fullmatch(r"\d{1,9}", text):
        raise bad_query(
            f"Invalid value '{text}' for $top query option found. The $top query option requires "
            "a non-negative integer value."
        )
    return int(text)


def _boolean(text: str) -> bool:
    if text not in ("true", "false"):
        raise bad_query(f"Invalid value '{text}' for $count query option found.")
    return text == "true"


def _start(token: str | None) -> int:
    if token is None:
        return 0
    try:
        decoded = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
    except ValueError:
        decoded = ""
    match = re.fullmatch(r"start=(\d{1,9})", decoded)
    if match is None:
        raise bad_query("The paging cookie in $skiptoken is not valid.")
    return int(match[1])


def _expansions(text: str) -> dict[str, Query]:
    expansions = {}
    for part in _split(text, ","):
        match = re.fullmatch(r"\s*(\w+)\s*(?:\((.*)\))?\s*", part, re.DOTALL)
        if match is None:
            raise bad_query(f"Syntax error at position 0 in '{text}'.")
        options = []
        for option in _split(match[2] or "", ";"):
            name, _, value = option.partition("=")
            options.append((name.strip(), value))
        expansions[match[1]] = _query_of(options, MANY_ROWS - {"$count", "$skiptoken"})
    return expansions


def _split(text: str, separator: str) -> list[str]:
    """Split where the separator stands outside parentheses and quotes."""
    parts, depth, quoted, current = [], 0, False, ""
    for character in text:
        quoted ^= character == "'"
        depth += 0 if quoted else (character == "(") - (character == ")")
        if character == separator and depth == 0 and not quoted:
            parts.append(current)
            current = ""
        else:
            current += character
    return [part for part in (*parts, current) if part.strip()]
