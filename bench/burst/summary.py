"""What is told of a run: a few numbers and curves out of everything that was seen."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bench.burst.cost import cost
from bench.burst.observed import Durations, Limit, busiest, reached
from bench.burst.raising import Rung, behind, unmet
from bench.burst.simulation import Outcome

STEPS = ("register", "mail", "confirm", "click", "promote")
_SHARES = tuple(number / 100 for number in range(101))
_MOST_POINTS = 400
_STARTING = Limit.STARTING


@dataclass(frozen=True, kw_only=True)
class Times:
    """Of one step, in seconds; None where nobody came so far."""

    count: int
    p50: float | None
    p95: float | None
    most: float | None


@dataclass(frozen=True, kw_only=True)
class Run:
    """Plain values, as they stand in the JSON."""

    registrations: int
    grain: int
    changed: str
    today: bool
    best_of: Sequence[str]  # "settings", "all": it comes nearest to the goals
    deployment: Mapping[str, Any]
    times: Mapping[str, Times]
    ends: Mapping[str, int]
    deepest: Mapping[str, int]
    mails_put_back: int
    promotions_put_back: int
    told_503: int
    mails_in_busiest_minute: int
    mails_in_busiest_hour: int
    triggers_in_busiest_minute: int
    dollars: Mapping[str, float]
    first: str  # the limit that was reached first, starting instances aside
    reached: Sequence[tuple[float, str]]
    waited: Sequence[tuple[str, float]]  # seconds times registrations, the most first
    unmet: Sequence[str]
    behind: Mapping[str, str]  # what makes wait most, for each goal that was missed
    curves: Mapping[str, Sequence[float]]  # percentiles 0 to 100
    depth: Sequence[tuple[float, int]]  # of queue registrations

    @property
    def total(self) -> float:
        return sum(self.dollars.values())

    def as_json(self) -> dict[str, Any]:
        """Without the curves, which the plots show."""
        left_out = {"curves", "depth"}
        return {name: value for name, value in asdict(self).items() if name not in left_out}


def run_of(rung: Rung, best_of: Sequence[str] = ()) -> Run:
    """Rounded to what a model can know."""
    outcome = rung.outcome
    scenario, observed = outcome.scenario, outcome.observed
    limits = reached(observed.waits, scenario.registrations)
    waits = sorted(observed.waits.items(), key=lambda item: -item[1].seconds)
    return Run(
        registrations=scenario.registrations,
        grain=scenario.grain,
        changed=rung.changed,
        today=rung.today,
        best_of=best_of,
        deployment=asdict(scenario.deployment),
        times={step: times(observed.durations[step]) for step in STEPS},
        ends={end.value: count for end, count in outcome.ends.items()},
        deepest={name: depth.most for name, depth in observed.depths.items()},
        mails_put_back=observed.counts["put back by the quota"],
        promotions_put_back=observed.counts["put back by Dataverse"],
        told_503=observed.counts["told 503 first"],
        mails_in_busiest_minute=busiest(observed.mails, 60),
        mails_in_busiest_hour=busiest(observed.mails, 3600),
        triggers_in_busiest_minute=busiest(observed.triggers, 60),
        dollars={what: round(dollars, 4) for what, dollars in cost(outcome).items()},
        first=next(
            (_named(limit, stage) for _, limit, stage in limits if limit is not _STARTING), ""
        ),
        reached=[(round(when, 1), _named(limit, stage)) for when, limit, stage in limits],
        waited=[(_named(*key), round(one.seconds)) for key, one in waits if one.seconds >= 1],
        unmet=unmet(outcome),
        behind={goal: limit.value for goal, limit in behind(outcome).items()},
        curves={step: _curve(observed.durations[step]) for step in ("mail", "promote")},
        depth=_thinned(outcome),
    )


def times(durations: Durations) -> Times:
    return Times(
        count=durations.count,
        p50=_rounded(durations.percentile(0.5)),
        p95=_rounded(durations.percentile(0.95)),
        most=_rounded(durations.percentile(1.0)),
    )


def _named(limit: Limit, stage: str) -> str:
    return limit.value if limit.value.startswith("Dataverse") else f"{limit.value} ({stage})"


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 3)


def _curve(durations: Durations) -> list[float]:
    return [round(durations.percentile(share) or 0.0, 3) for share in _SHARES if durations.seconds]


def _thinned(outcome: Outcome) -> list[tuple[float, int]]:
    points = outcome.observed.depths["registrations"].points
    every = max(1, len(points) // _MOST_POINTS)
    return [(round(when, 1), length) for when, length in points[::every]]
