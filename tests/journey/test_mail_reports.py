"""Delivery reports on the running stack, written as Event Grid may write them."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from shared.values.mail import operation_id
from tests.journey import function_log
from tests.journey.inbox import mail_to
from tests.journey.person import Person
from tests.journey.sign_up import press, sign_up
from tests.journey.storage import (
    find_record,
    poison,
    put,
    put_as_it_is,
    wait_for_record,
)
from tests.mail_events import SCHEMAS, event_grid_event, report_data
from tests.running_stack import Stack

pytestmark = pytest.mark.stack

ENCODINGS: Mapping[str, Callable[[Stack, str, str], str]] = {"base64": put, "raw": put_as_it_is}


def mails_of(stack: Stack, registration: str) -> list[dict[str, Any]]:
    row = find_record(stack, registration)
    assert row is not None
    mails: list[dict[str, Any]] = json.loads(row["mails"])
    return mails


@pytest.mark.parametrize("schema", SCHEMAS)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_bounce_is_noted_in_the_record(
    stack: Stack, person: Person, encoding: str, schema: str
) -> None:
    registration = sign_up(stack, person)
    wait_for_record(stack, registration, "pending")
    data = report_data(operation_id(registration, 1), person.email, "Bounced")

    message = ENCODINGS[encoding](stack, "mail-reports", SCHEMAS[schema](data))
    function_log.wait_until_handled(stack, message)

    [mail] = mails_of(stack, registration)
    assert (mail["report"], mail["reportedAt"]) == ("Bounced", "2026-11-22T12:00:00.285574Z")
    [bounced] = function_log.told(stack, "mail_bounced", registration=registration)
    assert bounced.level == "WARNING"


def test_who_holds_the_link_may_confirm_after_a_bounce(stack: Stack, person: Person) -> None:
    registration = sign_up(stack, person)
    link = mail_to(stack, person.email).confirm_url
    wait_for_record(stack, registration, "pending")
    data = report_data(operation_id(registration, 1), person.email, "Quarantined")
    function_log.wait_until_handled(stack, put(stack, "mail-reports", event_grid_event(data)))

    assert "Ihre Anmeldung ist bestätigt" in press(link).text

    wait_for_record(stack, registration, "promoted")
    assert mails_of(stack, registration)[0]["report"] == "Quarantined"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_report_that_cannot_be_read_names_nobody_in_poison(
    stack: Stack, person: Person, encoding: str
) -> None:
    data = report_data("an-id", person.email) | {"status": f"550 {person.email}"}
    before = len(poison(stack, "mail-reports"))

    message = ENCODINGS[encoding](stack, "mail-reports", event_grid_event(data))
    function_log.wait_until_handled(stack, message)

    kept = poison(stack, "mail-reports")
    assert len(kept) == before + 1
    assert not [body for body in kept if person.email in body]
    assert "not ours: /data/status" in kept[-1]
