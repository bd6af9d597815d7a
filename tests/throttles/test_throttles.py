"""What several instances share, and what most visitors never cost."""

from datetime import datetime, timedelta

import pytest

from shared.throttles.throttles import SharedThrottles
from shared.values.mail_rate import Lane, MailRates
from tests.examples import NOON
from tests.fakes.limits import FakeLimits
from tests.told import told

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
SOURCE, OTHER = "a" * 64, "b" * 64


def instance(
    limits: FakeLimits, rates: MailRates | None = None, per_source: int = 20
) -> SharedThrottles:
    return SharedThrottles(limits, rates=rates or MailRates(), per_source_and_hour=per_source)


def immediate(throttles: SharedThrottles, source: str, count: int, now: datetime = NOON) -> int:
    """How many of `count` registrations are mailed at once."""
    return sum(throttles.source_slot(source, now) in (None, now) for _ in range(count))


def test_a_few_registrations_of_a_network_cost_no_storage_operation() -> None:
    limits = FakeLimits()
    throttles = instance(limits)
    for number in range(200):
        assert immediate(throttles, f"{number:064}", 5) == 5
    assert limits.writes == 0


def test_those_that_were_not_counted_are_counted_once_they_become_many() -> None:
    assert immediate(instance(FakeLimits()), SOURCE, 100) == 20


def test_a_small_budget_is_kept_as_well() -> None:
    assert immediate(instance(FakeLimits(), per_source=1), SOURCE, 10) == 1


def test_instances_share_the_budget() -> None:
    limits = FakeLimits()
    first, second = instance(limits), instance(limits)
    at_once = immediate(first, SOURCE, 50) + immediate(second, SOURCE, 50)
    assert 20 <= at_once <= 25  # each may miss five
    assert immediate(second, OTHER, 10) == 10


def test_the_budget_is_whole_after_a_quiet_while() -> None:
    throttles = instance(FakeLimits())
    immediate(throttles, SOURCE, 20)
    assert immediate(throttles, SOURCE, 30, NOON + 2 * HOUR) == 20


def test_a_network_beyond_its_budget_is_told_once_an_hour(
    caplog: pytest.LogCaptureFixture,
) -> None:
    throttles = instance(FakeLimits())
    immediate(throttles, SOURCE, 20)
    assert told(caplog) == []
    immediate(throttles, SOURCE, 500)
    [throttled] = told(caplog)
    assert (throttled.level, throttled.event) == ("WARNING", "source_throttled")
    assert throttled.facts == {"network": SOURCE[:12], "seconds": 180}
    immediate(throttles, OTHER, 30)
    assert [each.facts["network"] for each in told(caplog)] == [SOURCE[:12], OTHER[:12]]
    immediate(throttles, SOURCE, 5, NOON + HOUR / 2)
    assert len(told(caplog)) == 2
    immediate(throttles, SOURCE, 10, NOON + 2 * HOUR)
    assert len(told(caplog)) == 3


def test_a_flood_from_everywhere_is_no_flood_of_lines(caplog: pytest.LogCaptureFixture) -> None:
    throttles = instance(FakeLimits(), per_source=1)
    for number in range(300):
        immediate(throttles, f"{number:064}"[::-1], 3)
    assert len(told(caplog)) == 100


def test_a_complaint_costs_a_fifth_of_the_budget() -> None:
    throttles = instance(FakeLimits())
    throttles.complain(SOURCE, NOON)
    assert immediate(throttles, SOURCE, 30) == 16
    assert immediate(throttles, OTHER, 30) == 20


def test_without_a_quota_nothing_is_counted() -> None:
    limits = FakeLimits()
    throttles = instance(limits)
    assert {throttles.take_mail(Lane.FRESH, NOON) for _ in range(1000)} == {None}
    throttles.give_mail_back(NOON)
    assert limits.writes == 0


def sent_by(throttles: list[SharedThrottles], lane: Lane, now: datetime = NOON) -> int:
    """How many mails the instances send in turns before one has to wait."""
    count = 0
    while throttles[count % len(throttles)].take_mail(lane, now) is None:
        count += 1
    return count


def test_instances_share_the_quota() -> None:
    limits, rates = FakeLimits(), MailRates(per_minute=30)
    pair = [instance(limits, rates), instance(limits, rates)]
    assert sent_by(pair, Lane.FRESH) == 30
    wait = pair[0].take_mail(Lane.FRESH, NOON)
    assert wait is not None
    assert sent_by([pair[0]], Lane.FRESH, NOON + wait) == 30


def test_blocks_save_writes() -> None:
    limits = FakeLimits()
    assert sent_by([instance(limits, MailRates(per_minute=600))], Lane.FRESH) == 600
    assert limits.writes == 60


def test_a_mail_given_back_is_sent_by_the_next() -> None:
    throttles = instance(FakeLimits(), MailRates(per_minute=1))
    assert throttles.take_mail(Lane.FRESH, NOON) is None
    throttles.give_mail_back(NOON + SECOND)
    assert throttles.take_mail(Lane.FRESH, NOON + SECOND) is None
    assert throttles.take_mail(Lane.FRESH, NOON + SECOND) is not None


@pytest.mark.parametrize("lane", list(Lane))
def test_what_was_given_back_late_is_not_lost_to_the_hour(lane: Lane) -> None:
    throttles = instance(FakeLimits(), MailRates(per_minute=30, per_hour=100))
    now = NOON
    for _ in range(300):  # five hours of mails that could not leave
        assert throttles.take_mail(lane, now) is None
        throttles.give_mail_back(now)
        now += timedelta(minutes=1)
    assert sent_by([throttles], Lane.FRESH, now) == 30


def test_mails_an_hour_apart_from_the_quota_go_at_once_whoever_sends_them() -> None:
    limits, rates = FakeLimits(), MailRates(per_minute=600, per_hour=3000)
    trio = [instance(limits, rates) for _ in range(3)]
    now = NOON
    for number in range(3000):  # nine tenths of the quota, evenly spaced
        assert trio[number % 3].take_mail(Lane.FRESH, now) is None
        now += timedelta(seconds=3600 / 2700)


def test_an_unused_block_does_not_leave_in_a_later_minute() -> None:
    throttles = instance(FakeLimits(), MailRates(per_minute=30))
    assert throttles.take_mail(Lane.FRESH, NOON) is None
    later = NOON + timedelta(minutes=2)
    assert sent_by([throttles], Lane.FRESH, later) == 30


def test_a_flood_leaves_half_of_the_quota() -> None:
    throttles = instance(FakeLimits(), MailRates(per_minute=30))
    assert sent_by([throttles], Lane.LATER) == 15
    assert sent_by([throttles], Lane.FRESH) == 15


def crossings(throttles: SharedThrottles, count: int, now: datetime = NOON) -> list[int]:
    found = (throttles.count_registration("newsletter", 100, now) for _ in range(count))
    return [day for day in found if day is not None]


def test_the_ceiling_alarms_once_and_again_at_each_doubling() -> None:
    limits = FakeLimits()
    assert crossings(instance(limits), 450) == [100, 200, 400]
    assert limits.writes == 225  # every second one


def test_a_new_day_starts_at_nothing() -> None:
    throttles = instance(FakeLimits())
    assert crossings(throttles, 100) == [100]
    tomorrow = NOON + timedelta(days=1)
    assert crossings(throttles, 99, tomorrow) == []
    assert crossings(throttles, 1, tomorrow) == [100]


def test_instances_reach_the_ceiling_together() -> None:
    limits = FakeLimits()
    assert crossings(instance(limits), 60) == []
    assert crossings(instance(limits), 60) == [100]
