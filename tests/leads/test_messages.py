"""The message about a lead, and what the poison tools make of it."""

import json
from datetime import date

import pytest

from shared.poison import everything, replay, waiting
from shared.values.about import About
from shared.values.any_message import parse_any
from shared.values.lead_row import lead_registration_id
from shared.values.linkedin.api_versions import ends_on
from shared.values.messages import LeadMessage, MessageNotOurs
from shared.values.queue_name import QueueName
from tests.examples import PEPPER
from tests.leads.worlds import LEAD, connected, message


def test_it_comes_back_as_it_was_put() -> None:
    sent = message(connected(), owner="urn:li:organization:1", lead_type="EVENT")
    assert LeadMessage.parse(sent.to_json()) == sent
    assert parse_any(QueueName.LINKEDIN_LEADS, sent.to_json().encode(), PEPPER) == sent
    assert sent.about == About(registration=sent.registration_id, source="linkedin")


def test_the_registration_is_the_leads() -> None:
    assert lead_registration_id(LEAD, PEPPER) == lead_registration_id(LEAD, PEPPER)
    assert lead_registration_id(LEAD, PEPPER) != lead_registration_id(LEAD + "1", PEPPER)
    assert lead_registration_id(LEAD, PEPPER) != lead_registration_id(LEAD, PEPPER + "x")


@pytest.mark.parametrize(
    "changes",
    [{"action": "MERGED"}, {"lead": ""}, {"lead": "a b"}, {"lead": "x" * 201}, {"email": "a@b"}],
)
def test_what_is_no_such_message(changes: dict[str, str]) -> None:
    body = json.loads(message(connected()).to_json()) | changes
    with pytest.raises(MessageNotOurs) as wrong:
        LeadMessage.parse(json.dumps(body))
    assert "a@b" not in str(wrong.value)


def test_poison_tells_the_registration_and_is_replayed() -> None:
    outside = connected()
    poisoned = message(outside).failed("403")
    outside.queues.put(QueueName.LINKEDIN_LEADS.poison, poisoned.to_json())
    [told] = waiting(QueueName.LINKEDIN_LEADS, outside).messages
    assert (told.registration, told.failure) == (poisoned.registration_id, "403")
    assert replay(QueueName.LINKEDIN_LEADS, everything, outside).left == ()
    assert outside.queues.bodies("linkedin-leads") == [message(outside).to_json()]


@pytest.mark.parametrize(
    ("version", "ends"),
    [
        ("202511", date(2026, 11, 16)),
        ("202603", date(2027, 3, 16)),
        ("202607", date(2027, 7, 15)),
        ("202612", date(2027, 12, 15)),  # not announced yet: a year, as LinkedIn promises
    ],
)
def test_when_a_version_ends(version: str, ends: date) -> None:
    assert ends_on(version) == ends


def test_what_is_no_version() -> None:
    with pytest.raises(ValueError, match=r"month|literal"):
        ends_on("2026-7")
