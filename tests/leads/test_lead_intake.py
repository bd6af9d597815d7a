"""A lead that was notified: fetched, registered, mailed, promoted; once, whatever comes twice."""

import json
import logging
from collections.abc import Callable

import pytest

from shared import parked_leads
from shared.failures import PermanentFailure, TemporaryFailure
from shared.linkedin.failures import AnswerUnreadable
from shared.ports import Deadline, LeadWithForm
from shared.values.lead_row import LeadState
from shared.values.linkedin.symbols import LeadAction
from shared.values.messages import LeadMessage, RegistrationMessage
from shared.values.record import Status
from tests.fakes.leads import FakeLeads
from tests.fakes.outside import FakeOutside
from tests.leads.worlds import (
    CONSENT,
    EMAIL,
    LEAD,
    TEXTS,
    add_lead,
    arrive,
    connected,
    deliver,
    form_json,
    lead_json,
    message,
    record_of,
    row_of,
    state_of,
    texts_to,
)
from tests.story.journey import link, press
from tests.told import names, told

NO_CONSENT = lead_json(
    formResponse={
        "answers": texts_to(TEXTS),
        "consentResponses": [{"consentId": 1, "accepted": False}],
    }
)


class Meanwhile(FakeLeads):
    """While the first lead is fetched, something happens."""

    def __init__(self, happens: Callable[[], None]) -> None:
        super().__init__()
        self._happens: list[Callable[[], None]] = [happens]

    def fetch(self, lead: str, deadline: Deadline) -> LeadWithForm | None:
        if self._happens:
            self._happens.pop()()
        return super().fetch(lead, deadline)


def events_in(caplog: pytest.LogCaptureFixture) -> list[str]:
    return names(told(caplog))


def test_from_the_lead_to_the_contact_and_the_trigger() -> None:
    outside = connected()
    add_lead(outside)
    arrive(outside)
    deliver("registrations", outside)
    [mail] = outside.mailer.sent
    assert mail.to == EMAIL
    assert CONSENT in mail.text

    press(link(mail), outside)

    contact = outside.customer_insights.contact_of(EMAIL)
    assert contact is not None
    assert contact.columns["firstname"] == "Anna"
    assert contact.columns["new_signupsource"] == "LinkedIn"
    [trigger] = outside.customer_insights.triggers
    assert trigger.attributes["msdynmkt_source"] == "linkedin"
    assert trigger.attributes["msdynmkt_campaign"] == "autumn-en"
    record = record_of(outside)
    assert record is not None
    assert record.status is Status.PROMOTED
    assert record.answers is None
    assert record.lead is not None  # the evidence stays
    assert record.lead.lead_id == LEAD


def test_a_lead_that_comes_twice_is_one_registration() -> None:
    outside = connected()
    add_lead(outside)
    for _ in range(3):
        arrive(outside)
    assert len(outside.queues.bodies("registrations")) == 1
    assert outside.leads.fetched == [LEAD]
    deliver("registrations", outside)
    arrive(outside)
    deliver("registrations", outside)
    assert len(outside.mailer.sent) == 1


def test_two_leads_of_one_person_are_two_registrations() -> None:
    outside = connected()
    for lead in ("first-1", "second-2"):
        add_lead(outside, lead_json(lead))
        arrive(outside, lead)
    ids = {
        RegistrationMessage.parse(body).registration.id
        for body in outside.queues.bodies("registrations")
    }
    assert len(ids) == 2


def test_a_crash_before_the_row_was_written_makes_no_second_registration() -> None:
    outside = connected()
    add_lead(outside)
    before = dict(outside.lead_rows.rows)
    arrive(outside)
    outside.lead_rows.rows = before  # as if the worker had died before it
    arrive(outside)
    deliver("registrations", outside)
    assert len(outside.mailer.sent) == 1


def test_a_test_lead_is_never_mailed(caplog: pytest.LogCaptureFixture) -> None:
    outside = connected()
    add_lead(outside, lead_json(testLead=True))
    with caplog.at_level(logging.INFO):
        arrive(outside)
        arrive(outside)
    assert outside.queues.bodies("registrations") == []
    assert events_in(caplog).count("lead_test") == 1
    assert state_of(outside) is LeadState.TEST
    assert not outside.mailer.sent


def test_what_cannot_become_a_registration_is_parked_without_answers(
    caplog: pytest.LogCaptureFixture,
) -> None:
    outside = connected()
    add_lead(outside, NO_CONSENT)
    arrive(outside)
    arrive(outside)
    row = row_of(outside)
    assert row.state is LeadState.PARKED
    assert row.our_form == "newsletter"
    assert any("consent_required" in reason for reason in row.reasons)
    assert "anna" not in row.model_dump_json().lower()
    [alarm] = [each for each in told(caplog) if each.level == "ERROR"]
    assert alarm.event == "lead_parked"
    assert alarm.has(form="newsletter", source="linkedin")
    assert "consent_required" in alarm.facts["reason"]
    assert "anna" not in caplog.text.lower()
    assert outside.queues.bodies("registrations") == []


def test_a_parked_lead_is_fetched_again_when_somebody_asks() -> None:
    outside = connected()
    add_lead(outside, NO_CONSENT)
    arrive(outside)
    [waiting] = parked_leads.waiting(outside)
    assert waiting.lead == LEAD

    add_lead(outside)  # as it is after mending
    assert parked_leads.retry(lambda row: row.lead == "another", outside) == []
    assert [row.lead for row in parked_leads.retry(lambda _: True, outside)] == [LEAD]
    deliver("linkedin-leads", outside)

    assert state_of(outside) is LeadState.TAKEN_IN
    assert row_of(outside).reasons == ()
    assert parked_leads.waiting(outside) == []
    deliver("registrations", outside)
    assert len(outside.mailer.sent) == 1


def test_what_still_cannot_is_parked_anew() -> None:
    outside = connected()
    add_lead(outside, NO_CONSENT)
    arrive(outside)
    parked_leads.retry(lambda _: True, outside)
    deliver("linkedin-leads", outside)
    assert state_of(outside) is LeadState.PARKED
    assert outside.leads.fetched == [LEAD, LEAD]


def test_a_lead_that_linkedin_does_not_know_yet_is_asked_for_again() -> None:
    outside = connected()
    arrive(outside)
    [body] = outside.queues.bodies("linkedin-leads")
    assert LeadMessage.parse(body).attempt == 1
    add_lead(outside)
    deliver("linkedin-leads", outside)
    assert state_of(outside) is LeadState.TAKEN_IN


def test_a_lead_that_linkedin_never_knows_is_parked() -> None:
    outside = connected()
    arrive(outside)
    while outside.queues.bodies("linkedin-leads"):
        deliver("linkedin-leads", outside)
    assert row_of(outside).reasons == ("lead_not_found: LinkedIn has no such lead",)


def test_an_outage_uses_up_no_doubt() -> None:
    outside = connected()
    outside.leads.failures = [TemporaryFailure("LinkedIn: 503") for _ in range(6)]
    arrive(outside)
    for _ in range(6):
        deliver("linkedin-leads", outside)
    assert outside.lead_rows.rows == {}
    [body] = outside.queues.bodies("linkedin-leads")
    assert LeadMessage.parse(body).doubts == 1
    add_lead(outside)
    deliver("linkedin-leads", outside)
    assert state_of(outside) is LeadState.TAKEN_IN


def test_what_linkedin_sends_unreadably_is_parked() -> None:
    outside = connected()
    add_lead(outside)
    outside.leads.failures = [AnswerUnreadable("LinkedIn, reading leads: /formResponse: missing")]
    arrive(outside)
    [reason] = row_of(outside).reasons
    assert reason == "lead_unreadable: LinkedIn, reading leads: /formResponse: missing"
    assert outside.queues.bodies("linkedin-leads-poison") == []
    parked_leads.retry(lambda _: True, outside)
    deliver("linkedin-leads", outside)
    assert state_of(outside) is LeadState.TAKEN_IN


def test_linkedins_day_is_used_up() -> None:
    outside = connected()
    add_lead(outside)
    outside.leads.failures = [TemporaryFailure("LinkedIn: 429", retry_after=5 * 3600)]
    arrive(outside)
    [waiting] = outside.queues.messages["linkedin-leads"]
    assert waiting.visible_in.total_seconds() >= 5 * 3600
    deliver("linkedin-leads", outside)
    assert state_of(outside) is LeadState.TAKEN_IN


def test_what_fails_for_good_waits_as_poison() -> None:
    outside = connected()
    outside.leads.failures = [PermanentFailure("LinkedIn, reading leads: 403")]
    arrive(outside)
    [body] = outside.queues.bodies("linkedin-leads-poison")
    assert LeadMessage.parse(body).failure == "LinkedIn, reading leads: 403"
    assert outside.lead_rows.rows == {}


def test_without_linkedin_messages_are_not_lost() -> None:
    outside = FakeOutside()
    arrive(outside)
    [body] = outside.queues.bodies("linkedin-leads-poison")
    assert "not configured" in str(LeadMessage.parse(body).failure)


def test_who_takes_it_in_at_the_same_time_loses_the_race() -> None:
    """The row was written between look and save: the message comes back and finds it."""
    outside = connected()
    outside.leads = Meanwhile(lambda: arrive(outside))
    add_lead(outside)
    arrive(outside)
    assert len(outside.queues.bodies("linkedin-leads")) == 1
    deliver("linkedin-leads", outside)
    deliver("registrations", outside)
    assert len(outside.mailer.sent) == 1


def test_another_persons_mail_limits_hold() -> None:
    """No address is known for leads, so the mailbox's own budget is all that limits them."""
    outside = connected()
    for number in range(5):
        lead = add_lead(outside, lead_json(f"lead-{number}"))
        arrive(outside, lead)
        deliver("registrations", outside)
    assert len(outside.mailer.sent) == 3


def test_the_message_names_no_person() -> None:
    outside = connected()
    body = json.loads(message(outside, occurred_at=outside.now()).to_json())
    assert set(body) == {
        "version",
        "attempt",
        "registrationId",
        "lead",
        "action",
        "occurredAt",
        "retry",
        "doubts",
    }


def test_a_form_that_is_too_large_for_a_message_is_parked() -> None:
    outside = connected()
    form = form_json()
    form["content"]["legalInfo"]["legalDisclaimer"] = {"localized": {"en_US": "x" * 50_000}}
    add_lead(outside, form=form)
    arrive(outside)
    assert [reason.partition(":")[0] for reason in row_of(outside).reasons] == ["too_large"]


def test_deleted_before_created_stays_dead() -> None:
    outside = connected()
    arrive(outside, action=LeadAction.DELETED)
    assert state_of(outside) is LeadState.DELETED
    add_lead(outside)  # even if LinkedIn showed it again
    arrive(outside)
    assert outside.queues.bodies("registrations") == []
    assert state_of(outside) is LeadState.DELETED
