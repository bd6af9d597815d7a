"""What waits in poison queues: shown, put back, dropped; nothing is lost on the way."""

from datetime import timedelta

import pytest

from shared.failures import PermanentFailure, TemporaryFailure
from shared.poison import drop, everything, named, replay, waiting
from shared.ports import Receipt
from shared.values.messages import PromotionMessage, RegistrationMessage
from shared.values.queue_name import QueueName
from shared.values.record import Status
from tests.examples import key_of, registration
from tests.fakes.outside import FakeOutside
from tests.fakes.queues import FakeQueues
from tests.story.journey import deliver, link, press, sign_up, stored

ASKED = registration()
KEY = key_of(ASKED)
PROMOTION = PromotionMessage(
    mailbox_key=KEY.mailbox_key, registration_id=KEY.registration_id, attempt=7
)
POISON = "promotions-poison"


def poisoned(outside: FakeOutside, count: int = 1) -> list[str]:
    """So many promotions that failed, each of another registration; their ids."""
    ids = [registration(number=number).id for number in range(1, count + 1)]
    for each in ids:
        message = PROMOTION.model_copy(update={"registration_id": each})
        outside.queues.put(POISON, message.failed("no such trigger").to_json())
    return ids


def test_what_waits_is_shown_with_its_cause_and_no_person() -> None:
    outside = FakeOutside()
    outside.mailer.fail_next(PermanentFailure("recipient rejected"))
    outside.forms = {}
    whole = RegistrationMessage(registration=ASKED).failed("form 'newsletter' does not exist")
    outside.queues.put("registrations-poison", whole.to_json())
    shown = waiting(QueueName.REGISTRATIONS, outside)
    assert shown.count == 1
    [message] = shown.messages
    assert message.registration == ASKED.id
    assert message.failure == "form 'newsletter' does not exist"
    assert ASKED.email not in str(shown)
    assert outside.queues.count("registrations-poison") == 1


@pytest.mark.parametrize("body", ["hello", "[]", '{"a": 1}', '{"registration": 5}', "[" * 5000])
def test_what_is_not_ours_is_shown_without_its_content(body: str) -> None:
    outside = FakeOutside()
    outside.queues.put(POISON, body)
    [message] = waiting(QueueName.PROMOTIONS, outside).messages
    assert (message.registration, message.failure) == (None, None)


def test_an_empty_queue_shows_nothing() -> None:
    shown = waiting(QueueName.PROMOTIONS, FakeOutside())
    assert (shown.count, shown.messages) == (0, ())


def test_a_replayed_message_is_as_it_was_before_its_first_attempt() -> None:
    outside = FakeOutside()
    poisoned(outside)
    outcome = replay(QueueName.PROMOTIONS, everything, outside)
    assert [message.registration for message in outcome.done] == [ASKED.id]
    assert outside.queues.bodies("promotions") == [
        PROMOTION.model_copy(update={"attempt": 0}).to_json()
    ]
    assert outside.queues.bodies(POISON) == []


def test_a_replayed_promotion_runs_to_its_end_once_the_cause_is_mended() -> None:
    outside = FakeOutside()
    token = link(sign_up(ASKED, outside))
    outside.customer_insights.failures.append(PermanentFailure("no such trigger"))
    press(token, outside)
    outside.customer_insights.failures.append(PermanentFailure("no such trigger"))
    deliver("promotions", outside)
    failed = stored(ASKED, outside)
    assert failed is not None
    assert failed.status is Status.FAILED
    replay(QueueName.PROMOTIONS, named(ASKED.id), outside)
    deliver("promotions", outside)
    mended = stored(ASKED, outside)
    assert mended is not None
    assert mended.status is Status.PROMOTED
    assert outside.queues.bodies(POISON) == []


@pytest.mark.parametrize("by", ["message", "registration"])
def test_one_is_replayed_and_the_others_stay_visible(by: str) -> None:
    outside = FakeOutside()
    ids = poisoned(outside, 100)
    messages = outside.queues.messages[POISON]
    wanted = messages[70].id if by == "message" else ids[70]
    outcome = replay(QueueName.PROMOTIONS, named(wanted), outside)
    assert [message.registration for message in outcome.done] == [ids[70]]
    assert len(outside.queues.bodies("promotions")) == 1
    left = outside.queues.messages[POISON]
    assert len(left) == 99
    assert {message.visible_in for message in left} == {timedelta(0)}


def test_all_are_replayed_however_many() -> None:
    outside = FakeOutside()
    poisoned(outside, 100)
    outcome = replay(QueueName.PROMOTIONS, everything, outside)
    assert len(outcome.done) == len(outside.queues.bodies("promotions")) == 100
    assert outside.queues.bodies(POISON) == []


def test_what_no_function_reads_is_left_where_it_is() -> None:
    outside = FakeOutside()
    outside.queues.put(POISON, "hello")
    poisoned(outside)
    outcome = replay(QueueName.PROMOTIONS, everything, outside)
    assert (len(outcome.done), len(outcome.left)) == (1, 1)
    assert outside.queues.bodies(POISON) == ["hello"]
    assert len(outside.queues.look(POISON)) == 1


def test_nothing_is_removed_from_poison_before_its_queue_has_it() -> None:
    outside = FakeOutside()
    poisoned(outside, 3)
    put = outside.queues.put

    def only_one(*args: object, **options: object) -> object:
        if outside.queues.bodies("promotions"):
            raise TemporaryFailure("storage is down")
        return put(*args, **options)  # type: ignore[arg-type] # handed on as they are

    outside.queues.put = only_one  # type: ignore[method-assign, assignment] # goes down in between
    with pytest.raises(TemporaryFailure):
        replay(QueueName.PROMOTIONS, everything, outside)
    assert len(outside.queues.bodies("promotions")) == 1
    assert len(outside.queues.bodies(POISON)) == 2


def test_what_nobody_needs_is_dropped() -> None:
    outside = FakeOutside()
    outside.queues.put(POISON, "hello")
    ids = poisoned(outside, 2)
    [strange] = [message for message in outside.queues.look(POISON) if message.body == b"hello"]
    assert len(drop(QueueName.PROMOTIONS, named(strange.id), outside).done) == 1
    assert len(drop(QueueName.PROMOTIONS, named(ids[1]), outside).done) == 1
    assert drop(QueueName.PROMOTIONS, named("nothing"), outside).done == ()
    [left] = waiting(QueueName.PROMOTIONS, outside).messages
    assert left.registration == ids[0]
    assert "promotions" not in outside.queues.messages


def test_what_could_not_be_deleted_is_not_called_dropped() -> None:
    outside = FakeOutside()
    poisoned(outside, 2)
    storage = outside.queues

    class Losing(FakeQueues):
        """From the moment in which something is deleted nothing answers."""

        def delete(self, receipt: Receipt) -> None:
            self.down = True
            super().delete(receipt)

    outside.queues = Losing(messages=storage.messages)
    with pytest.raises(TemporaryFailure):
        drop(QueueName.PROMOTIONS, everything, outside)
    assert len(storage.messages[POISON]) == 2
