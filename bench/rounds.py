"""Alternating rounds, and what is said of them: ratios within a round, their median and spread."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any, Self, TypeVar

K = TypeVar("K")
M = TypeVar("M")


def alternate(
    kinds: Sequence[K], rounds: int, measure: Callable[[K], M], *, warm_up: bool = True
) -> dict[K, list[M]]:
    """`rounds` measurements of each kind, every second round backwards.

    One round more comes first and does not count: it opens connections and fills caches.
    """
    taken: dict[K, list[M]] = {kind: [] for kind in kinds}
    if warm_up:
        for kind in kinds:
            measure(kind)
    for number in range(rounds):
        for kind in kinds[:: -1 if number % 2 else 1]:
            taken[kind].append(measure(kind))
    return taken


@dataclass(frozen=True, kw_only=True)
class Spread:
    """The median of the rounds, the lowest and the highest."""

    median: float
    lowest: float
    highest: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Self:
        """Raises StatisticsError when there are none."""
        return cls(median=median(values), lowest=min(values), highest=max(values))

    @classmethod
    def of_ratio(cls, mine: Sequence[float], yardstick: Sequence[float]) -> Self:
        """Each taken within its round: what slowed the machine then slowed both."""
        return cls.of([one / other for one, other in zip(mine, yardstick, strict=True)])

    def shown(self, digits: int = 2) -> str:
        """Such as 0.81 (0.78 to 0.90)."""
        low, middle, high = (
            f"{value:,.{digits}f}" for value in (self.lowest, self.median, self.highest)
        )
        return f"{middle} ({low} to {high})"


def percentiles(milliseconds: Sequence[float]) -> tuple[float, float, float]:
    """p50, p95 and p99 of at least two durations."""
    cuts = quantiles(milliseconds, n=100, method="inclusive")
    return cuts[49], cuts[94], cuts[98]


def speed_cells(samples: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """For a table: how many a second, p50, p95 and p99 in milliseconds."""
    speed = Spread.of([one["perSecond"] for one in samples]).shown(0)
    return (speed, *(f"{each:.1f}" for each in percentiles(all_of(samples, "milliseconds"))))


def all_of(samples: Sequence[Mapping[str, Any]], name: str) -> list[float]:
    """The values of all rounds together."""
    return [value for sample in samples for value in sample[name]]
