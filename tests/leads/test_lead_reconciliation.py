"""Leads that no notification told of arrive once; a cursor that moves after each whole window."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from shared.failures import PermanentFailure, TemporaryFailure
from shared.lead_reconciliation import lead_types_of, reconcile
from shared.ports import Deadline, Versioned
from shared.values.lead_cursor import LeadCursor
from shared.values.lead_row import LeadRow, LeadState
from shared.values.linkedin.symbols import LeadType
from tests.examples import NOON
from tests.fakes.leads import FakeLeadRows
from tests.fakes.outside import FakeOutside
from tests.leads.worlds import (
    LEAD,
    OWNER,
    PAGE,
    SUBMITTED,
    add_lead,
    arrive,
    connected,
    deliver,
    lead_json,
    state_of,
)
from tests.mailers.moved_clock import MovedClock
from tests.told import names, told

DAY, QUARTER = timedelta(days=1), timedelta(minutes=15)
SPONSORED = LeadType.SPONSORED


def run(outside: FakeOutside, seconds: float = 60) -> None:
    reconcile(Deadline(seconds), outside)


def cursor(outside: FakeOutside) -> datetime | None:
    """Until when every lead is known for good: at best up to a day ago."""
    return outside.lead_rows.find_cursor(OWNER, SPONSORED).value.until


def events(caplog: pytest.LogCaptureFixture) -> list[str]:
    return names(told(caplog))


def mails(outside: FakeOutside) -> int:
    deliver("linkedin-leads", outside)
    deliver("registrations", outside)
    return len(outside.mailer.sent)


def test_a_lost_notification_arrives_once() -> None:
    outside = connected()
    add_lead(outside)
    run(outside)
    assert mails(outside) == 1
    for _ in range(3):
        outside.pass_time(QUARTER)
        run(outside)
    arrive(outside)  # the notification comes after all
    assert mails(outside) == 1
    assert outside.leads.fetched == [LEAD]


def test_a_lead_that_was_notified_is_not_announced_again() -> None:
    outside = connected()
    add_lead(outside)
    arrive(outside)
    run(outside)
    assert outside.queues.bodies("linkedin-leads") == []
    assert mails(outside) == 1
    assert outside.leads.fetched == [LEAD]


def test_the_first_run_looks_at_all_that_linkedin_keeps() -> None:
    outside = connected()
    add_lead(outside, at_days_ago(364))
    run(outside)
    assert listed(outside) == (NOON - 365 * DAY, NOON)
    assert {window[:2] for window in outside.leads.windows} == {(OWNER, SPONSORED)}
    assert cursor(outside) == NOON - DAY
    assert mails(outside) == 1  # the time to confirm begins when it was taken in


def test_later_runs_overlap_by_a_day_and_sweep_a_month_once_a_day() -> None:
    outside = connected()
    starts = []
    for _ in range(97):
        run(outside)
        start, end = listed(outside)
        assert end == outside.now()
        starts.append(end - start)
        outside.leads.windows.clear()
        outside.pass_time(QUARTER)
    assert starts[0] == 365 * DAY
    assert set(starts[1:96]) == {DAY + QUARTER}
    assert starts[96] == 30 * DAY


def test_after_an_outage_the_window_reaches_back_to_the_last_success() -> None:
    outside = connected()
    run(outside)
    outside.leads.windows.clear()
    outside.pass_time(40 * DAY)
    run(outside)
    assert listed(outside) == (NOON - DAY, outside.now())


def test_no_window_reaches_further_back_than_linkedin_keeps_leads() -> None:
    outside = connected()
    run(outside)
    outside.leads.windows.clear()
    outside.pass_time(500 * DAY)
    run(outside)
    assert listed(outside) == (outside.now() - 365 * DAY, outside.now())


def test_new_leads_do_not_wait_for_a_sweep() -> None:
    outside = connected()
    run(outside)
    outside.leads.windows.clear()
    outside.pass_time(DAY)
    run(outside)
    _, _, start, end = outside.leads.windows[0]
    assert (start, end) == (NOON - DAY, NOON + DAY)
    assert cursor(outside) == NOON


def test_a_first_run_that_dies_is_continued_where_it_was() -> None:
    outside = connected()
    outside.leads.dies_after = 20
    run(outside)
    reached = NOON - 365 * DAY + 20 * 7 * DAY
    assert cursor(outside) == reached
    outside.leads.windows.clear()
    outside.leads.dies_after = None
    run(outside)
    assert listed(outside) == (reached, NOON)
    outside.leads.windows.clear()
    outside.pass_time(QUARTER)
    run(outside)
    assert len(outside.leads.windows) == 1  # it counts as the day's sweep


def test_a_throttled_run_moves_no_cursor_past_it_and_loses_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    outside = connected()
    for number in range(4):
        add_lead(outside, lead_json(f"lead-{number}"))
    outside.leads.breaks_after = 2
    run(outside)
    reached = cursor(outside)
    assert reached is not None
    assert reached < SUBMITTED
    assert "linkedin_not_reconciled" in events(caplog)

    outside.leads.breaks_after = None
    outside.pass_time(timedelta(hours=1))
    run(outside)
    assert cursor(outside) == outside.now() - DAY
    deliver("linkedin-leads", outside)
    assert sorted(outside.leads.fetched) == [f"lead-{number}" for number in range(4)]


def test_linkedin_is_left_alone_as_long_as_it_asks() -> None:
    outside = connected()
    run(outside)
    outside.pass_time(QUARTER)
    outside.leads.failures = [TemporaryFailure("LinkedIn: 429", retry_after=3600)]
    run(outside)
    outside.leads.windows.clear()
    for _ in range(3):
        outside.pass_time(QUARTER)
        run(outside)
    assert outside.leads.windows == []
    assert cursor(outside) == NOON - DAY
    for _ in range(2):
        outside.pass_time(QUARTER)
        run(outside)
    assert len(outside.leads.windows) == 2
    assert cursor(outside) == outside.now() - DAY


def test_no_wait_is_longer_than_a_quota_lasts() -> None:
    outside = connected()
    outside.leads.failures = [TemporaryFailure("LinkedIn: 429", retry_after=1e12)]
    run(outside)
    outside.pass_time(DAY)
    run(outside)
    assert cursor(outside) == outside.now() - DAY


def test_a_slow_owner_does_not_take_the_time_of_the_others() -> None:
    """Every listing takes a second, and the first owner would need a hundred of them."""
    outside = connected(owners=(OWNER, PAGE))
    clock = MovedClock()
    outside.leads.on_page = lambda: clock.pass_time(1)
    for kind in lead_types_of(PAGE):
        known = Versioned(value=LeadCursor(until=NOON - DAY, swept_at=NOON), etag=None)
        outside.lead_rows.save_cursor(PAGE, kind, known)
    outside.pass_time(QUARTER)
    reconcile(Deadline(40, clock), outside)
    for kind in lead_types_of(PAGE):
        assert outside.lead_rows.find_cursor(PAGE, kind).value.until == outside.now() - DAY
    reached = cursor(outside)
    assert reached is not None
    assert reached < NOON - DAY
    for _ in range(12):
        reconcile(Deadline(40, clock), outside)
    assert cursor(outside) == outside.now() - DAY


class DiesAtTheThird(FakeLeadRows):
    """The process ends after the third lead's message was put, before its row was written."""

    def save(self, row: Versioned[LeadRow]) -> Versioned[LeadRow]:
        if len(self.rows) == 2:
            raise MemoryError
        return super().save(row)


def test_a_crash_within_a_page_moves_no_cursor() -> None:
    outside = connected()
    for number in range(4):
        add_lead(outside, lead_json(f"lead-{number}"))
    run(outside)
    known = outside.lead_rows.cursors
    outside.lead_rows = DiesAtTheThird(cursors=dict(known))
    outside.queues.take_all("linkedin-leads")
    outside.pass_time(QUARTER)
    with pytest.raises(MemoryError):
        run(outside)
    assert outside.lead_rows.cursors == known
    assert cursor(outside) == NOON - DAY

    died = outside.lead_rows
    outside.lead_rows = FakeLeadRows(rows=died.rows, cursors=died.cursors, writes=died.writes)
    run(outside)
    assert cursor(outside) == outside.now() - DAY
    assert len(outside.queues.bodies("linkedin-leads")) == 5  # one of them twice
    deliver("linkedin-leads", outside)
    assert len(outside.queues.bodies("registrations")) == 4


def test_storage_that_fails_moves_no_cursor_past_the_lead() -> None:
    outside = connected()
    add_lead(outside)
    outside.queues.down = True
    run(outside)
    reached = cursor(outside)
    assert reached is not None
    assert reached < SUBMITTED
    assert outside.lead_rows.rows == {}
    outside.queues.down = False
    run(outside)
    assert mails(outside) == 1


def test_an_announced_lead_is_announced_again_after_a_day() -> None:
    """Somebody may have dropped its message."""
    outside = connected()
    add_lead(outside)
    run(outside)
    outside.queues.take_all("linkedin-leads")
    outside.pass_time(QUARTER)
    run(outside)
    assert outside.queues.bodies("linkedin-leads") == []
    outside.pass_time(DAY)
    run(outside)
    assert mails(outside) == 1


def test_a_lead_that_was_not_found_but_is_listed_is_asked_for_again() -> None:
    outside = connected()
    arrive(outside)
    while outside.queues.bodies("linkedin-leads"):
        deliver("linkedin-leads", outside)
    assert state_of(outside) is LeadState.PARKED
    add_lead(outside)
    run(outside)
    assert outside.queues.bodies("linkedin-leads") == []  # not at every run
    outside.pass_time(timedelta(hours=1))
    run(outside)
    deliver("linkedin-leads", outside)
    assert state_of(outside) is LeadState.TAKEN_IN


def test_what_is_parked_for_another_reason_waits_for_somebody() -> None:
    outside = connected()
    add_lead(outside, lead_json(formResponse={"answers": []}))
    arrive(outside)
    assert state_of(outside) is LeadState.PARKED
    outside.pass_time(timedelta(hours=2))
    run(outside)
    assert outside.queues.bodies("linkedin-leads") == []


def test_each_owner_has_its_turn_though_another_fails(caplog: pytest.LogCaptureFixture) -> None:
    outside = connected(owners=(PAGE, OWNER))
    add_lead(outside)
    outside.leads.failures = [
        PermanentFailure("LinkedIn, reading leads: 403"),
        TemporaryFailure("LinkedIn, reading leads: 500"),
    ]
    run(outside)
    levels = [
        (each.facts["lead_type"], each.level)
        for each in told(caplog)
        if each.event == "linkedin_not_reconciled"
    ]
    assert levels == [("COMPANY", "ERROR"), ("EVENT", "WARNING")]
    assert mails(outside) == 1


def test_which_leads_an_owner_can_have() -> None:
    assert lead_types_of(OWNER) == (LeadType.SPONSORED,)
    assert set(lead_types_of(PAGE)) == set(LeadType) - {LeadType.SPONSORED}


def test_nothing_to_do_without_linkedin_or_owners() -> None:
    for outside in (FakeOutside(), connected(owners=())):
        run(outside)
        assert outside.leads.windows == []


def test_no_time_left_moves_no_cursor() -> None:
    outside = connected()
    run(outside, seconds=0)
    assert cursor(outside) is None


def listed(outside: FakeOutside) -> tuple[datetime, datetime]:
    """From when to when, having seen that there is no gap."""
    windows = sorted((start, end) for _, _, start, end in outside.leads.windows)
    assert all(before[1] == after[0] for before, after in pairwise(windows))
    assert all(end - start <= 7 * DAY for start, end in windows)
    return windows[0][0], windows[-1][1]


def at_days_ago(days: int) -> dict[str, object]:
    return lead_json(at=NOON - days * DAY)
