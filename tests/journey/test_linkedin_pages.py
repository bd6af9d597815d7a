"""Leads that no ad brought: of an event, a page, a product; and one that is deleted late."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from tests.journey.customer_insights import Known, known_about, known_once_promoted
from tests.journey.function_log import wait_for
from tests.journey.inbox import mail_to
from tests.journey.leads import EVENT, delete, fill_in, validate_webhooks, wait_for_lead
from tests.journey.person import Person, somebody
from tests.journey.sign_up import press
from tests.journey.storage import find_record, wait_for_record, wait_until_empty
from tests.running_stack import Stack

pytestmark = pytest.mark.stack

# What LinkedIn names as the place where the form was filled in.
PLACES = {
    "EVENT": "urn:li:event:7120000000000000123",
    "COMPANY": "urn:li:organization:5509810",
    "ORGANIZATION_PRODUCT": "urn:li:standardizedProduct:450123",
}


@dataclass(frozen=True, kw_only=True)
class Promoted:
    """A person whose lead became a contact."""

    person: Person
    lead: str
    known: Known
    record: Mapping[str, Any]


@pytest.fixture(scope="module")
def promoted(stack: Stack) -> Mapping[str, Promoted]:
    """One of each type; they go their way at the same time."""
    validate_webhooks(stack)
    people = {kind: somebody() for kind in PLACES}
    leads = {kind: fill_in(stack, people[kind], EVENT, leadType=kind) for kind in PLACES}
    for person in people.values():
        mail = mail_to(stack, person.email)
        assert mail.subject == "Please confirm your webinar registration"
        assert press(mail.confirm_url).status_code == 200
    return {
        kind: Promoted(
            person=person,
            lead=leads[kind],
            known=known_once_promoted(stack, person),
            record=wait_for_record(
                stack,
                wait_for_lead(stack, leads[kind], "taken_in")["registrationId"],
                "promoted",
            ),
        )
        for kind, person in people.items()
    }


@pytest.mark.parametrize("kind", PLACES)
def test_a_lead_of_a_page_becomes_contact_and_trigger(
    promoted: Mapping[str, Promoted], kind: str
) -> None:
    one = promoted[kind]
    [contact] = one.known.contacts
    assert contact["lastname"] == one.person.last_name
    assert contact["new_signupsource"] == "LinkedIn"
    [consent] = one.known.consents
    assert one.record["RowKey"] in consent["msdynmkt_reason"]
    [trigger] = one.known.triggers
    assert trigger["parameters"]["msdynmkt_source"] == "linkedin"
    assert trigger["parameters"]["msdynmkt_campaign"] == "linkedin-page"
    evidence = json.loads(one.record["lead"])
    assert evidence["leadId"] == one.lead
    assert evidence["leadType"] == kind
    assert evidence["owner"] == "urn:li:organization:5509810"
    assert PLACES[kind] in one.record["lead"]
    [ticked] = evidence["consents"]
    assert ticked["accepted"] is True
    assert "invitation to this webinar" in ticked["text"]


def test_a_deletion_after_the_promotion_leaves_contact_and_evidence(
    stack: Stack, promoted: Mapping[str, Promoted]
) -> None:
    """The member leaves the event: what was confirmed stays, and somebody is told."""
    one = promoted["EVENT"]
    delete(stack, one.lead)
    row = wait_for_lead(stack, one.lead, "deleted")
    about = {"registration": row["registrationId"], "form": "webinar", "source": "linkedin"}
    event = json.dumps({"event": "lead_deleted_after_confirmation", **about}, separators=(",", ":"))
    wait_for(stack, event)
    wait_until_empty(stack, "linkedin-leads")
    assert known_about(stack, one.person) == one.known
    assert find_record(stack, row["registrationId"]) == one.record
