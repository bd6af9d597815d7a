"""From a lead form at LinkedIn to contact and trigger, by HTTP."""

import json

import pytest
import requests

from tests.journey.customer_insights import known_once_promoted, knows_nothing_about
from tests.journey.function_log import lines_with, wait_for
from tests.journey.inbox import mail_to, mails_to
from tests.journey.leads import (
    GERMAN,
    cursor,
    delete,
    fill_in,
    find_lead,
    reconcile,
    validate_webhooks,
    wait_for_cursor,
    wait_for_lead,
)
from tests.journey.person import Person
from tests.journey.sign_up import press
from tests.journey.storage import find_record, wait_for_record, wait_until_empty
from tests.journey.waiting import until
from tests.running_stack import Stack

pytestmark = pytest.mark.stack

CHALLENGE = "890e4665-4dfe-4ab1-b689-ed553bceeed0"


@pytest.fixture(scope="module", autouse=True)
def _linkedin_trusts_the_webhook(stack: Stack) -> None:
    """LinkedIn notifies nobody who has not answered its challenge."""
    validate_webhooks(stack)


def test_a_lead_becomes_mail_contact_and_trigger(stack: Stack, person: Person) -> None:
    lead = fill_in(stack, person)
    mail = mail_to(stack, person.email)
    assert mail.subject == "Please confirm your newsletter sign-up"
    assert knows_nothing_about(stack, person)

    assert press(mail.confirm_url).status_code == 200

    known = known_once_promoted(stack, person)
    [contact] = known.contacts
    assert contact["firstname"] == person.first_name
    assert contact["new_signupsource"] == "LinkedIn"
    [trigger] = known.triggers
    assert trigger["parameters"]["msdynmkt_source"] == "linkedin"
    assert trigger["parameters"]["msdynmkt_campaign"] == "autumn-en"
    [consent] = known.consents
    row = wait_for_lead(stack, lead, "taken_in")
    assert row["registrationId"] in consent["msdynmkt_reason"]
    record = wait_for_record(stack, row["registrationId"], "promoted")
    evidence = json.loads(record["lead"])
    assert evidence["leadId"] == lead
    assert evidence["formId"] == "7236142859205541889"
    assert [each["accepted"] for each in evidence["consents"]] == [True]
    assert "answers" not in record


def test_a_german_lead_form_makes_a_german_mail(stack: Stack, person: Person) -> None:
    fill_in(stack, person, GERMAN)
    mail = mail_to(stack, person.email)
    assert mail.subject == "Bitte bestätigen Sie Ihre Newsletter-Anmeldung"


def test_a_lost_notification_arrives_by_reconciliation_once(stack: Stack, person: Person) -> None:
    lead = fill_in(stack, person, notification="lost")
    assert find_lead(stack, lead) is None
    for _ in range(2):
        before = cursor(stack)
        reconcile(stack)
        wait_for_cursor(stack, before)
        wait_for_lead(stack, lead, "taken_in")
        wait_until_empty(stack, "linkedin-leads")
        wait_until_empty(stack, "registrations")
    assert len(mails_to(stack, person.email)) == 1


def test_a_notification_that_comes_twice_is_one_mail(stack: Stack, person: Person) -> None:
    lead = fill_in(stack, person, notification="twice")
    row = wait_for_lead(stack, lead, "taken_in")
    wait_until_empty(stack, "linkedin-leads")
    wait_for_record(stack, row["registrationId"], "pending")
    assert len(mails_to(stack, person.email)) == 1


def test_a_test_lead_is_never_mailed(stack: Stack, person: Person) -> None:
    lead = fill_in(stack, person, testLead=True)
    row = wait_for_lead(stack, lead, "test")
    assert find_record(stack, row["registrationId"]) is None
    assert mails_to(stack, person.email) == []


def test_without_the_consent_the_lead_is_parked(stack: Stack, person: Person) -> None:
    lead = fill_in(stack, person, GERMAN, consents=[])
    row = wait_for_lead(stack, lead, "parked")
    assert json.loads(row["reasons"]) == ["consent_required at /consents/newsletter"]
    assert not any(trace in json.dumps(dict(row), default=str) for trace in person.traces)
    assert mails_to(stack, person.email) == []


def test_a_deleted_lead_takes_its_pending_record_along(stack: Stack, person: Person) -> None:
    lead = fill_in(stack, person)
    registration_id = wait_for_lead(stack, lead, "taken_in")["registrationId"]
    wait_for_record(stack, registration_id, "pending")
    delete(stack, lead)
    wait_for_lead(stack, lead, "deleted")
    until(lambda: find_record(stack, registration_id) is None, "a record that is gone")


@pytest.mark.parametrize("timer", ["watch_linkedin", "tidy"])
def test_the_timers_of_each_day_run(stack: Stack, timer: str) -> None:
    url = f"{stack.functions}/admin/functions/{timer}"
    requests.post(url, json={}, timeout=30).raise_for_status()
    [ended] = wait_for(stack, f"{timer} (")
    assert ") succeeded in " in ended
    assert not lines_with(stack, "leads_not_tidied")
    assert not lines_with(stack, "counts_not_tidied")
    assert not lines_with(stack, "origins_not_forgotten")
    assert not lines_with(stack, "linkedin_sign_in_unseen")


def test_the_webhook_proves_itself_and_takes_nothing_unsigned(stack: Stack) -> None:
    url = f"{stack.functions}/api/linkedin/webhook"
    proof = requests.get(url, params={"challengeCode": CHALLENGE}, timeout=30)
    assert proof.status_code == 200
    assert proof.json()["challengeCode"] == CHALLENGE
    assert len(proof.json()["challengeResponse"]) == 64
    oracle = 'hmacsha256={"type":"LEAD_ACTION"}'
    assert requests.get(url, params={"challengeCode": oracle}, timeout=30).status_code == 400
    forged = {"type": "LEAD_ACTION", "leadAction": "CREATED"}
    assert requests.post(url, json=forged, timeout=30).status_code == 401
