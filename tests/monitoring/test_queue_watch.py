"""How much waits: told for each queue, and once for all of them, though nothing waits at all."""

import logging
from datetime import timedelta

import pytest

from shared.follow_ups import schedule
from shared.poison_watch import PoisonWatch
from shared.queue_watch import tell_queues
from shared.values.messages import FollowUp, QueueName
from tests.examples import NOON, key_of, registration
from tests.fakes.outside import FakeOutside
from tests.told import Told, told

EMPTY = [{"queue": queue.value, "count": 0, "poison": 0} for queue in QueueName]
NO_POISON = dict.fromkeys(QueueName, 0)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def outside(caplog: pytest.LogCaptureFixture) -> FakeOutside:
    caplog.set_level(logging.INFO)
    return FakeOutside()


def test_nothing_waits_and_is_told(outside: FakeOutside, caplog: pytest.LogCaptureFixture) -> None:
    tell_queues(NO_POISON, outside)
    assert told(caplog) == [Told("INFO", "queues_watched", {"queues": EMPTY})]


def test_what_waits_is_told_with_its_age(
    outside: FakeOutside, caplog: pytest.LogCaptureFixture
) -> None:
    outside.queues.put("registrations", "{}")
    outside.queues.clock = NOON + 5 * MINUTE
    outside.queues.put("registrations", "{}")
    outside.queues.put("registrations", "{}", visible_in=MINUTE)
    outside.pass_time(7 * MINUTE)
    tell_queues(NO_POISON, outside)
    depth, summary = told(caplog)
    facts = {"queue": "registrations", "count": 3, "visible": 2, "age": 7 * 60}
    assert depth == Told("INFO", "queue_depth", facts)
    assert summary.facts["queues"][0] == {"queue": "registrations", "count": 3, "poison": 0}
    assert summary.facts["queues"][1:] == EMPTY[1:]


def test_what_is_hidden_has_no_age(outside: FakeOutside, caplog: pytest.LogCaptureFixture) -> None:
    outside.queues.put("promotions", "{}", visible_in=MINUTE)
    outside.pass_time(MINUTE / 2)
    tell_queues(NO_POISON, outside)
    facts = {"queue": "promotions", "count": 1, "visible": 0, "age": 0}
    assert told(caplog)[0] == Told("INFO", "queue_depth", facts)


@pytest.mark.parametrize(("after", "age"), [(8, 24 * 60 * 60), (7, 0), (6, 0)])
def test_what_was_put_long_before_its_time_ages_from_then(
    outside: FakeOutside, caplog: pytest.LogCaptureFixture, after: int, age: int
) -> None:
    schedule(key_of(registration()), FollowUp.FORGET, NOON + timedelta(days=7), outside)
    [message] = outside.queues.messages["follow-ups"]
    outside.queues.messages["follow-ups"] = []
    outside.queues.put("follow-ups", message.body)  # visible now
    outside.pass_time(timedelta(days=after))
    tell_queues(NO_POISON, outside)
    assert told(caplog)[0].facts["age"] == age


def test_poison_is_counted(outside: FakeOutside, caplog: pytest.LogCaptureFixture) -> None:
    outside.queues.put("promotions-poison", "{}")
    tell_queues(PoisonWatch().look(outside), outside)
    [_, promotions, *_] = told(caplog)[-1].facts["queues"]
    assert promotions == {"queue": "promotions", "count": 0, "poison": 1}


def test_the_watch_is_alive_though_storage_is_down(
    outside: FakeOutside, caplog: pytest.LogCaptureFixture
) -> None:
    outside.queues.down = True
    tell_queues(PoisonWatch().look(outside), outside)
    *unseen, summary = told(caplog)
    assert {each.facts["queue"] for each in unseen} == {
        name for queue in QueueName for name in (queue.value, queue.poison)
    }
    assert {each.event for each in unseen} == {"queue_unseen"}
    assert {each["count"] for each in summary.facts["queues"]} == {None}
    assert {each["poison"] for each in summary.facts["queues"]} == {None}


@pytest.mark.parametrize("due", ['"soon"', "5", '"2026-11-22T12:00:00"', "null"])
def test_a_message_that_is_not_ours_ages_from_when_it_was_put(
    outside: FakeOutside, caplog: pytest.LogCaptureFixture, due: str
) -> None:
    outside.queues.put("follow-ups", f'{{"dueAt": {due}}}')
    outside.pass_time(MINUTE)
    tell_queues(NO_POISON, outside)
    assert told(caplog)[0].facts["age"] == 60
