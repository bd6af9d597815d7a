"""What a record notes of machines that open links."""

from datetime import timedelta

from shared.values.scanner_watch import MOST_WRONG_CODES, ScannerWatch
from tests.examples import NOON

WINDOW = timedelta(minutes=5)
SECOND = timedelta(seconds=1)


def opened(*networks: str) -> ScannerWatch:
    watch = ScannerWatch()
    for network in networks:
        watch = watch.opened(network, NOON, NOON - WINDOW)
    return watch


def test_who_opened_is_suspected_until_the_window_ends() -> None:
    watch = opened("a", "b")
    assert watch.suspects("a", NOON - SECOND)
    assert watch.suspects("b", NOON - SECOND)
    assert not watch.suspects("a", NOON)  # an opening exactly one window ago


def test_nobody_else_is() -> None:
    assert not opened("a").suspects("b", NOON - WINDOW)
    assert not opened("a").suspects(None, NOON - WINDOW)
    assert not ScannerWatch().suspects("a", NOON - WINDOW)


def test_the_list_stays_short_and_keeps_the_latest() -> None:
    watch = opened(*(f"network-{n}" for n in range(1000)))
    assert len(watch.openings) == 20
    assert watch.suspects("network-999", NOON - WINDOW)
    assert len(watch.model_dump_json()) < 32_768


def test_openings_that_are_over_are_dropped() -> None:
    later = NOON + WINDOW
    watch = opened("a", "b").opened("c", later, later - WINDOW)
    assert [opening.network for opening in watch.openings] == ["c"]


def test_wrong_codes_count_until_all_openings_are_over() -> None:
    watch = opened("a")
    for _ in range(MOST_WRONG_CODES):
        assert not watch.has_most_wrong_codes
        watch = watch.mistyped()
    assert watch.has_most_wrong_codes
    assert watch.opened("b", NOON + SECOND, NOON - WINDOW).has_most_wrong_codes
    later = NOON + WINDOW
    assert not watch.opened("a", later, later - WINDOW).has_most_wrong_codes
