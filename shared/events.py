"""What is logged: one line for each move, with the registration's id and never the person.

A line is one JSON object that begins with the event's name. Azure Functions hands on a log record's
message, level and nothing else, so whatever a query needs has to be in the message; and JSON
holds blanks, quotes and line breaks of a reason. `values.event_catalogue` has all events.
"""

from __future__ import annotations

import functools
import json
import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Unpack

from shared.values.about import NOTHING_KNOWN, About
from shared.values.event_catalogue import Event, Facts

if TYPE_CHECKING:
    from datetime import datetime

# Application Insights cuts a message at 32,768 characters, and cut JSON is none.
# https://learn.microsoft.com/azure/azure-monitor/app/data-model-complete#trace-telemetry
LONGEST_TEXT = 1000
_log = logging.getLogger("doi")
# Called with each event that is told: what it is, what it is about, its facts. Must not fail.
Listener = Callable[[Event, About, Mapping[str, Any]], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> Callable[[], None]:
    """From now on, for the life of the process or until the answer is called."""
    _listeners.append(listener)
    return functools.partial(_listeners.remove, listener)


def note(event: Event, about: About = NOTHING_KNOWN, /, **facts: Unpack[Facts]) -> None:
    """Log that something happened as it should."""
    _write(logging.INFO, event, about, facts)


def warn(event: Event, about: About = NOTHING_KNOWN, /, **facts: Unpack[Facts]) -> None:
    """Log that something did not work yet and is being tried again."""
    _write(logging.WARNING, event, about, facts)


def alarm(event: Event, about: About = NOTHING_KNOWN, /, **facts: Unpack[Facts]) -> None:
    """Log what somebody has to look at."""
    _write(logging.ERROR, event, about, facts)


def elapsed(since: datetime, until: datetime) -> int:
    """Whole seconds. Never negative, though the clocks of two machines may disagree."""
    return max(0, round((until - since).total_seconds()))


def _write(level: int, event: Event, about: About, facts: Mapping[str, Any]) -> None:
    known = {"event": event, **about._asdict(), **facts}
    told = {name: _bounded(value) for name, value in known.items() if value is not None}
    # ASCII, so that no reader takes a character of a reason for the end of the line.
    _log.log(level, "%s", json.dumps(told, separators=(",", ":")))
    for listener in _listeners:
        listener(event, about, facts)


def _bounded(value: Any) -> Any:
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        return f"{value[: LONGEST_TEXT - 1]}…"
    return value
