"""Writes docs/events.md and infra/monitoring/workbook.json anew."""

from __future__ import annotations

from pathlib import Path

from local.monitoring.event_tables import with_tables
from local.monitoring.workbook import workbook_json

ROOT = Path(__file__).resolve().parents[2]
EVENTS = ROOT / "docs" / "events.md"
QUERIES = ROOT / "infra" / "queries"
WORKBOOK = ROOT / "infra" / "monitoring" / "workbook.json"


def main() -> None:
    EVENTS.write_text(with_tables(EVENTS.read_text(encoding="utf-8")), encoding="utf-8")
    queries = {file.name: file.read_text(encoding="utf-8") for file in QUERIES.glob("*.kql")}
    WORKBOOK.write_text(workbook_json(queries), encoding="utf-8")


if __name__ == "__main__":
    main()
