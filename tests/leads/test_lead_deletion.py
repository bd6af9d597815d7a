"""LinkedIn deletes a lead: before it came, while it is pending, after it was confirmed."""

from datetime import timedelta

import pytest

from functions import take_in_lead
from shared.failures import TemporaryFailure
from shared.ports import Versioned
from shared.values.lead_row import LeadRow, LeadState
from shared.values.linkedin.symbols import LeadAction
from shared.values.mailbox import mailbox_key
from shared.values.messages import LeadMessage
from shared.values.record import Status
from tests.examples import NOON, PEPPER
from tests.fakes.leads import FakeLeadRows
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
from tests.told import told

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
    return [each.event for each in told(caplog) if each.level == "ERROR"]


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
    assert alarms(caplog) == ["poisoned"]


def test_an_operator_can_replay_what_linkedin_contradicted() -> None:
    outside = pending()
    arrive(outside, action=DELETED)
    while outside.queues.bodies("linkedin-leads"):
        deliver("linkedin-leads", outside)
    [body] = outside.queues.bodies("linkedin-leads-poison")
    waiting = LeadMessage.parse(body)
    assert (waiting.action, waiting.doubts) == (DELETED, 0)
    outside.leads.stored.clear()
    take_in_lead.settle(waiting.for_replay().to_json().encode(), outside)
    assert record_of(outside) is None


def test_an_outage_loses_no_deletion() -> None:
    outside = pending()
    outside.leads.failures = [TemporaryFailure("LinkedIn: 503") for _ in range(6)]
    arrive(outside, action=DELETED)
    for _ in range(6):
        deliver("linkedin-leads", outside)
    outside.leads.stored.clear()
    deliver("linkedin-leads", outside)
    assert record_of(outside) is None
    assert state_of(outside) is LeadState.DELETED


class DiesBeforeTakenIn(FakeLeadRows):
    """The worker ends between the registration and the row that says so."""

    def save(self, row: Versioned[LeadRow]) -> Versioned[LeadRow]:
        if row.value.state is LeadState.TAKEN_IN:
            raise MemoryError
        return super().save(row)


def test_after_a_crash_the_pending_record_is_found() -> None:
    outside = connected()
    add_lead(outside)
    rows = DiesBeforeTakenIn()
    outside.lead_rows = rows
    with pytest.raises(MemoryError):
        arrive(outside)
    outside.lead_rows = FakeLeadRows(rows=rows.rows, writes=rows.writes)
    deliver("registrations", outside)
    assert record_of(outside) is not None

    outside.leads.stored.clear()
    arrive(outside, action=DELETED)
    assert record_of(outside) is None


def test_after_a_crash_the_lead_is_taken_in_once() -> None:
    outside = connected()
    add_lead(outside)
    rows = DiesBeforeTakenIn()
    outside.lead_rows = rows
    with pytest.raises(MemoryError):
        arrive(outside)
    outside.lead_rows = FakeLeadRows(rows=rows.rows, writes=rows.writes)
    arrive(outside)
    assert state_of(outside) is LeadState.TAKEN_IN
    deliver("registrations", outside)
    assert len(outside.mailer.sent) == 1


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
