"""OData queries: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/overview."""

from collections.abc import Iterable
from urllib.parse import quote


def text(value: str) -> str:
    """A string literal for `$filter`: a quote inside is written twice."""
    return "'" + value.replace("'", "''") + "'"


def any_of(column: str, ids: Iterable[str]) -> str:
    """A `$filter` for rows whose `column` is one of these GUIDs; at least one."""
    return " or ".join(f"{column} eq {row_id}" for row_id in ids)


def query(entity_set: str, **options: str) -> str:
    """Path and query, percent-encoded: `query("contacts", select=…, filter=…)`."""
    encoded = "&".join(f"${name}={quote(value, safe=',')}" for name, value in options.items())
    return f"{entity_set}?{encoded}"


def row(entity_set: str, row_id: str) -> str:
    """The path of one row by its GUID."""
    return f"{entity_set}({row_id})"
