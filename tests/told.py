"""The events that a test made the app tell."""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

import pytest

from local.event_lines import event_in

_LEVEL = re.compile(r" ([A-Z]+) doi: $")


class Told(NamedTuple):
    """An event with its level and facts."""

    level: str
    event: str
    facts: dict[str, Any]

    def has(self, **facts: object) -> bool:
        """Whether it carries all of these."""
        return facts.items() <= self.facts.items()


def told(log: pytest.LogCaptureFixture) -> list[Told]:
    """In order. A line of logger `doi` that is no event fails the test."""
    found = []
    for record in log.records:
        line = record.getMessage()
        event = event_in(line)
        if record.name != "doi":
            assert event is None, line
            continue
        assert event is not None, line
        assert line.startswith('{"event":"')
        found.append(Told(record.levelname, event.pop("event"), event))
    return found


def told_in(lines: Iterable[str]) -> list[Told]:
    """The same from lines of the local functions host's log."""
    found = []
    for line in lines:
        event = event_in(line)
        level = _LEVEL.search(line.partition("{")[0])
        if event is not None and level is not None:
            found.append(Told(level[1], event.pop("event"), event))
    return found


def names(events: Iterable[Told]) -> list[str]:
    """What happened, in order."""
    return [each.event for each in events]
