"""Taking a consent back on the running stack: in a browser, in one click, and during an outage."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import requests
from playwright.sync_api import expect

from shared.values.messages import PromotionMessage, WithdrawalMessage
from tests.journey.customer_insights import known_about, known_once_promoted, knows_nothing_about
from tests.journey.inbox import mail_to, mails_to
from tests.journey.operator import doi
from tests.journey.person import Person
from tests.journey.sign_up import SECONDS, open_link, press, press_with, sign_up, token_of
from tests.journey.storage import find_record, poison, put, wait_for_record
from tests.journey.visits import Visits
from tests.journey.waiting import until
from tests.running_stack import Stack

pytestmark = pytest.mark.stack

OPTED_IN, OPTED_OUT = 534120001, 534120002
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def _faults(stack: Stack) -> Iterator[None]:
    """No fault of a test outlives it."""
    yield
    requests.delete(f"{stack.dataverse}/_simulator/faults", timeout=SECONDS)


def disturb(stack: Stack, **fault: Any) -> None:
    url = f"{stack.dataverse}/_simulator/faults"
    assert requests.post(url, json=fault, timeout=SECONDS).status_code == 201


def link_of(stack: Stack, person: Person) -> str:
    """Of somebody who has just confirmed; as a mail of Customer Insights would have it."""
    sign_up(stack, person)
    press(mail_to(stack, person.email).confirm_url)
    [contact] = known_once_promoted(stack, person).contacts
    return str(contact["new_withdrawlink"])


def consent(stack: Stack, person: Person) -> Mapping[str, Any]:
    [row] = known_about(stack, person).consents
    return row


def withdrawals(stack: Stack, registration: str) -> list[dict[str, Any]]:
    record = find_record(stack, registration)
    assert record is not None
    noted: list[dict[str, Any]] = json.loads(record["withdrawals"])
    return noted


def put_withdrawal(stack: Stack, registration: str) -> None:
    """What the safety net of its only withdrawal brings after half a minute."""
    record = find_record(stack, registration)
    assert record is not None
    [note] = json.loads(record["withdrawals"])
    message = {
        "mailboxKey": record["PartitionKey"],
        "registrationId": registration,
        "withdrawnAt": note["at"],
    }
    put(stack, "promotions", WithdrawalMessage.model_validate(message).to_json())


def wait_until_opted_out(stack: Stack, person: Person, *, seconds: float = 120) -> None:
    until(
        lambda: [
            row for row in known_about(stack, person).consents if row["msdynmkt_value"] == OPTED_OUT
        ],
        "a consent that says no",
        seconds=seconds,
    )


def registration_of(row: Mapping[str, Any]) -> str:
    """Which registration wrote the consent row."""
    return str(row["msdynmkt_reason"]).split()[1]


@pytest.mark.browser
def test_in_a_browser(stack: Stack, visits: Visits, person: Person) -> None:
    link = link_of(stack, person)
    registration = registration_of(consent(stack, person))
    for method in ("HEAD", "GET", "GET"):
        assert open_link(link, method).status_code == 200
    assert consent(stack, person)["msdynmkt_value"] == OPTED_IN

    visitor = visits.new_page()
    visitor.goto(link)
    heading = visitor.get_by_role("heading", level=1)
    expect(heading).to_have_text("Möchten Sie Ihre Einwilligung widerrufen?")
    visits.photograph(visitor, "withdraw-1")
    visitor.get_by_role("button", name="Einwilligung widerrufen").click()
    expect(heading).to_have_text("Ihre Einwilligung ist widerrufen")
    visits.photograph(visitor, "withdraw-2")

    row = consent(stack, person)
    assert row["msdynmkt_value"] == OPTED_OUT
    assert row["msdynmkt_reason"].startswith(f"withdrawn {registration} ")
    record = wait_for_record(stack, registration, "promoted")
    [note] = json.loads(record["withdrawals"])
    assert note["consentIds"] == [row["msdynmkt_contactpointconsent4id"]]
    visitor.reload()
    visitor.goto(link)
    expect(heading).to_have_text("Ihre Einwilligung ist widerrufen")
    assert consent(stack, person) == row
    assert withdrawals(stack, registration) == [note]


@pytest.mark.parametrize("kind", ["urlencoded", "multipart"])
def test_in_one_click(stack: Stack, person: Person, kind: str) -> None:
    link = link_of(stack, person)
    content: dict[str, Any] = (
        {"data": ONE_CLICK}
        if kind == "urlencoded"
        else {"files": {name: (None, value) for name, value in ONE_CLICK.items()}}
    )
    for _ in range(2):
        answer = requests.post(link, **content, timeout=SECONDS, allow_redirects=False)
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
    row = consent(stack, person)
    assert row["msdynmkt_value"] == OPTED_OUT
    assert (row["msdynmkt_source"], row["msdynmkt_logicalreason"]) == (534120007, 534120007)


@pytest.mark.usefixtures("_faults")
def test_while_dataverse_is_down(stack: Stack, person: Person) -> None:
    link = link_of(stack, person)
    registration = registration_of(consent(stack, person))
    disturb(stack, match="POST $batch", status=503)
    answer = press(link)
    assert answer.status_code == 200
    assert "Ihre Einwilligung ist widerrufen" in answer.text
    assert consent(stack, person)["msdynmkt_value"] == OPTED_IN
    [note] = withdrawals(stack, registration)
    assert note["optedOutAt"] is None
    wait_until_opted_out(stack, person)  # by the safety net, after half a minute
    until(lambda: withdrawals(stack, registration)[0]["optedOutAt"], "a noted opt-out")


@pytest.mark.usefixtures("_faults")
def test_before_dataverse_knew_of_the_consent(stack: Stack, person: Person) -> None:
    registration = sign_up(stack, person)
    confirm_url = mail_to(stack, person.email).confirm_url
    disturb(stack, match="POST $batch", status=503, times=2)
    press(confirm_url)
    key = wait_for_record(stack, registration, "confirmed")["PartitionKey"]
    [minted] = doi(stack, "links", "withdraw", "--registration", registration)
    assert press(minted["link"]).status_code == 200
    assert knows_nothing_about(stack, person)
    assert len(withdrawals(stack, registration)) == 1

    # Rather than wait for both safety nets: in the order in which they were put.
    put(
        stack,
        "promotions",
        PromotionMessage(mailbox_key=key, registration_id=registration).to_json(),
    )
    put_withdrawal(stack, registration)
    wait_until_opted_out(stack, person)
    known = known_about(stack, person)
    assert (known.contacts, known.triggers) == ([], [])
    assert wait_for_record(stack, registration, "confirmed").get("answers") is None


@pytest.mark.usefixtures("_faults")
def test_what_dataverse_refuses_waits_in_poison_and_is_replayed(
    stack: Stack, person: Person
) -> None:
    link = link_of(stack, person)
    registration = registration_of(consent(stack, person))
    disturb(stack, match="PATCH msdynmkt_contactpointconsent4s", status=403, times=2)
    assert press(link).status_code == 200
    put_withdrawal(stack, registration)  # rather than wait for the safety net
    until(
        lambda: [body for body in poison(stack, "promotions") if registration in body],
        "a poisoned withdrawal",
        seconds=120,
    )
    assert consent(stack, person)["msdynmkt_value"] == OPTED_IN
    outcome = doi(stack, "poison", "replay", "promotions", "--id", registration)
    assert [each["registration"] for each in outcome["replayed"]] == [registration]
    wait_until_opted_out(stack, person)


def test_signing_up_again_opts_in_again_and_the_old_link_still_works(
    stack: Stack, person: Person
) -> None:
    old = link_of(stack, person)
    press(old)
    assert consent(stack, person)["msdynmkt_value"] == OPTED_OUT
    again = sign_up(stack, person)
    [second] = until(
        lambda: doi_links_after_confirming(stack, person, again), "a second registration"
    )
    assert consent(stack, person)["msdynmkt_value"] == OPTED_IN
    [contact] = known_about(stack, person).contacts
    assert contact["new_withdrawlink"] == second["link"] != old
    assert "Möchten Sie Ihre Einwilligung widerrufen?" in open_link(old).text
    press(old)
    assert consent(stack, person)["msdynmkt_value"] == OPTED_OUT


def doi_links_after_confirming(
    stack: Stack, person: Person, registration: str
) -> list[dict[str, Any]]:
    """Confirms with each mail there is: the one that is new counts."""
    for mail in mails_to(stack, person.email):
        press(mail.confirm_url)
    record = find_record(stack, registration)
    if record is None or record["status"] != "promoted":
        return []
    links: list[dict[str, Any]] = doi(stack, "links", "withdraw", "--address", person.email)
    return [each for each in links if each["registration"] == registration]


def test_links_that_are_no_links_to_withdraw(stack: Stack, person: Person) -> None:
    sign_up(stack, person)
    mail = mail_to(stack, person.email)
    press(mail.confirm_url)
    known_once_promoted(stack, person)
    address = f"{stack.functions}/api/withdraw"
    for token in ("", "nonsense", token_of(mail.confirm_url), token_of(mail.decline_url)):
        assert open_link(f"{address}?token={token}").status_code == 404
        assert press_with(address, token).status_code == 404
        posted = requests.post(f"{address}?token={token}", data=ONE_CLICK, timeout=SECONDS)
        assert posted.status_code == 404
    assert consent(stack, person)["msdynmkt_value"] == OPTED_IN
