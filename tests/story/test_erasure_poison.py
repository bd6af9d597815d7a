"""What waits of a person in poison goes; what is of others, or of nobody knows whom, stays."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from shared.values.lead_row import lead_registration_id
from shared.values.linkedin.symbols import LeadAction
from shared.values.mail import operation_id
from shared.values.messages import (
    FollowUp,
    FollowUpMessage,
    LeadMessage,
    MailAgainMessage,
    PromotionMessage,
    RegistrationMessage,
    WithdrawalMessage,
)
from shared.values.probe_message import PROBE
from shared.values.queue_name import QueueName
from shared.values.record_notes import MailKind
from shared.values.registration import Registration
from tests.examples import NOON, PEPPER, key_of, registration
from tests.fakes.outside import FakeOutside
from tests.mail_events import cloud_event, event_grid_event, report_data
from tests.story.erasing import erase_person, places_with
from tests.story.journey import sign_up

ASKED = registration()
TAGGED = registration("anna+x@example.com", number=2)
JOANNA = registration("joanna@example.com", number=3)
UNKNOWN = operation_id(registration(number=999).id, 1)


def known() -> FakeOutside:
    """Anna, another spelling of her mailbox, and Joanna have signed up."""
    outside = FakeOutside()
    for asked in (ASKED, TAGGED, JOANNA):
        sign_up(asked, outside)
    outside.pass_time(timedelta(minutes=1))
    return outside


def report_of(asked: Registration) -> str:
    return event_grid_event(report_data(operation_id(asked.id, 1), asked.email))


def messages_of(asked: Registration) -> list[tuple[QueueName, str]]:
    """One of each kind."""
    key = key_of(asked)
    where: dict[str, Any] = {
        "mailbox_key": key.mailbox_key,
        "registration_id": key.registration_id,
    }
    again = MailAgainMessage(**where, mail=MailKind.RENEWAL, number=2)
    later = FollowUpMessage(**where, follow_up=FollowUp.REMIND, due_at=NOON)
    lead = LeadMessage(registration_id=asked.id, lead="1-2", action=LeadAction.CREATED)
    return [
        (QueueName.REGISTRATIONS, RegistrationMessage(registration=asked).to_json()),
        (QueueName.REGISTRATIONS, again.to_json()),
        (QueueName.PROMOTIONS, PromotionMessage(**where).to_json()),
        (QueueName.PROMOTIONS, WithdrawalMessage(**where, withdrawn_at=NOON).to_json()),
        (QueueName.FOLLOW_UPS, later.to_json()),
        (QueueName.MAIL_REPORTS, report_of(asked)),
        (QueueName.LINKEDIN_LEADS, lead.to_json()),
    ]


def poisoned(outside: FakeOutside, queue: QueueName, body: str | bytes) -> None:
    outside.queues.put_by_host(queue.poison, body)


def left(outside: FakeOutside) -> list[str]:
    return [body for queue in QueueName for body in outside.queues.bodies(queue.poison)]


def test_every_kind_of_message_of_hers_goes_and_of_others_stays() -> None:
    outside = known()
    others = []
    for asked in (JOANNA, ASKED, TAGGED):
        for queue, body in messages_of(asked):
            poisoned(outside, queue, body)
            if asked is not ASKED:
                others.append(body)
    done = erase_person(outside)
    assert len(done.poison.dropped) == len(messages_of(ASKED))
    assert {one.queue for one in done.poison.dropped} == {queue.poison for queue in QueueName}
    assert done.poison.unreadable == ()
    assert sorted(left(outside)) == sorted(others)


def test_what_stays_can_be_replayed_at_once() -> None:
    outside = known()
    for queue, body in messages_of(JOANNA):
        poisoned(outside, queue, body)
    erase_person(outside)
    shown = [message for queue in QueueName for message in outside.queues.look(queue.poison)]
    assert len(shown) == len(messages_of(JOANNA))


def test_deeper_than_a_queue_shows() -> None:
    outside = known()
    for _ in range(40):
        poisoned(outside, QueueName.PROMOTIONS, messages_of(JOANNA)[2][1])
    poisoned(outside, *messages_of(ASKED)[0])
    poisoned(outside, *messages_of(ASKED)[2])
    assert len(erase_person(outside).poison.dropped) == 2
    assert len(left(outside)) == 40


def test_the_end_of_what_is_left_is_not_swept_with_it() -> None:
    """Where it is in poison itself, it has to be replayed: nothing else ends the proof."""
    outside = known()
    erase_person(outside)
    for body in outside.queues.take_all("follow-ups"):
        if "endProof" in body:
            poisoned(outside, QueueName.FOLLOW_UPS, body)
    assert erase_person(outside).poison.dropped == ()
    assert any("endProof" in body for body in left(outside))


OLDER = json.dumps({"version": 0, "registration": {"id": ASKED.id, "mail": "ANNA@example.com"}})


@pytest.mark.parametrize(
    "body",
    [
        OLDER,
        json.dumps({"version": 0, "who": "anna@example.com"}),
        json.dumps({"version": 0, "who": "\u0061nna@ex\u0061mple.com"}).replace("a", "\\u0061", 1),
        "To: Anna <anna@example.com>",
        '{"broken": "anna@example.com',
        json.dumps({"version": 0, "registrationId": ASKED.id}),
        json.dumps({"anna@example.com": [1, {"deep": None}]}),
    ],
)
@pytest.mark.parametrize("queue", QueueName)
def test_an_unreadable_message_that_names_her_goes(queue: QueueName, body: str) -> None:
    outside = known()
    poisoned(outside, queue, body)
    done = erase_person(outside)
    assert len(done.poison.dropped) == 1
    assert done.poison.unreadable == ()
    assert left(outside) == []


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"version": 0, "registrationId": JOANNA.id, "who": "joanna@example.com"}),
        json.dumps({"version": 99, "what": "nobody knows"}),
        b"\xff\xfe\x00 no text",
        b"",
        "[" * 5000,
        json.dumps({"who": "anna@example.com.au"}),
        json.dumps({"who": "x+anna@example.com"}),
    ],
)
def test_any_other_one_stays_is_told_and_stops_nothing(body: str | bytes) -> None:
    outside = known()
    poisoned(outside, QueueName.PROMOTIONS, body)
    poisoned(outside, QueueName.PROMOTIONS, messages_of(ASKED)[2][1])
    done = erase_person(outside)
    [unreadable] = done.poison.unreadable
    assert unreadable.queue == "promotions-poison"
    assert len(done.poison.dropped) == 1
    assert len(left(outside)) == 1


def test_the_doctors_trial_is_no_unreadable_message() -> None:
    outside = known()
    poisoned(outside, QueueName.PROMOTIONS, PROBE)
    assert erase_person(outside).poison.unreadable == ()


@pytest.mark.parametrize("envelope", [event_grid_event, cloud_event])
def test_a_report_as_event_grid_wrote_it(envelope: Callable[[object], str]) -> None:
    """It names the recipient. Whether the record that it is about is still there is all one."""
    outside = FakeOutside()
    poisoned(outside, QueueName.MAIL_REPORTS, envelope(report_data(UNKNOWN, "anna@example.com")))
    poisoned(outside, QueueName.MAIL_REPORTS, envelope(report_data(UNKNOWN, "joanna@example.com")))
    assert len(erase_person(outside).poison.dropped) == 1
    assert places_with(outside, "anna@example.com") == ["queue mail-reports-poison"]  # joanna
    assert len(left(outside)) == 1


def test_the_lead_of_an_erased_record() -> None:
    outside = FakeOutside()
    asked = ASKED.model_copy(update={"id": lead_registration_id("1-2", PEPPER)})
    sign_up(asked, outside)
    lead = LeadMessage(registration_id=asked.id, lead="1-2", action=LeadAction.DELETED)
    poisoned(outside, QueueName.LINKEDIN_LEADS, lead.to_json())
    assert len(erase_person(outside).poison.dropped) == 1
