"""A form whose journey is started by a row, on the running stack.

What the page could not finish, the queue takes up after 30 seconds: those who meet trouble wait
for that at the same time.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from shared.values.messages import PromotionMessage
from tests.journey import function_log
from tests.journey.customer_insights import known_about, knows_nothing_about
from tests.journey.function_log import wait_until_handled
from tests.journey.inbox import mail_to
from tests.journey.person import Person, somebody
from tests.journey.sign_up import SECONDS, newsletter, post_json, press
from tests.journey.storage import poison, put, wait_for_record
from tests.running_stack import Stack

pytestmark = pytest.mark.stack


def sign_up(stack: Stack, person: Person) -> str:
    """By the form whose journey a row starts. The registration's id."""
    accepted = post_json(stack, newsletter(person), form="by-row")
    assert accepted.status_code == 202, accepted.text
    registration_id: str = accepted.json()["registrationId"]
    return registration_id


def row_of(registration_id: str) -> str:
    return f"new_doiregistrations(new_registrationid='{registration_id}')"


def test_a_confirmed_registration_becomes_contact_consent_and_row(
    stack: Stack, person: Person
) -> None:
    registration_id = sign_up(stack, person)
    mail = mail_to(stack, person.email)
    assert knows_nothing_about(stack, person, registration_id)

    assert press(mail.confirm_url).status_code == 200

    record = wait_for_record(stack, registration_id, "promoted")
    known = known_about(stack, person)
    [contact] = known.contacts
    assert len(known.consents) == 1
    [row] = known.journey_rows
    assert row["new_registrationid"] == registration_id
    assert row["_new_contactid_value"] == contact["contactid"]
    assert (row["new_formid"], row["new_campaign"], row["new_language"]) == (
        "by-row",
        "spring",
        "de",
    )
    [start] = known.journey_starts
    assert start["rowId"] == row["new_doiregistrationid"]
    assert known.triggers == []
    promotion = json.loads(record["promotion"])
    assert promotion["journeyRow"] == row_of(registration_id)
    assert promotion["triggeredAt"] == promotion["writtenAt"]
    assert json.loads(record["click"])["at"][:19] == row["new_confirmedon"][:19]
    assert "answers" not in record


def test_further_clicks_and_redelivered_promotions_start_nothing(
    stack: Stack, person: Person
) -> None:
    registration_id = sign_up(stack, person)
    link = mail_to(stack, person.email).confirm_url
    press(link)
    record = wait_for_record(stack, registration_id, "promoted")
    before = known_about(stack, person)

    press(link)
    message = PromotionMessage(
        mailbox_key=record["PartitionKey"], registration_id=registration_id
    ).to_json()
    for _ in range(2):
        wait_until_handled(stack, put(stack, "promotions", message))

    assert known_about(stack, person) == before
    assert len(before.journey_starts) == 1
    assert wait_for_record(stack, registration_id, "promoted") == record


@dataclass(frozen=True, kw_only=True)
class Confirmed:
    """Somebody who pressed the button while the row was in trouble."""

    person: Person
    registration_id: str


@pytest.fixture(scope="module")
def in_trouble(stack: Stack) -> Mapping[str, Confirmed]:
    """By the name of the trouble. Each fault concerns one person's row only."""
    troubles: Mapping[str, Mapping[str, Any]] = {
        "lost": {"drop": True},
        "busy": {"status": 429, "retryAfter": 2},
        "forbidden": {"status": 403, "times": 2},  # for the page, and for the queue
    }

    def confirmed(fault: Mapping[str, Any]) -> Confirmed:
        person = somebody()
        registration_id = sign_up(stack, person)
        link = mail_to(stack, person.email).confirm_url
        asked = requests.post(
            f"{stack.dataverse}/_simulator/faults",
            json={"match": f"PATCH {row_of(registration_id)}", **fault},
            timeout=SECONDS,
        )
        assert asked.status_code == 201, asked.text
        assert "Ihre Anmeldung ist bestätigt" in press(link).text
        return Confirmed(person=person, registration_id=registration_id)

    return {name: confirmed(fault) for name, fault in troubles.items()}


@pytest.mark.parametrize("trouble", ["lost", "busy"])
def test_trouble_that_passes_ends_with_one_row_and_one_start(
    stack: Stack, in_trouble: Mapping[str, Confirmed], trouble: str
) -> None:
    who = in_trouble[trouble]

    wait_for_record(stack, who.registration_id, "promoted", seconds=120)

    known = known_about(stack, who.person)
    assert [len(known.contacts), len(known.consents)] == [1, 1]
    assert [len(known.journey_rows), len(known.journey_starts)] == [1, 1]
    assert function_log.told(stack, "promotion_postponed", registration=who.registration_id)


def test_a_missing_privilege_waits_in_poison_and_leaves_nothing_behind(
    stack: Stack, in_trouble: Mapping[str, Confirmed]
) -> None:
    who = in_trouble["forbidden"]

    record = wait_for_record(stack, who.registration_id, "failed", seconds=120)

    assert "Create, Read and Append for table new_doiregistrations" in record["failure"]
    assert known_about(stack, who.person).contacts == []
    [message] = [body for body in poison(stack, "promotions") if who.registration_id in body]

    put(stack, "promotions", message)  # the fault is used up: somebody gave the privilege

    wait_for_record(stack, who.registration_id, "promoted", seconds=120)
    assert len(known_about(stack, who.person).journey_starts) == 1
