"""Rows of leads go when nothing can ask about them any more, and not before."""

import logging
from datetime import timedelta

import pytest

from shared.failures import TemporaryFailure
from shared.lead_reconciliation import reconcile
from shared.lead_tidying import KEPT_FOR, tidy
from shared.ports import Deadline, LeadPage, Versioned
from shared.values.lead_cursor import FIRST_RUN
from shared.values.lead_row import LeadRow, LeadState
from shared.values.linkedin.symbols import LeadAction
from tests.examples import NOON
from tests.fakes.leads import FakeLeadRows
from tests.fakes.outside import FakeOutside
from tests.leads.worlds import (
    LEAD,
    OWNER,
    add_lead,
    arrive,
    connected,
    deliver,
    lead_json,
    record_of,
    state_of,
)
from tests.mailers.moved_clock import MovedClock
from tests.story.journey import link, press
from tests.told import names, told

DAY, MOMENT = timedelta(days=1), timedelta(seconds=1)


def night(outside: FakeOutside, seconds: float = 60) -> None:
    tidy(Deadline(seconds), outside)


def keep(outside: FakeOutside, lead: str, state: LeadState = LeadState.TAKEN_IN) -> None:
    """A row as of now."""
    row = LeadRow(
        lead=lead,
        registration_id="00000000-0000-8000-8000-000000000001",
        state=state,
        noted_at=outside.now(),
        owner=OWNER,
        reasons=("form_unknown",) if state is LeadState.PARKED else (),
    )
    outside.lead_rows.save(Versioned(value=row, etag=None))


def events(caplog: pytest.LogCaptureFixture) -> list[str]:
    return names(told(caplog))


@pytest.mark.parametrize("state", LeadState)
def test_a_row_is_kept_until_its_time_is_over(state: LeadState) -> None:
    outside = connected()
    keep(outside, LEAD, state)
    outside.pass_time(KEPT_FOR - MOMENT)
    night(outside)
    assert state_of(outside) is state
    outside.pass_time(MOMENT)
    night(outside)
    assert outside.lead_rows.rows == {}


def test_what_linkedin_may_list_is_known() -> None:
    """Else an old lead would be mailed once more."""
    outside = connected()
    add_lead(outside, lead_json(at=NOON - MOMENT))
    arrive(outside)
    deliver("registrations", outside)
    outside.lead_rows.cursors.clear()
    outside.pass_time(FIRST_RUN - timedelta(minutes=1))
    night(outside)
    reconcile(Deadline(60), outside)  # a first run: as far back as LinkedIn keeps leads
    assert outside.leads.windows[0][2] < NOON
    assert outside.queues.bodies("linkedin-leads") == []
    assert len(outside.mailer.sent) == 1


def test_a_tombstone_outlives_what_is_on_its_way() -> None:
    """A registration may wait for as long as a form keeps people, at most a year."""
    outside = connected()
    add_lead(outside)
    arrive(outside)
    outside.leads.stored.clear()
    arrive(outside, action=LeadAction.DELETED)
    longest = max(form.forgotten_after for form in outside.forms.values())
    assert longest <= FIRST_RUN < KEPT_FOR
    outside.pass_time(longest - MOMENT)
    night(outside)
    deliver("registrations", outside)
    assert outside.mailer.sent == []
    assert record_of(outside) is None


def test_what_comes_of_a_lead_after_its_row_is_gone_mails_nobody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Somebody replays a message that was in poison for more than a year."""
    outside = connected()
    add_lead(outside)
    arrive(outside)
    deliver("registrations", outside)
    press(link(outside.mailer.sent[-1]), outside)
    outside.leads.stored.clear()  # LinkedIn keeps it no longer
    outside.pass_time(KEPT_FOR)
    night(outside)
    assert outside.lead_rows.rows == {}
    for action in LeadAction:
        arrive(outside, action=action)
        while outside.queues.bodies("linkedin-leads"):
            deliver("linkedin-leads", outside)
    assert len(outside.mailer.sent) == 1
    assert record_of(outside) is not None  # the evidence is nobody's to tidy here
    assert "poisoned" not in events(caplog)


def test_a_parked_lead_that_is_given_up_is_told(caplog: pytest.LogCaptureFixture) -> None:
    outside = connected()
    keep(outside, "parked", LeadState.PARKED)
    keep(outside, "taken in")
    outside.pass_time(KEPT_FOR)
    with caplog.at_level(logging.INFO, logger="doi"):
        night(outside)
    assert events(caplog) == ["lead_given_up", "leads_tidied"]
    assert "form_unknown" in caplog.text


def test_a_large_table_is_gone_through_in_pieces() -> None:
    outside, clock = connected(), MovedClock()
    outside.lead_rows.on_page = lambda: clock.pass_time(1)
    for number in range(1000):
        keep(outside, f"lead-{number:04}")
    outside.pass_time(KEPT_FOR)
    keep(outside, "lead-0500-new")
    left = []
    for _ in range(4):
        tidy(Deadline(3, clock), outside)
        left.append(len(outside.lead_rows.rows))
        outside.pass_time(DAY)
    assert left == [701, 402, 102, 1]
    # It begins anew when it has come to the end.
    outside.pass_time(KEPT_FOR)
    tidy(Deadline(3, clock), outside)
    assert outside.lead_rows.rows == {}


class WrittenMeanwhile(FakeLeadRows):
    """Something happens to every lead between the reading of a page and its deletion."""

    def page(self, after: str | None) -> LeadPage:
        page = super().page(after)
        for row in page.rows:
            self.save(row.moved_to(row.value.model_copy(update={"state": LeadState.DELETED})))
        return page


def test_a_row_that_is_written_meanwhile_stays() -> None:
    outside = connected()
    outside.lead_rows = WrittenMeanwhile()
    keep(outside, LEAD)
    outside.pass_time(KEPT_FOR)
    night(outside)
    assert state_of(outside) is LeadState.DELETED


def test_a_damaged_row_stops_nobody_and_is_told(caplog: pytest.LogCaptureFixture) -> None:
    outside = connected()
    for lead in ("a", "b", "c"):
        keep(outside, lead)
    outside.lead_rows.damaged = frozenset({"b"})
    outside.pass_time(KEPT_FOR)
    night(outside)
    assert set(outside.lead_rows.rows) == {"b"}
    assert events(caplog) == ["lead_row_damaged"]


def test_storage_that_is_down_is_told_and_asked_again(caplog: pytest.LogCaptureFixture) -> None:
    outside = connected()
    keep(outside, LEAD)
    outside.pass_time(KEPT_FOR)
    outside.lead_rows.down = True
    night(outside)
    assert events(caplog) == ["leads_not_tidied"]
    outside.lead_rows.down = False
    night(outside)
    assert outside.lead_rows.rows == {}


def test_it_goes_on_where_linkedin_is_not_configured_any_more() -> None:
    outside = FakeOutside()
    keep(outside, LEAD)
    outside.pass_time(KEPT_FOR)
    night(outside)
    assert outside.lead_rows.rows == {}


class Failing(FakeLeadRows):
    """Deletes nothing after the third row."""

    def delete(self, row: Versioned[LeadRow]) -> None:
        if row.value.lead > "lead-0003":
            raise TemporaryFailure("table leads: down")
        super().delete(row)


def test_what_was_deleted_before_it_failed_is_told(caplog: pytest.LogCaptureFixture) -> None:
    outside = connected()
    outside.lead_rows = Failing()
    for number in range(1, 6):
        keep(outside, f"lead-{number:04}")
    outside.pass_time(KEPT_FOR)
    with caplog.at_level(logging.INFO, logger="doi"):
        night(outside)
    assert events(caplog) == ["leads_not_tidied", "leads_tidied"]
    assert sorted(outside.lead_rows.rows) == ["lead-0004", "lead-0005"]
