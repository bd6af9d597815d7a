"""One network's mails: an hour's budget at once, then slowly."""

from datetime import timedelta

from shared.values.source_budget import MOST_SOURCES, SourceSlots
from tests.examples import NOON

TEN = 10
HOUR = timedelta(hours=1)
SIX_MINUTES = timedelta(minutes=6)


def slots_of(count: int, slots: SourceSlots | None = None) -> list[timedelta]:
    """When each of `count` registrations at noon may be mailed, from noon on."""
    slots, waits = slots or SourceSlots(), []
    for _ in range(count):
        slots = slots.take("a", 1, TEN, NOON)
        waits.append(slots.slot("a", NOON) - NOON)
    return waits


def test_the_budget_of_an_hour_goes_out_at_once() -> None:
    assert slots_of(10) == [timedelta(0)] * 10


def test_what_goes_beyond_is_spaced_and_never_refused() -> None:
    assert slots_of(13)[10:] == [SIX_MINUTES, 2 * SIX_MINUTES, 3 * SIX_MINUTES]


def test_the_budget_comes_back_with_time() -> None:
    full = SourceSlots().take("a", 10, TEN, NOON)
    later = NOON + 3 * SIX_MINUTES
    for _ in range(3):
        full = full.take("a", 1, TEN, later)
        assert full.slot("a", later) == later
    assert full.take("a", 1, TEN, later).slot("a", later) == later + SIX_MINUTES


def test_one_network_does_not_slow_another() -> None:
    flooded = SourceSlots().take("a", 100, TEN, NOON)
    assert flooded.take("b", 1, TEN, NOON).slot("b", NOON) == NOON


def test_a_network_whose_budget_is_whole_again_leaves_no_trace() -> None:
    slots = SourceSlots().take("a", 10, TEN, NOON)
    assert set(slots.take("b", 1, TEN, NOON + HOUR).busy_until) == {"b"}


def test_even_after_the_largest_flood_the_next_one_is_mailed_within_a_day() -> None:
    flooded = SourceSlots().take("a", 100_000, TEN, NOON)
    assert flooded.take("a", 1, TEN, NOON).slot("a", NOON) == NOON + timedelta(days=1)


def test_the_row_stays_small_and_keeps_the_busiest() -> None:
    slots = SourceSlots().take("busiest", 50, TEN, NOON)
    for number in range(MOST_SOURCES + 20):
        slots = slots.take(f"{number:064}", 1 + number % 7, TEN, NOON)
    assert len(slots.busy_until) <= MOST_SOURCES + 1
    assert slots.slot("busiest", NOON) > NOON
    assert len(slots.model_dump_json()) < 32_768 / 2  # characters of a table's property
