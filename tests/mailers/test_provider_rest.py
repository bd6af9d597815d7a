"""When a provider is left alone, for how long, and who finds out that it is back."""

import threading

import pytest

from shared.adapters.provider_rest import (
    FIRST_REST,
    MOST_FAILURES,
    ProviderRest,
    Turn,
)
from tests.mailers.moved_clock import MovedClock


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def rest(clock: MovedClock) -> ProviderRest:
    return ProviderRest(clock)


def fail(rest: ProviderRest, asked_for: float | None = None) -> float | None:
    """A call that may be made, and does not work; how long the provider rests from then on."""
    turn = rest.turn()
    assert isinstance(turn, Turn)
    return rest.failed(turn, asked_for)


def fall_asleep(rest: ProviderRest) -> None:
    rests = [fail(rest) for _ in range(MOST_FAILURES)]
    assert rests == [*[None] * (MOST_FAILURES - 1), FIRST_REST]


def test_rests_after_failures_in_a_row(rest: ProviderRest, clock: MovedClock) -> None:
    fall_asleep(rest)
    assert (rest.is_resting, rest.turn(), rest.left) == (True, FIRST_REST, FIRST_REST)
    clock.pass_time(20)
    assert rest.turn() == rest.left == FIRST_REST - 20


def test_a_call_that_works_starts_the_count_anew(rest: ProviderRest) -> None:
    for _ in range(4):
        for _ in range(MOST_FAILURES - 1):
            assert fail(rest) is None
        rest.worked(Turn.ORDINARY)
    assert not rest.is_resting


def test_one_call_probes_and_the_others_wait(rest: ProviderRest, clock: MovedClock) -> None:
    fall_asleep(rest)
    clock.pass_time(FIRST_REST)
    assert [rest.turn(), rest.turn(), rest.turn()] == [Turn.PROBE, FIRST_REST / 4, FIRST_REST / 4]
    assert (rest.is_resting, rest.left) == (True, 0)
    rest.worked(Turn.PROBE)
    assert not rest.is_resting
    assert [rest.turn(), rest.turn()] == [Turn.ORDINARY, Turn.ORDINARY]


def test_each_probe_that_fails_makes_the_rest_longer(rest: ProviderRest, clock: MovedClock) -> None:
    fall_asleep(rest)
    rests = []
    for _ in range(2000):  # a week of it
        clock.pass_time(rest.left)
        rests.append(fail(rest))
    assert rests[:4] == [2 * FIRST_REST, 4 * FIRST_REST, 5 * FIRST_REST, 5 * FIRST_REST]
    assert set(rests[4:]) == {5 * FIRST_REST}
    clock.pass_time(5 * FIRST_REST)
    assert rest.turn() is Turn.PROBE
    rest.worked(Turn.PROBE)
    fall_asleep(rest)  # the next outage begins with a short rest


def test_a_wait_that_is_named_is_kept_at_once(rest: ProviderRest, clock: MovedClock) -> None:
    assert fail(rest, asked_for=1800) == 1800
    assert rest.turn() == 1800
    clock.pass_time(1799.5)
    assert rest.turn() == 0.5
    clock.pass_time(0.5)
    assert rest.turn() is Turn.PROBE


def test_the_longer_of_both_waits_counts(rest: ProviderRest, clock: MovedClock) -> None:
    assert fail(rest, asked_for=2) == 2
    clock.pass_time(2)
    assert fail(rest, asked_for=2) == FIRST_REST
    clock.pass_time(FIRST_REST)
    assert fail(rest, asked_for=7200) == 7200


def test_a_wait_of_nothing_is_an_ordinary_failure(rest: ProviderRest) -> None:
    assert fail(rest, asked_for=0) is None
    assert rest.turn() is Turn.ORDINARY


def test_calls_from_before_the_rest_do_not_change_its_length(rest: ProviderRest) -> None:
    under_way = [rest.turn() for _ in range(5)]
    assert set(under_way) == {Turn.ORDINARY}
    fall_asleep(rest)
    assert [rest.failed(Turn.ORDINARY, None) for _ in under_way] == [None] * 5
    assert rest.left == FIRST_REST
    rest.worked(Turn.ORDINARY)
    assert rest.left == FIRST_REST


def test_calls_from_before_the_rest_may_ask_for_more(rest: ProviderRest) -> None:
    rest.turn()
    fall_asleep(rest)
    assert rest.failed(Turn.ORDINARY, 3600) is None
    assert rest.left == 3600
    assert rest.failed(Turn.ORDINARY, 10) is None
    assert rest.left == 3600


def test_a_probe_that_tells_nothing_leaves_it_to_the_next(
    rest: ProviderRest, clock: MovedClock
) -> None:
    fall_asleep(rest)
    clock.pass_time(FIRST_REST)
    assert rest.turn() is Turn.PROBE
    rest.told_nothing(Turn.PROBE)
    assert rest.is_resting
    assert [rest.turn(), rest.turn()] == [Turn.PROBE, FIRST_REST / 4]


def test_of_many_threads_one_probes(rest: ProviderRest, clock: MovedClock) -> None:
    fall_asleep(rest)
    clock.pass_time(FIRST_REST)
    together = threading.Barrier(8)
    turns: list[Turn | float] = []

    def ask() -> None:
        together.wait()
        turns.append(rest.turn())

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(turns, key=str) == [FIRST_REST / 4] * 7 + [Turn.PROBE]


def test_the_first_rest_is_a_setting(clock: MovedClock) -> None:
    rest = ProviderRest(clock, first_rest=2.0)
    for _ in range(MOST_FAILURES):
        fail(rest)
    assert rest.left == 2.0
    clock.pass_time(2.0)
    assert rest.turn() is Turn.PROBE
    assert rest.turn() == 0.5
    assert rest.failed(Turn.PROBE, None) == 4.0
