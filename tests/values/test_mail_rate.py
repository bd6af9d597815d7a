"""The provider's quota: kept in every minute and hour, and spent well when it is short."""

from datetime import datetime, timedelta

import pytest

from shared.values.mail_rate import Lane, MailRates, MailsSent
from tests.examples import NOON

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
THIRTY = MailRates(per_minute=30)
HUNDRED_AN_HOUR = MailRates(per_minute=30, per_hour=100)


def greedy(rates: MailRates, lane: Lane, for_how_long: timedelta) -> list[datetime]:
    """Somebody who sends whenever he may, every second."""
    sent, times, now = MailsSent(), [], NOON
    while now < NOON + for_how_long:
        while sent.free(rates, lane, now):
            sent = sent.take(1, now)
            times.append(now)
        now += SECOND
    return times


def most_within(times: list[datetime], window: timedelta) -> int:
    return max(sum(begin <= time < begin + window for time in times) for begin in times)


def test_no_minute_ever_holds_more_than_the_quota() -> None:
    times = greedy(THIRTY, Lane.FRESH, 10 * MINUTE)
    assert most_within(times, MINUTE) == 30
    assert len(times) > 250  # of 300: the slots cost little


def test_no_hour_ever_holds_more_than_the_quota() -> None:
    times = greedy(HUNDRED_AN_HOUR, Lane.FRESH, 3 * HOUR)
    assert most_within(times, HOUR) == 100
    assert most_within(times, MINUTE) == 30
    assert len(times) >= 280  # of 300


def test_the_wait_ends_exactly_when_one_more_may_leave() -> None:
    sent, now = MailsSent(), NOON
    for count in (20, 10):
        sent = sent.take(count, now)
        now += 20 * SECOND
    assert sent.free(THIRTY, Lane.FRESH, now) == 0
    free_at = now + sent.wait(THIRTY, Lane.FRESH, now)
    assert sent.free(THIRTY, Lane.FRESH, free_at - SECOND) == 0
    assert sent.free(THIRTY, Lane.FRESH, free_at) == 20


def test_the_longer_of_both_windows_counts() -> None:
    sent = MailsSent().take(100, NOON)
    assert sent.wait(HUNDRED_AN_HOUR, Lane.FRESH, NOON) > HOUR
    assert sent.wait(THIRTY, Lane.FRESH, NOON) <= MINUTE + 5 * SECOND


def test_half_of_the_quota_is_kept_for_people_who_wait() -> None:
    sent = MailsSent().take(15, NOON)
    assert sent.free(THIRTY, Lane.LATER, NOON) == 0
    assert sent.wait(THIRTY, Lane.LATER, NOON) > timedelta(0)
    assert sent.free(THIRTY, Lane.FRESH, NOON) == 15


def test_a_quota_of_one_still_moves_both() -> None:
    for lane in Lane:
        assert len(greedy(MailRates(per_minute=1), lane, 10 * MINUTE)) >= 8


def test_two_providers_carry_the_sum_and_without_a_limit_on_one_there_is_none() -> None:
    acs, graph = MailRates(per_minute=30, per_hour=100), MailRates(per_minute=30)
    assert acs.together_with(graph) == MailRates(per_minute=60)
    assert acs.together_with(acs) == MailRates(per_minute=60, per_hour=200)
    assert not acs.together_with(MailRates()).are_limited


def test_old_slots_are_forgotten() -> None:
    sent = MailsSent()
    for minute in range(500):
        sent = sent.take(1, NOON + minute * MINUTE)
    assert len(sent.minute) <= 14
    assert len(sent.hour) <= 14


@pytest.mark.parametrize(
    ("rates", "block"),
    [
        (MailRates(per_minute=30), 1),
        (MailRates(per_minute=30, per_hour=100), 1),
        (MailRates(per_minute=6000), 100),
        (MailRates(per_minute=6000, per_hour=1000), 10),
        (MailRates(per_hour=60_000), 600),
    ],
)
def test_a_larger_quota_is_taken_in_larger_blocks(rates: MailRates, block: int) -> None:
    assert rates.block == block


def test_what_is_given_back_leaves_no_trace() -> None:
    sent = MailsSent().take(2, NOON)
    assert sent.give_back(1, NOON).give_back(1, NOON) == MailsSent()
    assert sent.give_back(2, NOON) == MailsSent()
    assert sent.give_back(1, NOON - HOUR) == sent  # counted nowhere any more
