"""Writes docs/events.md and infra/monitoring/workbook.json anew."""

from __future__ import annotations

from pathlib import Path

from local.monitoring.event_tables import with_tables

ROOT = Path(__file__).resolve().parents[2]
EVENTS = ROOT / "docs" / "events.md"


def main() -> None:
    EVENTS.write_text(with_tables(EVENTS.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
