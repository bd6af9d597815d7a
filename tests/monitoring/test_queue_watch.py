"""How much waits: told each minute for all queues, though nothing waits at all."""

import logging
from datetime import timedelta
from typing import Any

import pytest

from shared.follow_ups import schedule
from shared.poison_watch import PoisonWatch
from shared.queue_watch import tell_queues
from shared.values.messages import FollowUp
from shared.values.queue_name import QueueName
from tests.examples import NOON, key_of, registration
from tests.fakes.outside import FakeOutside
from tests.told import told

NO_POISON = dict.fromkeys(QueueName, 0)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def outside(caplog: pytest.LogCaptureFixture) -> FakeOutside:
    caplog.set_level(logging.INFO)
    return FakeOutside()


def depths(caplog: pytest.LogCaptureFixture) -> dict[str, dict[str, Any]]:
    """What the only event says of each queue."""
    [depth] = told(caplog)
    assert (depth.level, depth.event) == ("INFO", "queue_depth")
    return {each.pop("queue"): each for each in depth.facts["queues"]}


def test_nothing_waits_and_is_told(outside: FakeOutside, caplog: pytest.LogCaptureFixture) -> None:
    tell_queues(NO_POISON, outside)
    nothing = {"waiting": 0, "visible": 0, "age": 0, "poison": 0}
    assert depths(caplog) == dict.fromkeys([queue.value for queue in QueueName], nothing)


def test_what_waits_is_told_with_its_age(
    outside: FakeOutside, caplog: pytest.LogCaptureFixture
) -> None:
    outside.queues.put("registrations", "{}")
    outside.queues.clock = NOON + 5 * MINUTE
    outside.queues.put("registrations", "{}")
    outside.queues.put("registrations", "{}", visible_in=MINUTE)
    outside.pass_time(7 * MINUTE)
    tell_queues(NO_POISON, outside)
    waits = {"waiting": 3, "visible": 2, "age": 7 * 60, "poison": 0}
    found = depths(caplog)
    assert found["registrations"] == waits
    assert found["promotions"]["waiting"] == 0


def test_what_is_hidden_has_no_age(outside: FakeOutside, caplog: pytest.LogCaptureFixture) -> None:
    outside.queues.put("promotions", "{}", visible_in=MINUTE)
    outside.pass_time(MINUTE / 2)
    tell_queues(NO_POISON, outside)
    hidden = {"waiting": 1, "visible": 0, "age": 0, "poison": 0}
    assert depths(caplog)["promotions"] == hidden


@pytest.mark.parametrize(("after", "age"), [(8, 24 * 60 * 60), (7, 0), (6, 0)])
def test_what_was_put_long_before_its_time_ages_from_then(
    outside: FakeOutside, caplog: pytest.LogCaptureFixture, after: int, age: int
) -> None:
    schedule(key_of(registration()), FollowUp.FORGET, NOON + timedelta(days=7), outside)
    [message] = outside.queues.take_all("follow-ups")
    outside.queues.put("follow-ups", message)  # visible now
    outside.pass_time(timedelta(days=after))
    tell_queues(NO_POISON, outside)
    assert depths(caplog)["follow-ups"]["age"] == age


def test_poison_is_counted(outside: FakeOutside, caplog: pytest.LogCaptureFixture) -> None:
    outside.queues.put("promotions-poison", "{}")
    poison = PoisonWatch().look(outside)
    caplog.clear()
    tell_queues(poison, outside)
    found = depths(caplog)
    assert found["promotions"]["poison"] == 1
    assert found["registrations"]["poison"] == 0


def test_the_watch_is_alive_though_storage_is_down(
    outside: FakeOutside, caplog: pytest.LogCaptureFixture
) -> None:
    outside.queues.down = True
    tell_queues(PoisonWatch().look(outside), outside)
    *unseen, summary = told(caplog)
    names = [name for queue in QueueName for name in (queue.value, queue.poison)]
    assert {(each.level, each.event) for each in unseen} == {("WARNING", "queue_unseen")}
    assert {each.facts["queue"]: each.facts["reason"] for each in unseen} == {
        name: f"queue {name}: down" for name in names
    }
    for depth in summary.facts["queues"]:
        assert {depth[fact] for fact in ("waiting", "visible", "age", "poison")} == {None}


@pytest.mark.parametrize("due", ['"soon"', "5", '"2026-11-22T12:00:00"', "null"])
def test_a_message_that_is_not_ours_ages_from_when_it_was_put(
    outside: FakeOutside, caplog: pytest.LogCaptureFixture, due: str
) -> None:
    outside.queues.put("follow-ups", f'{{"dueAt": {due}}}')
    outside.pass_time(MINUTE)
    tell_queues(NO_POISON, outside)
    assert depths(caplog)["follow-ups"]["age"] == 60
