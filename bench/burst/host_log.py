"""When the functions host did what, out of its log: to the millisecond, by registration."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

_LINE = re.compile(r"(?P<at>\S+ \S+) \w+ (?P<logger>\w+): (?P<text>.*)")
_RAN = re.compile(r"(?P<function>\w+) \(.*\) succeeded.* in (?P<milliseconds>\d+) ms")
_TIME = "%Y-%m-%d %H:%M:%S,%f"


@dataclass(frozen=True)
class HostLog:
    """Times in Unix seconds, durations in seconds."""

    ran: dict[str, list[float]] = field(default_factory=dict)  # durations by function
    events: dict[str, dict[str, float]] = field(default_factory=dict)  # event → registration → when

    def times(self, event: str) -> list[float]:
        return sorted(self.events.get(event, {}).values())

    def between(self, first: str, then: str) -> list[float]:
        """For each registration that has both."""
        later = self.events.get(then, {})
        return [later[who] - at for who, at in self.events.get(first, {}).items() if who in later]


def read(log: Path, offset: int) -> HostLog:
    """What was written behind the first `offset` bytes."""
    found = HostLog()
    for at, logger, text in _lines(log, offset):
        if logger == "host" and (ran := _RAN.match(text)):
            seconds = int(ran["milliseconds"]) / 1000
            found.ran.setdefault(ran["function"], []).append(seconds)
        elif logger == "doi":
            event = json.loads(text)
            if "registration" in event:
                found.events.setdefault(event["event"], {})[event["registration"]] = at
    return found


def size(log: Path) -> int:
    return log.stat().st_size


def _lines(log: Path, offset: int) -> Iterator[tuple[float, str, str]]:
    with log.open(encoding="utf-8") as lines:
        lines.seek(offset)
        for line in lines:
            if parts := _LINE.match(line):
                at = datetime.strptime(parts["at"], _TIME).astimezone()
                yield at.timestamp(), parts["logger"], parts["text"]
