"""What to raise: what made people wait most, again and again, until the goals are met."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bench.burst.changes import RAISES, Change
from bench.burst.deployment import Scenario
from bench.burst.ends import End
from bench.burst.observed import Limit, Stage
from bench.burst.simulation import Outcome, simulate

# At most for 95 of 100, in seconds: by what is measured, and where its waiting happens.
GOALS: Mapping[str, tuple[float, Stage]] = {
    "register": (1.0, Stage.HTTP),
    "mail": (60.0, Stage.MAIL),
    "promote": (60.0, Stage.PROMOTE),
}
_SHARE = 0.95
_MOST_RUNGS = 16


@dataclass(frozen=True, kw_only=True)
class Rung:
    """One run. `changed` is what was raised before it; `today` says that no code is needed."""

    changed: str
    today: bool
    outcome: Outcome


def unmet(outcome: Outcome) -> list[str]:
    """Goals that were missed; of nobody none is."""
    durations = outcome.observed.durations
    never = outcome.scenario.registrations - durations["mail"].count
    return [
        name
        for name, (seconds, _) in GOALS.items()
        if (durations[name].percentile(_SHARE) or 0.0) > seconds or (name == "mail" and never)
    ]


def behind(outcome: Outcome) -> Mapping[str, Limit]:
    """What makes people wait most, for each goal that was missed."""
    waits = outcome.observed.waits
    found = {}
    for goal in unmet(outcome):
        at = GOALS[goal][1]
        seconds = {limit: one.seconds for (limit, stage), one in waits.items() if stage is at}
        found[goal] = max(seconds, key=lambda each: seconds[each])
    return found


def climb(first: Scenario, then: Scenario) -> Iterator[Rung]:
    """From the deployment of `first` up, first with settings alone, then with all that is planned.

    What is raised is tried with the grain of `then`.
    """
    rungs = [Rung(changed="as deployed at first", today=True, outcome=simulate(first))]
    yield rungs[0]
    for today in (True, False):
        rung = best(rungs)
        after = "" if rung is rungs[-1] else f" (after: {rung.changed})"
        for _ in range(_MOST_RUNGS):
            change = _next(rung.outcome, today=today)
            if change is None:
                break
            outcome = simulate(then.with_deployment(change.deployment))
            rung = Rung(changed=f"{change.told}{after}", today=today, outcome=outcome)
            after = ""
            rungs.append(rung)
            yield rung


def best(rungs: Sequence[Rung]) -> Rung:
    """Which comes nearest to the goals."""
    return min(rungs, key=_badness)


def _badness(rung: Rung) -> tuple[float, ...]:
    durations = rung.outcome.observed.durations
    missed = unmet(rung.outcome)
    over = [(durations[goal].percentile(_SHARE) or math.inf) / GOALS[goal][0] for goal in missed]
    return (rung.outcome.ends.get(End.NEVER_MAILED, 0), len(missed), math.prod(over))


def _next(outcome: Outcome, *, today: bool) -> Change | None:
    """Raises what makes people wait most. Where that cannot be raised, nothing else would help."""
    waits = outcome.observed.waits
    worst = []
    for goal, limit in behind(outcome).items():
        at = GOALS[goal][1]
        worst.append((waits[limit, at].seconds, limit, at))
    for _, limit, stage in sorted(worst, reverse=True):
        for raised in RAISES[limit]:
            change = raised(outcome, stage)
            if change is not None and (change.today or not today):
                return change
    return None
