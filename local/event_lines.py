"""Reads the app's events back from lines of a log, whatever the host writes around them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_BEGINNING = '{"event":"'
_DECODER = json.JSONDecoder()


def event_in(line: str) -> dict[str, Any] | None:
    """The event's name as `event`, and its facts; None for a line without an event."""
    start = line.find(_BEGINNING)
    if start < 0:
        return None
    event: dict[str, Any] = _DECODER.raw_decode(line, start)[0]
    return event


def events_in(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """All of them, in their order."""
    return (event for line in lines if (event := event_in(line)))
