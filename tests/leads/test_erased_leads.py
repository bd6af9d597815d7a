"""A person whose registration came from LinkedIn is erased, and does not come back from there."""

from datetime import timedelta

import pytest

from shared import lead_reconciliation, parked_leads
from shared.ports import Deadline, Versioned
from shared.values.lead_row import LeadRow, LeadState, lead_registration_id
from shared.values.linkedin.symbols import LeadAction
from tests.examples import PEPPER
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
)
from tests.story.erasing import erase_person, mailbox_of, places_with
from tests.story.journey import link, press

A_DAY = timedelta(days=1)


def taken_in() -> FakeOutside:
    outside = connected()
    add_lead(outside)
    arrive(outside)
    deliver("registrations", outside)
    outside.pass_time(timedelta(minutes=1))
    return outside


def test_the_leads_row_stays_and_names_nobody() -> None:
    outside = taken_in()
    press(link(outside.mailer.sent[-1]), outside)
    erase_person(outside, everywhere=True)
    assert record_of(outside) is None
    assert row_of(outside).state is LeadState.TAKEN_IN
    assert places_with(outside) == []


def test_reconciliation_does_not_take_the_person_in_again() -> None:
    outside = taken_in()
    erase_person(outside)
    for _ in range(3):
        outside.pass_time(A_DAY)
        lead_reconciliation.reconcile(Deadline(60), outside)
        deliver("linkedin-leads", outside)
        deliver("registrations", outside)
    assert record_of(outside) is None
    assert len(outside.mailer.sent) == 1


def test_a_lead_whose_row_is_gone_is_dropped_on_arrival() -> None:
    """Somebody has emptied table `leads`, and LinkedIn still lists the lead."""
    outside = taken_in()
    erase_person(outside)
    outside.lead_rows.rows.clear()
    outside.pass_time(A_DAY)
    arrive(outside)
    deliver("registrations", outside)
    assert record_of(outside) is None
    assert places_with(outside) == []


@pytest.mark.parametrize("erased_with_record", [True, False])
def test_a_parked_lead_that_is_retried_does_not_bring_the_person_back(
    *, erased_with_record: bool
) -> None:
    """A parked lead tells no address: that it is hers shows when it is fetched."""
    outside = taken_in() if erased_with_record else connected()
    second = "second-lead-5"
    add_lead(outside, lead_json(lead=second))
    row = LeadRow(
        lead=second,
        registration_id=lead_registration_id(second, PEPPER),
        state=LeadState.PARKED,
        noted_at=outside.now(),
        reasons=("no form of ours",),
    )
    outside.lead_rows.save(Versioned(value=row, etag=None))
    erase_person(outside)
    outside.pass_time(100 * A_DAY)
    deliver("follow-ups", outside)
    assert parked_leads.retry(lambda _: True, outside)
    deliver("linkedin-leads", outside)
    deliver("registrations", outside)
    assert record_of(outside, second) is None
    assert len(outside.mailer.sent) == int(erased_with_record)


def test_a_lead_that_waits_in_the_queue_is_dropped() -> None:
    outside = connected()
    add_lead(outside)
    arrive(outside)  # its registration waits
    outside.pass_time(timedelta(minutes=1))
    erase_person(outside)
    deliver("registrations", outside)
    assert record_of(outside) is None


def test_a_lead_without_a_time_counts_as_old() -> None:
    outside = connected()
    erase_person(outside)
    outside.pass_time(A_DAY)
    add_lead(outside, lead_json(submittedAt=None))
    arrive(outside)
    deliver("registrations", outside)
    assert record_of(outside) is None


def test_a_new_lead_of_the_same_person_is_taken_in() -> None:
    outside = taken_in()
    erase_person(outside)
    outside.pass_time(A_DAY)
    new = "new-lead-5"
    add_lead(outside, lead_json(lead=new, at=outside.now()))
    outside.pass_time(timedelta(minutes=1))
    arrive(outside, new)
    deliver("registrations", outside)
    assert record_of(outside, new) is not None


def test_the_note_lasts_as_long_as_linkedin_may_have_a_lead() -> None:
    outside = connected()
    erase_person(outside)
    [note] = mailbox_of(outside, EMAIL).erased.values()
    assert note.until - outside.now() == timedelta(days=400)


def test_the_deletion_of_an_erased_persons_lead_ends_well() -> None:
    outside = taken_in()
    erase_person(outside)
    outside.leads.stored.clear()
    outside.pass_time(timedelta(minutes=10))
    arrive(outside, LEAD, action=LeadAction.DELETED)
    deliver("linkedin-leads", outside)
    assert row_of(outside).state is LeadState.DELETED
