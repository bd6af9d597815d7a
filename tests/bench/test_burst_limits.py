"""The limits of the simulation: never exceeded, and told as those who own them tell them."""

from random import Random

import pytest

from bench.burst import published
from bench.burst.dataverse import REQUESTS_EACH, Dataverse
from bench.burst.line import Line
from bench.burst.mail_quota import MailQuota
from bench.burst.observed import Limit, busiest
from shared.values.mail_rate import Lane, MailRates

SECONDS_EACH = 0.7


@pytest.mark.parametrize("instances", [1, 7])
@pytest.mark.parametrize(
    "rates",
    [
        MailRates(per_minute=30, per_hour=100),
        MailRates(per_minute=600, per_hour=5_000),
        MailRates(per_minute=6_000, per_hour=20_000),
    ],
)
def test_no_minute_and_no_hour_has_more_mails_than_the_quota(
    rates: MailRates, instances: int
) -> None:
    quota, draw = MailQuota(rates), Random(3)  # noqa: S311 - no secret
    now, taken = 0.0, []
    assert rates.per_minute is not None
    assert rates.per_hour is not None
    many = max(1, rates.per_hour // 900)  # in two seconds twice the quota of the hour
    while now < 3 * 3600:
        now += draw.expovariate(0.5)
        lane = draw.choice(list(Lane))
        got, wait = quota.take(draw.randrange(instances), draw.randint(1, 2 * many), lane, now)
        taken.append((now, got))
        assert wait <= 3600 + 300
    assert busiest(taken, 60) <= rates.per_minute
    assert busiest(taken, 3600) <= rates.per_hour
    # It errs on the side of waiting, not of standing still.
    assert sum(got for _, got in taken) >= 3 * rates.per_hour * 0.8


def test_the_later_lane_leaves_half() -> None:
    quota = MailQuota(MailRates(per_minute=40))
    assert quota.take(0, 100, Lane.LATER, 0.0)[0] == 20
    assert quota.take(1, 100, Lane.FRESH, 0.0)[0] == 20


@pytest.mark.parametrize("size", [1, 25])
@pytest.mark.parametrize(("seconds", "limit"), [(0.7, Limit.EXECUTION), (0.1, Limit.REQUESTS)])
def test_five_minutes_hold_no_more_than_dataverse_allows(
    size: int, seconds: float, limit: Limit
) -> None:
    dataverse, draw = Dataverse(users=1, web_servers=1, seconds_each=seconds), Random(3)  # noqa: S311 - no secret
    now, done, refused = 0.0, [], []
    for _ in range(6_000 // size):
        now += draw.expovariate(12 / size)
        asked = dataverse.ask(0, size, 1, now)
        asked.end()
        done.append((now, asked.granted))
        if asked.granted < size:
            refused.append((asked.limit, asked.retry_after))
    most = busiest(done, published.WINDOW_SECONDS)
    assert most * REQUESTS_EACH <= published.WINDOW_REQUESTS
    assert most * seconds <= published.WINDOW_EXECUTION_SECONDS
    assert {told for told, _ in refused} == {limit}
    assert all(1 <= wait <= published.WINDOW_SECONDS for _, wait in refused)


def test_so_many_at_once_and_no_more() -> None:
    dataverse = Dataverse(users=1, web_servers=1, seconds_each=SECONDS_EACH)
    under_way = [dataverse.ask(0, 1, 1, 0.0) for _ in range(published.CONCURRENT_REQUESTS)]
    assert all(asked.granted for asked in under_way)
    refused = dataverse.ask(0, 1, 1, 0.0)
    assert (refused.granted, refused.limit) == (0, Limit.CONCURRENCY)
    under_way[0].end()
    assert dataverse.ask(0, 1, 1, 0.0).granted == 1


@pytest.mark.parametrize(("users", "web_servers"), [(1, 1), (4, 1), (1, 4), (3, 2)])
def test_each_user_and_web_server_has_a_limit_of_its_own(users: int, web_servers: int) -> None:
    dataverse = Dataverse(users=users, web_servers=web_servers, seconds_each=SECONDS_EACH)
    each = int(published.WINDOW_EXECUTION_SECONDS / SECONDS_EACH)
    granted = 0
    for number in range(2 * each * users * web_servers):
        asked = dataverse.ask(number // users, 1, 1, 0.0)
        asked.end()
        granted += asked.granted
    assert granted == each * users * web_servers
    assert dataverse.per_second == pytest.approx(granted / published.WINDOW_SECONDS)


def test_whoever_waits_in_a_line_has_a_time_of_its_own() -> None:
    line = Line(2.0)
    assert not line.is_there(10.0)
    assert [line.join(1, 10.0) for _ in range(3)] == [0.5, 1.0, 1.5]
    assert line.is_there(11.0)
    assert not line.is_there(12.0)
    assert line.join(4, 100.0) == 2.0


def test_a_line_goes_on_in_the_next_hour_when_this_one_is_promised() -> None:
    line = Line(10.0, per_hour=3_600)
    waits = [line.join(100, 0.0) for _ in range(80)]
    assert [waits[number] for number in (0, 35, 36, 71, 72)] == [10, 360, 3610, 3960, 7210]
