"""docs/events.md says what the catalogue says."""

import pytest

from local.monitoring.event_tables import with_tables
from shared.values.event_catalogue import CATALOGUE, Facts
from tests.examples import ROOT

DOCUMENT = (ROOT / "docs" / "events.md").read_text(encoding="utf-8")


def test_its_tables_are_those_of_the_catalogue() -> None:
    assert with_tables(DOCUMENT) == DOCUMENT, "run python -m local.monitoring"


def test_every_event_and_every_fact_is_in_it() -> None:
    for event, described in CATALOGUE.items():
        [row] = [line for line in DOCUMENT.splitlines() if line.startswith(f"| `{event}` |")]
        assert described.means in row
        assert " ".join(described.facts) in row
        assert described.act in row
    for fact in Facts.__annotations__:
        assert f"\n| `{fact}` | " in DOCUMENT


@pytest.mark.parametrize("stale", ["| `mailed` | INFO |", "| `seconds` |"])
def test_a_stale_table_is_noticed(stale: str) -> None:
    assert stale in DOCUMENT
    changed = DOCUMENT.replace(stale, "| stale |")
    assert with_tables(changed) != changed
