"""Measures the app on the local stack, over HTTP: what a step takes, and a burst of each kind."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from bench.burst.driven_stack import DrivenStack, Seen, apart, poisson
from bench.burst.measured import Burst, Measured, Station
from bench.burst.registering import registering
from bench.burst.sign_ups import SignUps, message_of_one, press_button, show_page
from bench.results import taken_now
from bench.running_stack import Target, own_stack

_ATTEMPTS = 6


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """How many of each; `load` is how much of its capacity the burst asks of a step."""

    alone: int = 40
    saturated: int = 300
    registrations: int = 500
    clicks: int = 300
    mail_load: float = 1.2
    click_load: float = 0.8
    steady: float = 0.1  # how far the runs before and after may be apart
    quiet: float = 0.2  # cores that may be busy with something else
    gap: float = 0.3  # seconds between two that shall not meet
    rounds: int = 7  # of registering alone
    later: float = 20.0  # seconds until those come back who had to wait; measured before
    seed: int = 1


def measure_here(sizes: Sizes) -> Measured:
    """On stacks that are started for it. Raises RuntimeError and Problem."""
    machine = _machine()
    register = registering(sizes.saturated, sizes.rounds)
    with own_stack() as (stack, log):
        return replace(measure(stack, log, sizes, register), machine=machine)


def measure(stack: Target, log: Path, sizes: Sizes, register: Station) -> Measured:
    """`log` is that of the functions host. Raises RuntimeError when the stack does not play along.

    Sending alone is measured with messages put into the queue past `register`.
    """
    driven, draw = DrivenStack(stack, log), random.Random(sizes.seed)  # noqa: S311
    people = SignUps()
    body, at_once = message_of_one(driven, people), [0.0] * sizes.saturated
    alone = people.at(driven, apart(sizes.alone, sizes.gap))
    sent = driven.send([people.put(driven, body)] * sizes.saturated, at_once, "mailed")
    mail = _steady(
        sizes,
        lambda: people.at(driven, at_once),
        lambda pace: people.at(driven, poisson(sizes.registrations, sizes.mail_load / pace, draw)),
        "mailed",
    )
    [token] = people.tokens(driven, 1)
    page = driven.send([show_page(token)] * sizes.alone, apart(sizes.alone, sizes.gap), "", 0)
    pages = driven.send([show_page(token)] * sizes.saturated, at_once, "", 0)
    single = _clicked(driven, people, apart(sizes.alone, sizes.gap))
    clicks = _steady(
        sizes,
        lambda: _clicked(driven, people, at_once),
        lambda pace: _clicked(driven, people, poisson(sizes.clicks, sizes.click_load / pace, draw)),
        "promoted",
    )
    waiting = _waiting(driven, people, body, sizes)
    send_pace = _each(sent, "mailed")
    return Measured(
        machine=_machine(),
        stations={
            "register": register,
            "send": Station(
                alone=median(alone.log.ran["send_confirmation"]),
                per_second=1 / send_pace,
                cpu=sent.cpu / sizes.saturated,
            ),
            "put back": Station(
                alone=median(waiting.log.ran["send_confirmation"]),
                per_second=1 / _each(waiting, "waiting"),
                cpu=waiting.cpu / sizes.saturated,
            ),
            "page": Station(
                alone=median(page.answered),
                per_second=sizes.saturated / max(pages.answered),
                cpu=pages.cpu / sizes.saturated,
            ),
            "confirm": Station(
                alone=median(single.answered),
                per_second=1 / clicks.pace,
                cpu=clicks.cpu / sizes.saturated,
            ),
        },
        bursts={
            "mail": _mail_burst(mail),
            "confirm": _burst(clicks),
        },
    )


def _machine() -> str:
    """Which, and what it had to do otherwise."""
    taken = taken_now()
    load = taken["loadBefore"]
    busy = "" if load is None else f", load {load:g} before it began"
    return f"{taken['machine']}{busy}, Python {taken['python']}"


@dataclass(frozen=True, kw_only=True)
class _Bracketed:
    """A burst between two runs at full load; `cpu` in seconds is their mean."""

    burst: Seen
    paces: tuple[float, float]
    cpu: float
    others: float  # cores, in the busiest of the three

    @property
    def pace(self) -> float:
        return sum(self.paces) / 2

    @property
    def apart(self) -> float:
        """By how much of the faster one the two paces differ."""
        return max(self.paces) / min(self.paces) - 1


def _steady(
    sizes: Sizes, at_once: Callable[[], Seen], burst: Callable[[float], Seen], ends: str
) -> _Bracketed:
    """Again, while the machine does too much else; the quietest, where it never stops."""
    before, tried = at_once(), []
    for _ in range(_ATTEMPTS):
        seen = burst(_each(before, ends))
        after = at_once()
        one = _Bracketed(
            burst=seen,
            paces=(_each(before, ends), _each(after, ends)),
            cpu=(before.cpu + after.cpu) / 2,
            others=max(each.others for each in (before, seen, after)),
        )
        tried.append(one)
        if one.apart < sizes.steady and one.others < sizes.quiet:
            break
        before = after
    return min(tried, key=lambda each: max(each.apart / sizes.steady, each.others / sizes.quiet))


def _each(seen: Seen, event: str) -> float:
    """Seconds for one, when all were there at once: from the first sign of life to the last."""
    first = min(times[0] for name in seen.log.events if (times := seen.log.times(name)))
    return (seen.log.times(event)[-1] - first) / len(seen.log.times(event))


def _waiting(driven: DrivenStack, people: SignUps, body: dict[str, Any], sizes: Sizes) -> Seen:
    """Messages whose turn has not come; nobody is left in the queue when this ends."""
    slot = datetime.now(UTC) + timedelta(seconds=sizes.later)
    calls = [people.put(driven, body, slot)] * sizes.saturated
    seen = driven.send(calls, [0.0] * sizes.saturated, "waiting")
    driven.wait_for("mailed", sizes.saturated, seen.offset)
    return seen


def _clicked(driven: DrivenStack, people: SignUps, moments: Sequence[float]) -> Seen:
    calls = [press_button(token) for token in people.tokens(driven, len(moments))]
    return driven.send(calls, moments, "promoted")


def _mail_burst(mail: _Bracketed) -> Burst:
    log = mail.burst.log
    accepted, mailed = log.times("accepted"), log.times("mailed")
    return Burst(
        paces=mail.paces,
        arrivals=_rounded(mail.burst.moments),
        seconds=_rounded(sorted(log.between("accepted", "mailed"))),
        took=mailed[-1] - mail.burst.began,
        most_waiting=_most(accepted, mailed),
        others=mail.others,
    )


def _burst(clicks: _Bracketed) -> Burst:
    moments, answered = clicks.burst.moments, clicks.burst.answered
    ends = [at + took for at, took in zip(moments, answered, strict=True)]
    return Burst(
        paces=clicks.paces,
        arrivals=_rounded(moments),
        seconds=_rounded(sorted(answered)),
        took=max(ends),
        most_waiting=_most(moments, ends),
        others=clicks.others,
    )


def _rounded(seconds: Sequence[float]) -> tuple[float, ...]:
    """No clock here is better."""
    return tuple(round(one, 4) for one in seconds)


def _most(begin: Sequence[float], end: Sequence[float]) -> int:
    """How many had begun and not ended, at the most."""
    waiting = most = 0
    for _, change in sorted([(at, 1) for at in begin] + [(at, -1) for at in end]):
        waiting += change
        most = max(most, waiting)
    return most
