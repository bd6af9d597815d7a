"""Application Insights on this machine: tables in DuckDB, asked in KQL (PyPI's duckdb-kql)."""

import functools
import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import duckdb_kql

from tests.examples import NOON

_SEVERITY = {"INFO": 1, "WARNING": 2, "ERROR": 3}
# With the column of each table that Azure narrows to the time it looks at.
_COLUMNS: Mapping[str, Mapping[str, str]] = {
    "traces": {"timestamp": "TIMESTAMP", "message": "VARCHAR", "severityLevel": "INT"},
    "requests": {
        "timestamp": "TIMESTAMP",
        "operation_Id": "VARCHAR",
        "operation_Name": "VARCHAR",
        "resultCode": "VARCHAR",
        "success": "VARCHAR",
    },
    "exceptions": {
        "timestamp": "TIMESTAMP",
        "operation_Id": "VARCHAR",
        "outerMessage": "VARCHAR",
        "innermostMessage": "VARCHAR",
    },
    "_LogOperation": {
        "TimeGenerated": "TIMESTAMP",
        "Category": "VARCHAR",
        "Operation": "VARCHAR",
        "Level": "VARCHAR",
        "Detail": "VARCHAR",
    },
}
_LOGGED = re.compile(r"(\S+ \S+,\d{3}) ([A-Z]+) doi: (.*)")
_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?")


class Logs:
    """What was logged up to noon, which is now. `ago` is how long before that."""

    def __init__(self) -> None:
        self._database = duckdb.connect()
        self._database.execute("SET TimeZone = 'UTC'")
        self._told: dict[str, list[tuple[Any, ...]]] = {table: [] for table in _COLUMNS}
        for table, columns in _COLUMNS.items():
            listed = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
            self._database.execute(f'CREATE TABLE "all {table}" ({listed})')

    def tell(self, event: str, ago: timedelta, level: str = "INFO", **facts: Any) -> None:
        """An event, as shared/events.py writes it."""
        self.write(json.dumps({"event": event, **facts}, separators=(",", ":")), ago, level)

    def write(self, message: str, ago: timedelta, level: str = "INFO") -> None:
        """Any line."""
        self._add("traces", ago, message, _SEVERITY[level])

    def read(self, lines: Iterable[str]) -> None:
        """What the local functions host logged, as far as it is the app's."""
        now = datetime.now(UTC)
        for number, line in enumerate(lines):
            found = _LOGGED.match(line)
            if found:
                at = datetime.fromisoformat(found[1].replace(",", ".")).astimezone(UTC)
                # The log has milliseconds, in which several lines may be written.
                self.write(found[3], now - at - number * timedelta(microseconds=1), found[2])

    def call(
        self, function: str, code: str, ago: timedelta, *, success: bool = True, ended: bool = False
    ) -> None:
        """A function was called. `ended`: its worker went, exit code 143."""
        operation = f"{function} {ago}"
        self._add("requests", ago, operation, function, code, str(success))
        if ended:
            text = "python exited with code 143 (0x8F)"
            failed = f"Exception while executing function: Functions.{function}"
            self._add("exceptions", ago, operation, failed, text)

    def lose(self, category: str, operation: str, level: str, ago: timedelta) -> None:
        """The workspace says that something went wrong with itself."""
        self._add("_LogOperation", ago, category, operation, level, f"{operation}: details")

    def ask(
        self, query: str, chosen: Mapping[str, str] | None = None, window: str = "P2D"
    ) -> list[dict[str, Any]]:
        """The rows of the answer. `chosen` are values of the query's own `let`s.

        `window` is the time that Azure looks at, as rules write it.
        """
        for name, value in (chosen or {}).items():
            query, found = re.subn(rf'let {name} = "[^"]*";', f'let {name} = "{value}";', query)
            assert found == 1, name
        self._look_back(_back(window))
        sql = _translated(query)
        now = {"kqlnow": NOON.replace(tzinfo=None)} if "$kqlnow" in sql else None
        answer = self._database.sql(sql, params=now)
        return [dict(zip(answer.columns, row, strict=True)) for row in answer.fetchall()]

    def _add(self, table: str, ago: timedelta, *values: str | int) -> None:
        self._told[table].append(((NOON - ago).replace(tzinfo=None), *values))

    def _look_back(self, how_far: timedelta) -> None:
        """Everything that was told, as far as Azure looks."""
        since = (NOON - how_far).replace(tzinfo=None)
        for table, columns in _COLUMNS.items():
            rows, self._told[table] = self._told[table], []
            if rows:
                places = ", ".join("?" * len(columns))
                all_rows = ", ".join([f"({places})"] * len(rows))
                self._database.execute(
                    f'INSERT INTO "all {table}" VALUES {all_rows}',  # noqa: S608 - names of ours
                    [value for row in rows for value in row],
                )
            self._database.execute(
                f'CREATE OR REPLACE VIEW "{table}" AS SELECT * FROM "all {table}"'  # noqa: S608 - likewise
                f" WHERE \"{next(iter(columns))}\" > TIMESTAMP '{since}'"
            )


@functools.cache
def _translated(query: str) -> str:
    """As SQL; translating takes longer than answering."""
    schema = {table: list(columns) for table, columns in _COLUMNS.items()}
    return str(duckdb_kql.to_sql(query, schema=schema, query_now=NOON))


def _back(window: str) -> timedelta:
    found = _DURATION.fullmatch(window)
    assert found
    days, hours, minutes = (int(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes)
