"""Queues deliver twice, people click twice, websites send again: everything happens once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from shared.values.messages import MailAgainMessage, PromotionMessage, RegistrationMessage
from shared.values.record_notes import MailKind
from tests.examples import registration
from tests.journey.customer_insights import known_about, known_once_promoted
from tests.journey.function_log import handling, wait_until_handled
from tests.journey.inbox import mail_to, mails_to
from tests.journey.person import Person
from tests.journey.sign_up import newsletter, post_json, press, sign_up
from tests.journey.storage import clear, put, wait_for_record
from tests.running_stack import Stack

pytestmark = pytest.mark.stack


def test_two_clicks_at_once_confirm_once(stack: Stack, person: Person) -> None:
    registration_id = sign_up(stack, person)
    link = mail_to(stack, person.email).confirm_url
    wait_for_record(stack, registration_id, "pending")
    both_are_there = threading.Barrier(2)

    def click(_: int) -> requests.Response:
        both_are_there.wait(10)
        return press(link)

    with ThreadPoolExecutor(2) as visitors:
        answers = list(visitors.map(click, range(2)))

    for answer in answers:
        assert answer.status_code == 200
        assert "Ihre Anmeldung ist bestätigt" in answer.text
    wait_for_record(stack, registration_id, "promoted")
    known = known_about(stack, person)
    assert [len(known.contacts), len(known.consents), len(known.triggers)] == [1, 1, 1]


@pytest.mark.parametrize("status", ["pending", "promoted"])
def test_a_redelivered_registration_sends_no_second_mail(
    stack: Stack, person: Person, status: str
) -> None:
    wanted = registration(person.email)
    message = RegistrationMessage(
        registration=wanted.model_copy(update={"id": _id_of(person)})
    ).to_json()
    wait_until_handled(stack, put(stack, "registrations", message))
    mail = mail_to(stack, person.email)
    if status == "promoted":
        press(mail.confirm_url)
    before = wait_for_record(stack, _id_of(person), status)

    wait_until_handled(stack, put(stack, "registrations", message))

    assert mails_to(stack, person.email) == [mail]
    assert wait_for_record(stack, _id_of(person), status) == before


def test_a_redelivered_promotion_writes_nothing_twice(stack: Stack, person: Person) -> None:
    registration_id = sign_up(stack, person)
    press(mail_to(stack, person.email).confirm_url)
    record = wait_for_record(stack, registration_id, "promoted")
    before = known_once_promoted(stack, person)

    message = PromotionMessage(
        mailbox_key=record["PartitionKey"], registration_id=registration_id
    ).to_json()
    for _ in range(2):
        wait_until_handled(stack, put(stack, "promotions", message))

    assert known_about(stack, person) == before
    assert wait_for_record(stack, registration_id, "promoted") == record


def test_a_promotion_of_what_nobody_confirmed_does_nothing(stack: Stack, person: Person) -> None:
    registration_id = sign_up(stack, person)
    record = wait_for_record(stack, registration_id, "pending")

    message = PromotionMessage(
        mailbox_key=record["PartitionKey"], registration_id=registration_id
    ).to_json()
    wait_until_handled(stack, put(stack, "promotions", message))

    assert wait_for_record(stack, registration_id, "pending") == record
    assert not known_about(stack, person).contacts


def test_the_same_idempotency_key_is_the_same_registration(stack: Stack, person: Person) -> None:
    key = {"Idempotency-Key": f"visit-{person.email}"}
    with handling(stack, "registrations", 1):
        first = post_json(stack, newsletter(person), headers=key)
    mail = mail_to(stack, person.email)

    with handling(stack, "registrations", 1):
        second = post_json(stack, newsletter(person), headers=key)

    assert second.status_code == first.status_code == 202
    assert second.json() == first.json()
    assert mails_to(stack, person.email) == [mail]


def test_the_same_idempotency_key_at_once_is_one_mail(stack: Stack, person: Person) -> None:
    key = {"Idempotency-Key": f"double-click-{person.email}"}

    def send(_: int) -> requests.Response:
        return post_json(stack, newsletter(person), headers=key)

    with ThreadPoolExecutor(4) as visitors, handling(stack, "registrations", 4):
        answers = list(visitors.map(send, range(4)))

    assert len({answer.json()["registrationId"] for answer in answers}) == 1
    assert len(mails_to(stack, person.email)) == 1
    # Who found a colleague sending looks again in some minutes: longer than we wait here.
    clear(stack, "registrations")


def test_a_fresh_mail_that_was_asked_for_three_times_at_once_comes_once(
    stack: Stack, person: Person
) -> None:
    registration_id = sign_up(stack, person)
    record = wait_for_record(stack, registration_id, "pending")
    message = MailAgainMessage(
        mailbox_key=record["PartitionKey"],
        registration_id=registration_id,
        mail=MailKind.RENEWAL,
        number=2,
    ).to_json()

    # Each of them once while the mailbox cools down from its first mail, and once after that.
    with handling(stack, "registrations", messages=6):
        for _ in range(3):
            put(stack, "registrations", message)

    assert len(mails_to(stack, person.email)) == 2
    clear(stack, "registrations")  # as above


def test_another_person_with_the_same_key_is_another_registration(
    stack: Stack, person: Person
) -> None:
    key = {"Idempotency-Key": "the-website-sends-always-the-same"}
    first = post_json(stack, newsletter(person), headers=key)
    other = post_json(stack, newsletter(person, email=f"b-{person.email}"), headers=key)

    assert first.json()["registrationId"] != other.json()["registrationId"]
    assert mail_to(stack, person.email).id != mail_to(stack, f"b-{person.email}").id


def _id_of(person: Person) -> str:
    """A registration id of the person's own, as register would have given one."""
    return f"00000000-0000-4000-8000-{person.email.partition('@')[0]}"
