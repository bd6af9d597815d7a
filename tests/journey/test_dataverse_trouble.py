"""Dataverse is slow, busy or away: the click is kept, and the rest follows by itself.

What the page could not finish, the queue takes up after 30 seconds. All these people wait for
that at the same time: one after the other, the tests would take minutes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from tests.journey import function_log
from tests.journey.customer_insights import known_about, known_once_promoted
from tests.journey.inbox import mail_to
from tests.journey.person import Person, somebody
from tests.journey.sign_up import SECONDS, newsletter, post_json, press, whitepaper
from tests.journey.storage import poison, put, wait_for_record
from tests.running_stack import Stack

pytestmark = pytest.mark.stack

Fault = Mapping[str, Any]

TRIGGER = "POST msdynmkt_doiconfirmed_1234567"
PASSING: Mapping[str, Fault] = {
    "busy": {"match": "POST $batch", "status": 429, "retryAfter": 2},
    "out of order": {"match": "POST $batch", "status": 503},
    "busy for one row": {"match": "PATCH contacts", "status": 429, "retryAfter": 2},
    "out of order for the trigger": {"match": TRIGGER, "status": 503},
    "busy for the trigger": {"match": TRIGGER, "status": 429, "retryAfter": 2},
    "silent after writing": {"match": "PATCH contacts", "drop": True},
    "not reachable": {"match": "POST $batch", "drop": True},
}
# For the page, and for the queue's attempt after it. Nobody else fires this trigger meanwhile.
LASTING: Fault = {"match": "POST msdynmkt_whitepaperconfirmed_7654321", "status": 404, "times": 2}


@dataclass(frozen=True, kw_only=True)
class Confirmed:
    """Somebody who pressed the button while Dataverse was in trouble."""

    person: Person
    registration_id: str
    page: requests.Response


@dataclass(frozen=True, kw_only=True)
class Everybody:
    """`passing` is by the name of the trouble."""

    passing: Mapping[str, Confirmed]
    lasting: Confirmed


@pytest.fixture(scope="module")
def everybody(stack: Stack) -> Iterator[Everybody]:
    faults = f"{stack.dataverse}/_simulator/faults"

    def left() -> list[Fault]:
        waiting: list[Fault] = requests.get(faults, timeout=SECONDS).json()["faults"]
        return waiting

    def confirmed_during(fault: Fault, form: str = "newsletter") -> Confirmed:
        person = somebody()
        body = whitepaper(person) if form == "whitepaper" else newsletter(person)
        accepted = post_json(stack, body, form=form)
        link = mail_to(stack, person.email).confirm_url
        before = left()
        assert requests.post(faults, json=fault, timeout=SECONDS).status_code == 201
        page = press(link)
        assert left() == before or fault is LASTING, "the click did not meet the fault"
        return Confirmed(
            person=person, registration_id=accepted.json()["registrationId"], page=page
        )

    yield Everybody(
        lasting=confirmed_during(LASTING, "whitepaper"),
        passing={name: confirmed_during(fault) for name, fault in PASSING.items()},
    )
    requests.delete(faults, timeout=SECONDS)


@pytest.mark.parametrize("trouble", PASSING)
def test_the_page_says_confirmed_all_the_same(everybody: Everybody, trouble: str) -> None:
    page = everybody.passing[trouble].page

    assert page.status_code == 200
    assert "Ihre Anmeldung ist bestätigt" in page.text


@pytest.mark.parametrize("trouble", PASSING)
def test_contact_consent_and_trigger_follow_later(
    stack: Stack, everybody: Everybody, trouble: str
) -> None:
    who = everybody.passing[trouble]

    known = known_once_promoted(stack, who.person, seconds=120)

    assert [len(known.contacts), len(known.consents), len(known.triggers)] == [1, 1, 1]
    wait_for_record(stack, who.registration_id, "promoted")
    assert function_log.told(stack, "promotion_postponed", registration=who.registration_id)


def test_a_refusal_for_good_waits_in_poison_until_the_cause_is_mended(
    stack: Stack, everybody: Everybody
) -> None:
    who = everybody.lasting
    assert "Ihre Anmeldung ist bestätigt" in who.page.text

    record = wait_for_record(stack, who.registration_id, "failed", seconds=120)

    assert "the environment has no such trigger" in record["failure"]
    [told] = function_log.wait_until_told(stack, "poisoned", registration=who.registration_id)
    assert "the environment has no such trigger" in told.facts["reason"]
    [message] = [body for body in poison(stack, "promotions") if who.registration_id in body]
    known = known_about(stack, who.person)
    assert known.contacts
    assert not known.triggers

    put(stack, "promotions", message)  # the fault is used up: somebody published the trigger

    after = known_once_promoted(stack, who.person)
    assert after.contacts == known.contacts
    assert len(after.triggers) == 1
    wait_for_record(stack, who.registration_id, "promoted")
