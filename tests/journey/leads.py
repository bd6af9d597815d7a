"""People who fill in lead forms at LinkedIn, and what the app notes about their leads."""

from collections.abc import Mapping
from typing import Any

import requests
from azure.core.exceptions import ResourceNotFoundError
from azure.data.tables import TableClient

from tests.journey.person import Person
from tests.journey.waiting import until
from tests.running_stack import Stack

SECONDS = 30
ENGLISH, GERMAN, EVENT = 7236142859205541889, 3162, 818
QUESTIONS: Mapping[int, tuple[str, str, str]] = {
    ENGLISH: ("10548", "10540", "9244"),
    GERMAN: ("1", "2", "3"),
    EVENT: ("21", "23", "22"),
}
CONSENTS = {ENGLISH: 1, GERMAN: 4, EVENT: 7}


def fill_in(stack: Stack, person: Person, form: int = ENGLISH, **changes: Any) -> str:
    """First name, last name, address, and the box ticked; the lead's id."""
    answers = dict(
        zip(
            QUESTIONS[form],
            (person.first_name, person.last_name, person.email),
            strict=True,
        )
    )
    body = {"form": form, "answers": answers, "consents": [CONSENTS[form]], **changes}
    answer = requests.post(f"{stack.linkedin}/_simulator/leads", json=body, timeout=SECONDS)
    assert answer.ok, answer.text
    lead: str = answer.json()["id"]
    return lead


def delete(stack: Stack, lead: str) -> None:
    """As when a member leaves an event."""
    url = f"{stack.linkedin}/_simulator/leads/{lead}"
    requests.delete(url, timeout=SECONDS).raise_for_status()


def validate_webhooks(stack: Stack) -> None:
    """Let the simulator challenge the webhook now, and not only after its next pause."""
    url = f"{stack.linkedin}/_simulator/validations"
    for subscription in requests.post(url, timeout=SECONDS).json():
        assert subscription["status"] == "valid", subscription["problem"]


def reconcile(stack: Stack) -> None:
    """Run the timer now, as the host's admin API allows."""
    url = f"{stack.functions}/admin/functions/reconcile_leads"
    requests.post(url, json={}, timeout=SECONDS).raise_for_status()


def wait_for_lead(stack: Stack, lead: str, state: str) -> Mapping[str, Any]:
    """The row of a lead, as soon as it says so."""

    def look() -> Mapping[str, Any] | None:
        row = find_lead(stack, lead)
        return row if row and row["state"] == state else None

    return until(look, f"a lead that is {state}", seconds=60)


def find_lead(stack: Stack, lead: str) -> Mapping[str, Any] | None:
    with TableClient.from_connection_string(stack.azurite, "leads") as table:
        try:
            return table.get_entity(lead, "lead")
        except ResourceNotFoundError:
            return None


def wait_for_cursor(stack: Stack, before: str) -> None:
    """Until the ad account's leads are known further than before."""
    until(lambda: cursor(stack) > before, "a finished reconciliation", seconds=60)


def cursor(stack: Stack) -> str:
    """Empty before the first run."""
    with TableClient.from_connection_string(stack.azurite, "leads") as table:
        try:
            row = table.get_entity("urn:li:sponsoredAccount:522529623", "cursor SPONSORED")
        except ResourceNotFoundError:
            return ""
        return str(row["until"])
