"""What failed for good is told, waits for ever, and runs to its end once its cause is mended."""

import json
from collections.abc import Iterator
from datetime import MAXYEAR

import pytest
import requests
from azure.storage.queue import QueueClient, QueueMessage

from shared.values.messages import PromotionMessage
from tests.journey import function_log
from tests.journey.customer_insights import known_about, known_once_promoted
from tests.journey.inbox import mail_to
from tests.journey.operator import doi
from tests.journey.person import Person
from tests.journey.sign_up import SECONDS, post_json, press, whitepaper
from tests.journey.storage import poison, put, wait_for_record
from tests.journey.waiting import until
from tests.running_stack import Stack

pytestmark = pytest.mark.stack

# For the page, and for the queue's attempt after it.
NO_TRIGGER = {"match": "POST msdynmkt_whitepaperconfirmed_7654321", "status": 404, "times": 2}


@pytest.fixture
def _no_trigger(stack: Stack) -> Iterator[None]:
    """Somebody has unpublished the trigger."""
    faults = f"{stack.dataverse}/_simulator/faults"
    assert requests.post(faults, json=NO_TRIGGER, timeout=SECONDS).status_code == 201
    yield
    requests.delete(faults, timeout=SECONDS)


def watch(stack: Stack) -> None:
    """Do not wait for the minute to be over."""
    url = f"{stack.functions}/admin/functions/watch_poison"
    assert requests.post(url, json={}, timeout=SECONDS).status_code == 202


@pytest.mark.usefixtures("_no_trigger")
def test_what_was_poisoned_is_told_mended_replayed_and_runs_to_its_end(
    stack: Stack, person: Person
) -> None:
    accepted = post_json(stack, whitepaper(person), form="whitepaper")
    registration = accepted.json()["registrationId"]
    press(mail_to(stack, person.email).confirm_url)
    key = wait_for_record(stack, registration, "confirmed")["PartitionKey"]
    message = PromotionMessage(mailbox_key=key, registration_id=registration)
    put(stack, "promotions", message.to_json())  # the safety net would take half a minute
    wait_for_record(stack, registration, "failed")

    watch(stack)
    told = until(
        lambda: [
            told
            for told in function_log.told(stack, "poison_waiting", queue="promotions")
            if registration in told.facts["registrations"]
        ],
        "the line of the watch",
    )[0]
    assert told.level == "ERROR"
    assert any("the environment has no such trigger" in each for each in told.facts["reasons"])
    [queue] = doi(stack, "poison", "list", "--queue", "promotions")
    [shown] = [each for each in queue["messages"] if each["registration"] == registration]
    assert "the environment has no such trigger" in shown["failure"]

    # The fault is used up: somebody has published the trigger again.
    outcome = doi(stack, "poison", "replay", "promotions", "--id", registration)
    assert [each["id"] for each in outcome["replayed"]] == [shown["id"]]

    wait_for_record(stack, registration, "promoted")
    known = known_once_promoted(stack, person)
    assert [len(known.contacts), len(known.consents), len(known.triggers)] == [1, 1, 1]
    assert not [body for body in poison(stack, "promotions") if registration in body]
    assert known_about(stack, person) == known


def test_what_the_host_moved_is_adopted_before_it_expires(stack: Stack, person: Person) -> None:
    registration = f"00000000-0000-4000-8000-{person.email.partition('@')[0]}"
    message = PromotionMessage(mailbox_key="0" * 64, registration_id=registration)
    with QueueClient.from_connection_string(stack.azurite, "promotions-poison") as queue:

        def adopted() -> list[QueueMessage]:
            return [
                each
                for each in queue.peek_messages(max_messages=32)
                if each.expires_on and each.expires_on.year == MAXYEAR  # never
            ]

        before = {each.id for each in adopted()}
        queue.send_message(message.to_json())  # as the host copies it: raw, for seven days
        watch(stack)
        until(lambda: {each.id for each in adopted()} - before, "an adopted message")
    [kept] = [body for body in poison(stack, "promotions") if registration in body]
    assert json.loads(kept)["failure"] == "failed five times: see the log of its invocations"
    assert json.loads(kept)["registrationId"] == registration
    [dropped] = doi(stack, "poison", "drop", "promotions", "--yes", "--id", registration)["dropped"]
    assert dropped["registration"] == registration
