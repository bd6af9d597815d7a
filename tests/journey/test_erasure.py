"""A person is answered, and erased, on the running stack: what is left names nobody."""

import base64
import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
import requests
from azure.storage.queue import QueueClient

from local.dataverse_simulator.seed import ADMINISTRATOR, APPLICATION_ID
from shared.values.messages import PromotionMessage
from tests.examples import registration
from tests.journey import function_log
from tests.journey.customer_insights import known_about, known_once_promoted
from tests.journey.inbox import mail_to, mails_to
from tests.journey.leads import (
    cursor,
    fill_in,
    reconcile,
    wait_for_cursor,
    wait_for_lead,
)
from tests.journey.operator import doi, ended_doi, interrupted_doi
from tests.journey.person import Person
from tests.journey.sign_up import (
    SECONDS,
    newsletter,
    open_link,
    post_json,
    press,
    registrations_url,
    sign_up,
)
from tests.journey.storage import find_record, poison, put, wait_for_record, wait_until_empty
from tests.journey.traces import traces_of
from tests.journey.waiting import until
from tests.running_stack import Stack

pytestmark = pytest.mark.stack

DONE, NOT_ALL_DONE, NOTHING_FOUND, NO_ANSWER, REFUSED = 0, 1, 3, 5, 6
# `dev.py doi` erases as the simulator's administrator, unless somebody else is named.
BY_THE_APP = {"AZURE_CLIENT_ID": APPLICATION_ID}
OPERATOR = {"AZURE_CLIENT_ID": ADMINISTRATOR.application_id}
ERASE = ("--dataverse", "--yes")


@pytest.fixture(autouse=True)
def _faults(stack: Stack) -> Iterator[None]:
    """No fault of a test outlives it."""
    yield
    requests.delete(f"{stack.dataverse}/_simulator/faults", timeout=SECONDS)


def disturb(stack: Stack, **fault: Any) -> None:
    url = f"{stack.dataverse}/_simulator/faults"
    assert requests.post(url, json=fault, timeout=SECONDS).status_code == 201


def pending(stack: Stack, person: Person) -> str:
    registered = sign_up(stack, person)
    mail_to(stack, person.email)
    wait_for_record(stack, registered, "pending")
    return registered


def from_linkedin(stack: Stack, person: Person) -> str:
    lead = fill_in(stack, person)
    registered = str(wait_for_lead(stack, lead, "taken_in")["registrationId"])
    mail_to(stack, person.email)
    wait_for_record(stack, registered, "pending")
    return registered


def promoted(stack: Stack, person: Person) -> str:
    registered = pending(stack, person)
    press(mail_to(stack, person.email).confirm_url)
    wait_for_record(stack, registered, "promoted")
    known_once_promoted(stack, person)
    return registered


def promoted_by_a_row(stack: Stack, person: Person) -> str:
    answer = post_json(stack, newsletter(person), form="by-row")
    registered = str(answer.json()["registrationId"])
    press(mail_to(stack, person.email).confirm_url)
    wait_for_record(stack, registered, "promoted")
    assert known_about(stack, person).journey_rows
    return registered


def withdrawn(stack: Stack, person: Person) -> str:
    registered = promoted(stack, person)
    [contact] = known_about(stack, person).contacts
    assert press(str(contact["new_withdrawlink"])).status_code == 200
    until(lambda: (find_record(stack, registered) or {}).get("withdrawals", "[]") != "[]", "it")
    return registered


STATUSES: dict[str, Callable[[Stack, Person], str]] = {
    one.__name__: one for one in (pending, from_linkedin, promoted, promoted_by_a_row, withdrawn)
}


def erased(stack: Stack, person: Person) -> Any:
    return doi(stack, "erase", person.email, *ERASE)


def left_in_the_table(stack: Stack, registered: str) -> None:
    assert find_record(stack, registered) is None
    proof = find_record(stack, f"proof-{registered}")
    assert proof is not None
    assert datetime.fromisoformat(proof["until"]) > datetime.now(UTC)


@pytest.mark.parametrize("reach", STATUSES.values(), ids=STATUSES)
def test_no_trace_is_left(
    stack: Stack, person: Person, reach: Callable[[Stack, Person], str]
) -> None:
    registered = reach(stack, person)
    assert traces_of(stack, person)
    told = erased(stack, person)
    assert told["erased"] == [registered]
    assert told["otherAddresses"] == []
    assert not told["mayBeWritten"]
    left_in_the_table(stack, registered)
    assert traces_of(stack, person) == []


def test_the_app_tells_of_it_and_a_second_run_says_that_there_is_nothing(
    stack: Stack, person: Person
) -> None:
    registered = promoted(stack, person)
    erased(stack, person)
    again = ended_doi(stack, "erase", person.email, *ERASE)
    assert again.returncode == NOTHING_FOUND, again.stderr
    assert "There is nothing to erase." in again.stdout
    assert f"{registered} was erased before" in again.stderr
    function_log.wait_until_told(stack, "erased", registration=registered)
    assert traces_of(stack, person) == []


def test_the_links_of_the_mail_say_that_nothing_is_stored(stack: Stack, person: Person) -> None:
    promoted(stack, person)
    mail = mail_to(stack, person.email)
    [contact] = known_about(stack, person).contacts
    erased(stack, person)
    for link in (mail.confirm_url, mail.decline_url, str(contact["new_withdrawlink"])):
        assert open_link(link).status_code == 410
        assert person.email not in open_link(link).text
    assert press(mail.confirm_url).status_code == 410
    assert press(str(contact["new_withdrawlink"])).status_code == 410


def test_the_lead_is_not_taken_in_again(stack: Stack, person: Person) -> None:
    registered = from_linkedin(stack, person)
    erased(stack, person)
    before = cursor(stack)
    reconcile(stack)
    wait_for_cursor(stack, before)
    wait_until_empty(stack, "linkedin-leads")
    wait_until_empty(stack, "registrations")
    assert find_record(stack, registered) is None
    assert len(mails_to(stack, person.email)) == 1
    assert traces_of(stack, person) == []


def test_what_is_hidden_in_the_queue_is_dropped_when_it_comes(stack: Stack, person: Person) -> None:
    """As in the slow lane, or while a mail waits for its next attempt."""
    answers = {"email": person.email, "firstName": person.first_name}
    changes = {"answers": answers, "asked_at": datetime.now(UTC), "id": str(uuid4())}
    asked = registration(person.email).model_copy(update=changes)
    body = json.dumps(
        {"version": 1, "registration": json.loads(asked.model_dump_json(by_alias=True))}
    )
    with QueueClient.from_connection_string(stack.azurite, "registrations") as client:
        content = base64.b64encode(body.encode()).decode()
        client.send_message(content, visibility_timeout=8, time_to_live=-1)
    nothing = ended_doi(stack, "erase", person.email, *ERASE)
    assert nothing.returncode == NOTHING_FOUND
    assert "on its way" in nothing.stdout
    function_log.wait_until_told(stack, "expired", registration=asked.id, reason="erased")
    assert mails_to(stack, person.email) == []
    assert traces_of(stack, person) == []


def test_signing_up_again_works(stack: Stack, person: Person) -> None:
    promoted(stack, person)
    erased(stack, person)
    again = sign_up(stack, person)
    until(lambda: len(mails_to(stack, person.email)) == 2, "a second mail")
    for mail in mails_to(stack, person.email):
        press(mail.confirm_url)
    wait_for_record(stack, again, "promoted")
    assert len(known_about(stack, person).contacts) == 1


def test_while_a_worker_writes_to_dataverse(stack: Stack, person: Person) -> None:
    """Its answer is slow: the person is erased before the worker can note what it wrote."""
    registered = pending(stack, person)
    link = mail_to(stack, person.email).confirm_url
    disturb(stack, match="PATCH contacts", delay=7)
    clicking = threading.Thread(target=press, args=(link,))
    clicking.start()
    until(lambda: known_about(stack, person).contacts, "the contact")
    ended = interrupted_doi(stack, "erase", person.email, *ERASE, once="looking again", **OPERATOR)
    clicking.join()
    assert ended.returncode == NOT_ALL_DONE, ended.stderr
    assert "Erased: 1 registration," in ended.stdout
    assert "The same command goes on" in ended.stderr
    function_log.wait_until_told(stack, "written_after_erasure", registration=registered)
    left_in_the_table(stack, registered)
    assert traces_of(stack, person) == []


def test_confirmed_while_dataverse_is_away(stack: Stack, person: Person) -> None:
    registered = pending(stack, person)
    disturb(stack, match="PATCH contacts", status=503, times=50)
    press(mail_to(stack, person.email).confirm_url)
    wait_for_record(stack, registered, "confirmed")
    told = doi(stack, "erase", person.email, "--yes")
    assert told["erased"] == [registered]
    assert told["mayBeWritten"]
    requests.delete(f"{stack.dataverse}/_simulator/faults", timeout=SECONDS)
    left_in_the_table(stack, registered)
    assert traces_of(stack, person) == []


def test_what_waits_in_poison_goes_with_the_rest(stack: Stack, person: Person) -> None:
    registered = pending(stack, person)
    disturb(stack, match="PATCH msdynmkt_contactpointconsent4s", status=403, times=2)
    press(mail_to(stack, person.email).confirm_url)
    key = wait_for_record(stack, registered, "confirmed")["PartitionKey"]
    # Rather than wait for the safety net.
    message = PromotionMessage(mailbox_key=key, registration_id=registered)
    put(stack, "promotions", message.to_json())
    until(
        lambda: [body for body in poison(stack, "promotions") if registered in body],
        "a poisoned promotion",
    )
    older = json.dumps({"version": 0, "registration": {"mail": person.email.upper()}})
    nobodys = json.dumps({"version": 0, "what": f"nobody knows {registered[:8]}"})
    put(stack, "promotions-poison", older)
    put_by_us = put(stack, "promotions-poison", nobodys)
    ended = ended_doi(stack, "erase", person.email, "--yes", "--json")
    assert ended.returncode == DONE, ended.stderr
    told = json.loads(ended.stdout)
    assert [one["registration"] for one in told["messages"]] == [registered, None]
    # Other tests leave messages there as well.
    unreadable = {one["id"] for one in told["unreadableMessages"]}
    assert put_by_us in unreadable
    assert put_by_us in ended.stderr
    assert nobodys in poison(stack, "promotions")
    assert not [body for body in poison(stack, "promotions") if registered in body]
    doi(stack, "poison", "drop", "promotions", "--id", put_by_us, "--yes")
    assert traces_of(stack, person) == []


@pytest.mark.parametrize(
    "fault", [{"status": 503}, {"status": 429, "retryAfter": 1}, {"drop": True}]
)
def test_dataverse_that_ends_in_the_middle_is_resumed(
    stack: Stack, person: Person, fault: dict[str, Any]
) -> None:
    registered = promoted_by_a_row(stack, person)
    disturb(stack, match="DELETE contacts", **fault)
    ended = ended_doi(stack, "erase", person.email, *ERASE)
    assert ended.returncode == NO_ANSWER, ended.stderr
    assert "Erased: 1 registration," in ended.stdout
    assert "The same command goes on" in ended.stderr
    assert find_record(stack, registered) is None
    again = ended_doi(stack, "erase", person.email, *ERASE)
    assert again.returncode == (NOTHING_FOUND if "drop" in fault else DONE), again.stderr
    left_in_the_table(stack, registered)
    assert traces_of(stack, person) == []


def test_dataverse_that_is_away_from_the_start(stack: Stack, person: Person) -> None:
    registered = promoted(stack, person)
    disturb(stack, match="POST $batch", status=503)
    ended = ended_doi(stack, "erase", person.email, *ERASE)
    assert ended.returncode == NO_ANSWER
    assert "Nothing was deleted." in ended.stderr
    assert find_record(stack, registered) is not None


def test_the_apps_own_identity_may_not_delete_in_dataverse(stack: Stack, person: Person) -> None:
    promoted(stack, person)
    ended = ended_doi(stack, "erase", person.email, *ERASE, **BY_THE_APP)
    assert ended.returncode == REFUSED
    assert "prvDelete" in ended.stderr
    assert "docs/dataverse.md" in ended.stderr
    assert known_about(stack, person).contacts
    assert erased(stack, person)["dataverse"]["contacts"]
    assert traces_of(stack, person) == []


def test_a_withdrawal_on_its_way_is_carried_out_first(stack: Stack, person: Person) -> None:
    registered = promoted(stack, person)
    [contact] = known_about(stack, person).contacts
    disturb(stack, match="PATCH msdynmkt_contactpointconsent4s", status=503)
    press(str(contact["new_withdrawlink"]))
    told = doi(stack, "erase", person.email, "--yes")
    assert (told["erased"], told["withdrawalsCarriedOut"]) == ([registered], 1)
    [consent] = known_about(stack, person).consents
    assert consent["msdynmkt_value"] == 534120002
    erased(stack, person)


def test_a_person_is_found_and_answered(stack: Stack, person: Person) -> None:
    registered = promoted(stack, person)
    tagged = person.email.replace("@", "+x@")
    body = newsletter(person, email=tagged)
    other = requests.post(registrations_url(stack), json=body, timeout=SECONDS).json()
    wait_for_record(stack, other["registrationId"], "pending")

    found = doi(stack, "find", person.email)
    assert [(one["status"], one["otherAddress"]) for one in found] == [
        ("promoted", False),
        ("pending", True),
    ]
    assert doi(stack, "find", registered) == found[:1]
    document = doi(stack, "export", person.email, "--dataverse")
    [record] = document["registrations"]
    assert record["email"] == person.email
    assert record["click"]["at"]
    [exported] = document["dataverse"]["contacts"]
    assert exported["emailaddress1"] == person.email
    assert tagged not in json.dumps(document)
    link = mail_to(stack, person.email).confirm_url
    assert link.partition("token=")[2] not in json.dumps(document)

    told = erased(stack, person)
    assert told["otherAddresses"] == [tagged]
    assert find_record(stack, other["registrationId"]) is not None
    assert doi(stack, "find", registered)[0]["status"] == "erased"
    nobody = ended_doi(stack, "export", "nobody@journey.example.com")
    assert nobody.returncode == NOTHING_FOUND


def test_a_promotion_that_is_delivered_after_the_erasure_writes_nothing(
    stack: Stack, person: Person
) -> None:
    registered = promoted(stack, person)
    row = find_record(stack, registered)
    assert row is not None
    erased(stack, person)
    message = PromotionMessage(mailbox_key=row["PartitionKey"], registration_id=registered)
    function_log.wait_until_handled(stack, put(stack, "promotions", message.to_json()))
    assert traces_of(stack, person) == []
