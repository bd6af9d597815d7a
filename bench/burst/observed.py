"""What a run sees: durations with their weights, waits by limit, depths over time."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

_NOTICED = 1.0  # seconds of waiting that count as being held up
_MANY = 0.01  # of a burst: held up, so many say that a limit is reached


class Limit(StrEnum):
    """What can make somebody wait."""

    STARTING = "instances that are starting"
    MAXIMUM = "maximumInstanceCount"
    CPU = "CPU of the instances"
    QUEUE = "target of one queue"
    ACCOUNT = "target of the storage account"
    MAIL = "mail quota"
    REQUESTS = "Dataverse: requests"
    EXECUTION = "Dataverse: execution time"
    CONCURRENCY = "Dataverse: concurrent requests"
    TRIGGERS = "CIJ: triggers"


class Stage(StrEnum):
    """Where somebody waits."""

    HTTP = "HTTP"
    MAIL = "send_confirmation"
    PROMOTE = "promote"
    REPORT = "note_mail_report"
    FORGET = "follow_up"


@dataclass
class Durations:
    """Seconds, each standing for `weights` registrations."""

    seconds: list[float] = field(default_factory=list)
    weights: list[int] = field(default_factory=list)

    def add(self, seconds: float, weight: int) -> None:
        if weight:
            self.seconds.append(seconds)
            self.weights.append(weight)

    @property
    def count(self) -> int:
        return sum(self.weights)

    def percentile(self, share: float) -> float | None:
        """The smallest duration that `share` of all do not exceed; None when there is none."""
        if not self.seconds:
            return None
        order = np.argsort(self.seconds, kind="stable")
        reached = np.cumsum(np.asarray(self.weights)[order])
        position = int(np.searchsorted(reached, share * reached[-1]))
        return float(np.asarray(self.seconds)[order][min(position, len(order) - 1)])


@dataclass
class Waited:
    """For one limit in one stage: in all, and of how many how long."""

    seconds: float = 0.0  # times registrations
    held_up: list[tuple[float, int]] = field(default_factory=list)  # when, how many

    def add(self, now: float, seconds: float, weight: int) -> None:
        self.seconds += seconds * weight
        if seconds > _NOTICED:
            self.held_up.append((now, weight))

    def reached_at(self, registrations: int) -> float | None:
        """When it had held up one in a hundred; None where it never did."""
        count = 0
        for now, weight in sorted(self.held_up):
            count += weight
            if count >= max(1.0, _MANY * registrations):
                return now
        return None


@dataclass
class Depth:
    """Messages over time, with ever fewer points the longer it takes."""

    points: list[tuple[float, int]] = field(default_factory=list)
    most: int = 0
    _length: int = 0

    @property
    def length(self) -> int:
        return self._length

    def change(self, now: float, by: int) -> None:
        self._length += by
        self.most = max(self.most, self._length)
        if not self.points or now - self.points[-1][0] >= max(1.0, now / 1000):
            self.points.append((now, self._length))


@dataclass
class Observed:
    """All of a run."""

    durations: defaultdict[str, Durations] = field(default_factory=lambda: defaultdict(Durations))
    waits: defaultdict[tuple[Limit, Stage], Waited] = field(
        default_factory=lambda: defaultdict(Waited)
    )
    depths: defaultdict[str, Depth] = field(default_factory=lambda: defaultdict(Depth))
    counts: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    mails: list[tuple[float, int]] = field(default_factory=list)
    triggers: list[tuple[float, int]] = field(default_factory=list)

    def waited(self, limit: Limit, stage: Stage, now: float, seconds: float, weight: int) -> None:
        if seconds > 0:
            self.waits[limit, stage].add(now, seconds, weight)


def busiest(events: Sequence[tuple[float, int]], window: float) -> int:
    """The most that any `window` seconds hold, wherever they begin (end excluded)."""
    most = within = first = 0
    ordered = sorted(events)
    for now, weight in ordered:
        within += weight
        while ordered[first][0] <= now - window:
            within -= ordered[first][1]
            first += 1
        most = max(most, within)
    return most


def reached(
    waits: Mapping[tuple[Limit, Stage], Waited], registrations: int
) -> list[tuple[float, Limit, Stage]]:
    """The limits that held up one in a hundred, the earliest first."""
    found = (
        (when, limit, stage)
        for (limit, stage), waited in waits.items()
        if (when := waited.reached_at(registrations)) is not None
    )
    return sorted(found)
