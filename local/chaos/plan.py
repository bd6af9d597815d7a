"""The seeded plan: who signs up when, and what strikes when. The same seed gives the same plan.

What the run makes of it differs each time: threads, processes and sockets keep no seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from local.chaos.blows import Kill, MailTrouble, Strike, TimedBlow
from local.chaos.dataverse_faults import lasting_fault, passing_fault
from local.chaos.forms import BY_ROW, NEWSLETTER, WHITEPAPER
from local.chaos.sign_ups import DOMAIN, Behaviour, SignUp

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS_PER_KILL = 5.0  # the host needs about two to be back, and must get some work done
SECONDS_PER_SIGN_UP = 0.25
SHORTEST = 10.0

# Out of twenty people.
BEHAVIOURS = (
    *[Behaviour.CONFIRM] * 8,
    *[Behaviour.CONFIRM_TWICE_AT_ONCE] * 3,
    *[Behaviour.OPEN_OFTEN_THEN_CONFIRM] * 3,
    *[Behaviour.DECLINE] * 3,
    *[Behaviour.IGNORE] * 2,
    Behaviour.UNREACHABLE,
)
FORMS = (NEWSLETTER, NEWSLETTER, WHITEPAPER, BY_ROW)
FOR_TWO_FORMS = 0.3  # of those who confirm
REACTS_WITHIN = 5.0
WORKS_BEFORE_A_KILL = (0.3, 4.0)

# How many for each sign-up: with more of them the app would mostly wait, and never be hit at work.
DATAVERSE_FAULTS = 0.3
LASTING_FAULTS = 0.02
MAIL_TROUBLES = 0.12
COPIES = 0.3
OUTAGE_EVERY = 25.0  # seconds, at most

STORAGE_DOWN, STORAGE_FROZEN = (1.0, 4.0), (1.0, 7.0)
MAIL_SERVER_DOWN, DATAVERSE_DOWN = (2.0, 5.0), (2.0, 6.0)
LAST_OUTAGE_SECONDS = 7.0  # so that the last one has ended when the plan has


@dataclass(frozen=True, kw_only=True)
class Plan:
    """`sign_ups` and `blows` are in the order of their time."""

    seed: int
    seconds: float
    sign_ups: tuple[SignUp, ...]
    blows: tuple[TimedBlow, ...]


def make_plan(*, registrations: int, seed: int, kills: int) -> Plan:
    """Exactly so many registrations and kills."""
    random = Random(seed)  # noqa: S311 - a plan is to be repeatable, not secret
    seconds = max(SHORTEST, kills * SECONDS_PER_KILL, registrations * SECONDS_PER_SIGN_UP)
    blows = [
        *_kills(kills, seconds, random),
        *_outages(seconds, random),
        *_now_and_then(registrations, seconds, random),
    ]
    return Plan(
        seed=seed,
        seconds=seconds,
        sign_ups=tuple(_sign_ups(registrations, seconds, random)),
        blows=tuple(sorted(blows, key=lambda timed: timed.at)),
    )


def _sign_ups(count: int, seconds: float, random: Random) -> Iterator[SignUp]:
    times = sorted(random.uniform(0, seconds) for _ in range(count))
    behaviours = [BEHAVIOURS[number % len(BEHAVIOURS)] for number in range(count)]
    random.shuffle(behaviours)
    for_two: list[SignUp] = []
    for number, (at, behaviour) in enumerate(zip(times, behaviours, strict=True)):
        email, form = f"person{number}@{DOMAIN}", random.choice(FORMS)
        earlier = for_two.pop() if for_two and behaviour.confirms else None
        if earlier:
            email = earlier.email
            form = random.choice([other for other in FORMS if other != earlier.form])
        sign_up = SignUp(
            number=number,
            at=at,
            email=email,
            form=form,
            behaviour=behaviour,
            reacts_after=random.uniform(0, REACTS_WITHIN),
        )
        if behaviour.confirms and not earlier and random.random() < FOR_TWO_FORMS:
            for_two.append(sign_up)
        yield sign_up


def _kills(kills: int, seconds: float, random: Random) -> Iterator[TimedBlow]:
    """At random moments, one in each stretch of the run."""
    stretch = seconds / kills if kills else 0
    for number in range(kills):
        at = (number + random.uniform(0.1, 0.9)) * stretch
        yield TimedBlow(at=at, blow=Kill(after=random.uniform(*WORKS_BEFORE_A_KILL)))


def _outages(seconds: float, random: Random) -> Iterator[TimedBlow]:
    """Each in its own time line, so that different ones overlap and no one meets itself."""
    storage = [
        (Strike.STORAGE_STOPS, Strike.STORAGE_RETURNS, STORAGE_DOWN),
        (Strike.STORAGE_FREEZES, Strike.STORAGE_THAWS, STORAGE_FROZEN),
    ]
    mail_server = [(Strike.MAIL_SERVER_STOPS, Strike.MAIL_SERVER_RETURNS, MAIL_SERVER_DOWN)]
    dataverse = [(Strike.DATAVERSE_STOPS, Strike.DATAVERSE_RETURNS, DATAVERSE_DOWN)]
    for kinds in (storage, mail_server, dataverse):
        begin, turn = random.uniform(1, OUTAGE_EVERY / 2), random.randrange(len(kinds))
        while begin + LAST_OUTAGE_SECONDS < seconds:
            stops, returns, (shortest, longest) = kinds[turn % len(kinds)]
            end = begin + random.uniform(shortest, longest)
            yield TimedBlow(at=begin, blow=stops)
            yield TimedBlow(at=end, blow=returns)
            turn, begin = turn + 1, end + random.uniform(0.3, 1) * OUTAGE_EVERY


def _now_and_then(count: int, seconds: float, random: Random) -> Iterator[TimedBlow]:
    troubles = list(MailTrouble)
    for at in _moments(count * DATAVERSE_FAULTS, seconds, random):
        yield TimedBlow(at=at, blow=passing_fault(random))
    for at in _moments(count * LASTING_FAULTS, seconds, random):
        yield TimedBlow(at=at, blow=lasting_fault(random))
    for at in _moments(count * MAIL_TROUBLES, seconds, random):
        yield TimedBlow(at=at, blow=random.choice(troubles))
    for at in _moments(count * COPIES, seconds, random):
        yield TimedBlow(at=at, blow=Strike.COPY_MESSAGES)


def _moments(count: float, seconds: float, random: Random) -> Iterator[float]:
    for _ in range(round(count)):
        yield random.uniform(0, seconds)
