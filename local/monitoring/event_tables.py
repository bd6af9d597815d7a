"""The tables of docs/events.md, written from the event catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_type_hints

from local.markdown import table, with_part
from shared.values.event_catalogue import CATALOGUE, Described, Event, Facts, Level

if TYPE_CHECKING:
    from collections.abc import Mapping

_ABOUT = {
    "registration": "id of the registration",
    "form": "id of the form",
    "source": "`website` or `linkedin`",
}


def with_tables(text: str) -> str:
    """The document with fresh tables in the place of those between its marks."""
    for name, content in (("events", _events_table()), ("facts", _facts_table())):
        text = with_part(text, name, name, content)
    return text


def _events_table() -> str:
    rows = [_row(event, described) for event, described in CATALOGUE.items()]
    return table(("event", "level", "facts", "means", "what to do"), rows)


def _facts_table() -> str:
    hints = get_type_hints(Facts, include_extras=True)
    meanings: Mapping[str, str] = _ABOUT | {
        name: hint.__metadata__[0] for name, hint in hints.items()
    }
    return table(("fact", "is"), [(f"`{name}`", meaning) for name, meaning in meanings.items()])


def _row(event: Event, described: Described) -> tuple[str, ...]:
    levels = ", ".join(
        f"**{level}**" if level is Level.ERROR else level for level in described.levels
    )
    facts = " ".join(described.facts)
    return (f"`{event}`", levels, facts, described.means, described.act)
