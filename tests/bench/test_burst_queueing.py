"""The simulation's places and gates against what queueing theory says of them."""

import math
import random
from collections.abc import Callable, Sequence
from statistics import mean

import pytest
import simpy

from bench.burst.gate import Gate
from bench.burst.observed import Durations, Limit, Observed, Stage, busiest
from bench.burst.paid import Paid
from bench.burst.scale_group import ScaleGroup, Seen, Size, Steps

CUSTOMERS = 40_000
SERVICE = 1.0
FAST = 1e9  # cores: nobody waits for them


def group_of(env: simpy.Environment, places: int) -> ScaleGroup:
    size = Size(slots=places, cores=FAST, most=0, always_ready=1)
    return ScaleGroup(env, Stage.HTTP, size, Seen(observed=Observed(), paid=Paid()))


def mean_wait(places: int, load: float, takes: Callable[[random.Random], float]) -> float:
    """Of customers who come at random, in a group of so many places."""
    env, draw = simpy.Environment(), random.Random(7)  # noqa: S311 - no secret
    group = group_of(env, places)
    waits: list[float] = []

    def visit() -> Steps:
        came = env.now
        held = yield from group.enter(1)
        waits.append(env.now - came)
        yield from group.hold(held, 1, takes(draw), 0.0)

    def come() -> Steps:
        for _ in range(CUSTOMERS):
            yield env.timeout(draw.expovariate(load * places / SERVICE))
            env.process(visit())

    env.process(come())
    env.run()
    assert len(waits) == CUSTOMERS
    return mean(waits)


def exponential(draw: random.Random) -> float:
    return draw.expovariate(1 / SERVICE)


def fixed(_: random.Random) -> float:
    return SERVICE


def erlang_c(places: int, load: float) -> float:
    """Mean wait in M/M/c. https://en.wikipedia.org/wiki/Erlang_(unit)#Erlang_C_formula"""
    offered = load * places
    full = offered**places / math.factorial(places) / (1 - load)
    others = sum(offered**number / math.factorial(number) for number in range(places))
    return full / (others + full) * SERVICE / (places * (1 - load))


def cosmetatos(places: int, load: float) -> float:
    """Mean wait in M/D/c, within a few per cent. Cosmetatos, Naval Research Logistics 1975."""
    more = (1 - load) * (places - 1) * (math.sqrt(4 + 5 * places) - 2) / (16 * load * places)
    return erlang_c(places, load) / 2 * (1 + more)


@pytest.mark.parametrize(("places", "load"), [(1, 0.5), (1, 0.8), (4, 0.8), (16, 0.9)])
def test_waits_are_those_of_erlang(places: int, load: float) -> None:
    assert mean_wait(places, load, exponential) == pytest.approx(erlang_c(places, load), rel=0.1)


@pytest.mark.parametrize(("places", "load"), [(1, 0.5), (1, 0.8), (4, 0.8), (16, 0.9)])
def test_without_chance_in_the_service_waits_halve(places: int, load: float) -> None:
    assert mean_wait(places, load, fixed) == pytest.approx(cosmetatos(places, load), rel=0.1)


@pytest.mark.parametrize("load", [0.5, 0.8, 0.95])
def test_a_gate_is_one_server_with_fixed_service(load: float) -> None:
    env, draw = simpy.Environment(), random.Random(7)  # noqa: S311 - no secret
    gate, waits = Gate(env, 1 / SERVICE), []

    def come() -> Steps:
        for _ in range(CUSTOMERS):
            yield env.timeout(draw.expovariate(load / SERVICE))
            waits.append(gate.reserve(1.0) - env.now - SERVICE)

    env.process(come())
    env.run()
    assert mean(waits) == pytest.approx(load * SERVICE / 2 / (1 - load), rel=0.15)
    assert gate.passed == CUSTOMERS


def test_a_gate_never_lets_more_pass_than_its_rate() -> None:
    env, draw = simpy.Environment(), random.Random(7)  # noqa: S311 - no secret
    gate, passed = Gate(env, 20.0), []

    def come() -> Steps:
        for _ in range(2_000):
            yield env.timeout(draw.expovariate(30.0))
            passed.append((gate.reserve(1.0), 1))

    env.process(come())
    env.run()
    assert busiest(passed, 10.0) <= 20 * 10 + 1


def time_of(sizes: Sequence[int], places: int) -> float:
    env = simpy.Environment()
    group = group_of(env, places)

    def visit(size: int) -> Steps:
        held = yield from group.enter(size)
        yield from group.hold(held, size, size * SERVICE, 0.0)

    for size in sizes:
        env.process(visit(size))
    env.run()
    return float(env.now)


@pytest.mark.parametrize("size", [1, 3, 10, 60])
def test_throughput_does_not_depend_on_the_bundles(size: int) -> None:
    whole = 600
    assert time_of([size] * (whole // size), 12) == pytest.approx(whole * SERVICE / 12)


def test_a_bundle_that_finds_room_is_as_fast_as_one() -> None:
    assert time_of([8], 12) == time_of([1], 12) == SERVICE


def test_cores_limit_what_places_alone_would_do() -> None:
    env = simpy.Environment()
    observed = Observed()
    size = Size(slots=8, cores=1.0, most=0, always_ready=1)
    group = ScaleGroup(env, Stage.HTTP, size, Seen(observed=observed, paid=Paid()))

    def visit() -> Steps:
        held = yield from group.enter(1)
        yield from group.hold(held, 1, 0.1, 0.5)

    for _ in range(16):
        env.process(visit())
    env.run()
    assert env.now == pytest.approx(16 * 0.5, rel=0.1)
    assert observed.waits[Limit.CPU, Stage.HTTP].seconds > 0


def test_percentiles_weigh() -> None:
    durations = Durations()
    assert durations.percentile(0.5) is None
    for seconds, weight in ((3.0, 1), (1.0, 98), (2.0, 1), (9.0, 0)):
        durations.add(seconds, weight)
    assert durations.count == 100
    assert [durations.percentile(share) for share in (0.5, 0.98, 0.985, 1.0)] == [1, 1, 2, 3]


def test_the_busiest_window_is_found_wherever_it_begins() -> None:
    events = [(0.0, 2), (59.9, 3), (60.0, 4), (119.8, 5), (300.0, 11)]
    assert busiest(events, 60) == 12
    assert busiest(events[:2], 60) == 5
    assert busiest([], 60) == 0
