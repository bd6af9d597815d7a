"""Reading delivery reports: both schemas, and what is kept of those that cannot be read."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.values.mail_report import MailReportMessage, OtherEvent, parse_mail_report
from shared.values.mailbox import mailbox_key
from shared.values.messages import MessageNotOurs
from tests.examples import PEPPER
from tests.mail_events import SCHEMAS, TYPE, cloud_event, event_grid_event, report_data

ANNA = "anna.unmistakable@example.com"
MAIL = "8540c0de-899f-5cce-acb5-3ec493af3800"
DATA = report_data(MAIL, ANNA, "Bounced")


def parsed(text: str) -> MailReportMessage | OtherEvent:
    return parse_mail_report(text.encode(), PEPPER)


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in DATA.items() if key != name}


@pytest.mark.parametrize("schema", SCHEMAS)
def test_both_schemas_say_the_same(schema: str) -> None:
    assert parsed(SCHEMAS[schema](DATA)) == MailReportMessage(
        mailbox_key=mailbox_key(ANNA, PEPPER),
        operation_id=MAIL,
        status="Bounced",
        attempted_at=datetime(2026, 11, 22, 12, 0, 0, 285574, UTC),
    )


def test_the_time_as_the_service_spells_it() -> None:
    """The documentation says TimeStamp; events were seen with Timestamp."""
    seen = without("deliveryAttemptTimeStamp") | {
        "deliveryAttemptTimestamp": "2026-11-22T12:00:00.99+00:00"
    }
    message = parsed(event_grid_event(seen))
    assert isinstance(message, MailReportMessage)
    assert message.attempted_at == datetime(2026, 11, 22, 12, 0, 0, 990000, UTC)


def test_a_punycode_domain_is_the_mailbox_that_was_asked_for() -> None:
    """The provider was given the domain in punycode; the record has it in Unicode."""
    message = parsed(event_grid_event(DATA | {"recipient": "Anna@xn--bcher-kva.example"}))
    assert isinstance(message, MailReportMessage)
    assert message.mailbox_key == mailbox_key("anna@bücher.example", PEPPER)


def test_a_report_that_was_postponed_comes_back_without_the_address() -> None:
    message = parsed(cloud_event(DATA))
    text = message.again().to_json()
    assert "unmistakable" not in text
    assert parsed(text) == message.again()


def test_an_unknown_status_is_kept() -> None:
    message = parsed(event_grid_event(DATA | {"status": "Teleported"}))
    assert isinstance(message, MailReportMessage)
    assert message.status == "Teleported"


@pytest.mark.parametrize("schema", SCHEMAS)
def test_another_event_is_told_apart(schema: str) -> None:
    other = "Microsoft.Communication.EmailEngagementTrackingReportReceived"
    assert parsed(SCHEMAS[schema]({"engagementType": "view"}, other)) == OtherEvent(
        event_type=other
    )


UNREADABLE: Mapping[str, tuple[str, str]] = {
    "no JSON": (f"hello {ANNA}", "json_invalid"),
    "no object": (f'["{ANNA}"]', "model_"),
    "no event": (f'{{"hello": "{ANNA}"}}', "/eventType"),
    "a strange type": (event_grid_event(DATA, f"a {ANNA}"), "/eventType"),
    "no data": (event_grid_event(None), "/data"),
    "no recipient": (event_grid_event(without("recipient")), "/data/recipient: missing"),
    "no address": (event_grid_event(DATA | {"recipient": f"<{ANNA}>"}), "/data/recipient"),
    "no mail": (event_grid_event(without("messageId")), "/data/messageId: missing"),
    "no id of ours": (event_grid_event(DATA | {"messageId": f"<{ANNA}>"}), "/data/messageId"),
    "no status": (event_grid_event(without("status")), "/data/status: missing"),
    "a strange status": (event_grid_event(DATA | {"status": f"550 {ANNA}"}), "/data/status"),
    "no time": (
        event_grid_event(without("deliveryAttemptTimeStamp")),
        "/data/deliveryAttemptTimeStamp: missing",
    ),
    "a time without zone": (
        event_grid_event(DATA | {"deliveryAttemptTimeStamp": "2026-11-22T12:00:00"}),
        "/data/deliveryAttemptTimeStamp: timezone_aware",
    ),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_of_what_cannot_be_read_only_the_event_is_kept(case: str) -> None:
    text, place = UNREADABLE[case]
    with pytest.raises(MessageNotOurs) as refused:
        parsed(text)
    assert place in str(refused.value)
    assert refused.value.keep is not None
    assert "unmistakable" not in f"{refused.value} {refused.value.keep}"
    kept = json.loads(refused.value.keep)
    assert kept["failure"] == f"not ours: {refused.value}"
    if TYPE in text:
        assert kept["eventType"] == TYPE
        assert kept["eventId"] == "00000000-aaaa-bbbb-cccc-000000000001"


def test_what_was_kept_cannot_be_read_again_and_stays_the_same() -> None:
    with pytest.raises(MessageNotOurs) as refused:
        parsed(event_grid_event(None))
    with pytest.raises(MessageNotOurs) as again:
        parsed(str(refused.value.keep))
    assert again.value.keep is not None
    assert json.loads(again.value.keep)["eventType"] == TYPE
