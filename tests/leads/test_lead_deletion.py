"""LinkedIn deletes a lead: before it came, while it is pending, after it was confirmed."""

import logging
from datetime import timedelta

import pytest

from shared.values.lead_row import LeadState
from shared.values.linkedin.symbols import LeadAction
from shared.values.mailbox import mailbox_key
from shared.values.record import Status
from tests.examples import NOON, PEPPER
from tests.fakes.outside import FakeOutside
from tests.leads.worlds import (
    EMAIL,
    LEAD,
    add_lead,
    arrive,
    connected,
    deliver,
    lead_json,
    record_of,
    row_of,
    state_of,
)
from tests.story.journey import link, press

DELETED = LeadAction.DELETED


def pending() -> FakeOutside:
    """Anna's lead was taken in and mailed."""
    outside = connected()
    add_lead(outside)
    arrive(outside)
    deliver("registrations", outside)
    assert record_of(outside) is not None
    return outside


def alarms(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [getattr(r, "event", "") for r in caplog.records if r.levelno == logging.ERROR]


def test_a_pending_record_is_removed_and_the_mailbox_not_suppressed() -> None:
    outside = pending()
    outside.leads.stored.clear()
    arrive(outside, action=DELETED)
    assert record_of(outside) is None
    assert state_of(outside) is LeadState.DELETED
    mailbox = outside.records.find_mailbox(mailbox_key(EMAIL, PEPPER)).value
    assert not mailbox.is_suppressed(outside.now())


def test_a_confirmed_record_stays_as_evidence(caplog: pytest.LogCaptureFixture) -> None:
    outside = pending()
    press(link(outside.mailer.sent[-1]), outside)
    outside.leads.stored.clear()
    arrive(outside, action=DELETED)
    record = record_of(outside)
    assert record is not None
    assert record.status is Status.PROMOTED
    assert alarms(caplog) == ["lead_deleted_after_confirmation"]


def test_linkedin_itself_must_have_lost_it(caplog: pytest.LogCaptureFixture) -> None:
    """A notification alone erases nothing."""
    outside = pending()
    arrive(outside, action=DELETED)
    while outside.queues.bodies("linkedin-leads"):
        deliver("linkedin-leads", outside)
    assert record_of(outside) is not None
    assert state_of(outside) is LeadState.TAKEN_IN
    assert alarms(caplog) == ["lead_not_deleted"]


def test_a_registration_on_its_way_ends_at_the_tombstone() -> None:
    outside = connected()
    add_lead(outside)
    arrive(outside)
    outside.leads.stored.clear()
    arrive(outside, action=DELETED)
    deliver("registrations", outside)
    assert outside.mailer.sent == []
    assert record_of(outside) is None


def test_a_record_that_was_being_written_is_found_by_the_second_look() -> None:
    outside = connected()
    add_lead(outside)
    arrive(outside)
    outside.leads.stored.clear()
    waiting = outside.queues.take_all("registrations")
    arrive(outside, action=DELETED)
    # The worker had looked at the row before the tombstone was there.
    tombstone = outside.lead_rows.rows.pop(LEAD)
    outside.queues.messages["registrations"] = []
    for body in waiting:
        outside.queues.put("registrations", body)
    deliver("registrations", outside)
    outside.lead_rows.rows[LEAD] = tombstone
    assert record_of(outside) is not None

    deliver("linkedin-leads", outside)
    assert record_of(outside) is None


def test_the_second_look_is_the_last() -> None:
    outside = connected()
    add_lead(outside)
    arrive(outside)
    outside.leads.stored.clear()
    outside.queues.take_all("registrations")
    arrive(outside, action=DELETED)
    outside.pass_time(timedelta(minutes=2))
    deliver("linkedin-leads", outside)
    assert outside.queues.bodies("linkedin-leads") == []


def test_twice_deleted_is_deleted() -> None:
    outside = pending()
    outside.leads.stored.clear()
    arrive(outside, action=DELETED)
    outside.pass_time(timedelta(minutes=2))
    arrive(outside, action=DELETED)
    assert state_of(outside) is LeadState.DELETED
    assert row_of(outside).noted_at == NOON


def test_a_parked_lead_may_be_deleted() -> None:
    outside = connected()
    add_lead(outside, lead_json(formResponse={"answers": []}))
    arrive(outside)
    assert state_of(outside) is LeadState.PARKED
    outside.leads.stored.clear()
    arrive(outside, action=DELETED)
    assert state_of(outside) is LeadState.DELETED
    assert row_of(outside).reasons == ()
