"""Runs beside the bursts: does the grain matter, and how much hangs on what is assumed?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bench.burst.deployment import Deployment, Scenario
from bench.burst.observed import busiest
from bench.burst.simulation import Outcome, simulate
from bench.burst.summary import Times, times

_RAISED = Deployment(mails_per_minute=1_300, mails_per_hour=13_000)


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One run of a comparison."""

    told: str
    mail: Times
    promote: Times
    triggers_in_busiest_minute: int


def grains(scenario: Scenario, sizes: Sequence[int]) -> Iterator[Compared]:
    """The same burst, simulated finer and coarser."""
    for size in sizes:
        yield _compared(f"{size}", simulate(replace(scenario, grain=size)))


def assumptions(scenario: Scenario) -> Iterator[Compared]:
    """The mail quota raised, and one assumption changed at a time."""
    base = scenario.with_deployment(_RAISED)
    people, calls, one = base.people, base.calls, base.deployment
    yield _compared("as assumed", simulate(base))
    for told, changed in (
        (
            "Dataverse works half as long",
            replace(
                base,
                calls=replace(
                    calls,
                    look_up=calls.look_up / 2,
                    change_set=calls.change_set / 2,
                    trigger=calls.trigger / 2,
                ),
            ),
        ),
        (
            "Dataverse works twice as long",
            replace(
                base,
                calls=replace(
                    calls,
                    look_up=calls.look_up * 2,
                    change_set=calls.change_set * 2,
                    trigger=calls.trigger * 2,
                ),
            ),
        ),
        ("4 web servers", base.with_deployment(replace(one, web_servers=4))),
        ("half of the people confirm", replace(base, people=replace(people, confirming=0.5))),
        (
            "people open the mail after 30 s",
            replace(base, people=replace(people, opens_after=30.0)),
        ),
        ("a mail takes 2 s to hand over", replace(base, calls=replace(calls, mail=2.0))),
        (
            "instances start in 8 s",
            replace(base, starts=replace(base.starts, median=8.0, spread=0.0)),
        ),
    ):
        yield _compared(told, simulate(changed))


def raised(scenario: Scenario) -> Scenario:
    """With a quota and users that a burst of 10,000 needs."""
    return scenario.with_deployment(replace(_RAISED, application_users=2))


def _compared(told: str, outcome: Outcome) -> Compared:
    durations = outcome.observed.durations
    return Compared(
        told=told,
        mail=times(durations["mail"]),
        promote=times(durations["promote"]),
        triggers_in_busiest_minute=busiest(outcome.observed.triggers, 60),
    )
