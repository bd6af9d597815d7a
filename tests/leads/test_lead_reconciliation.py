"""Leads that no notification told of arrive once; a cursor that moves only after a whole run."""

import logging
from datetime import date, datetime, timedelta

import pytest

from shared.failures import PermanentFailure, TemporaryFailure
from shared.lead_reconciliation import lead_types_of, reconcile
from shared.ports import Deadline, ListedLead
from shared.values.linkedin.symbols import LeadType
from tests.examples import NOON
from tests.fakes.outside import FakeOutside
from tests.leads.worlds import (
    LEAD,
    OWNER,
    PAGE,
    add_lead,
    arrive,
    connected,
    deliver,
    lead_json,
)

DAY, QUARTER = timedelta(days=1), timedelta(minutes=15)
SPONSORED = LeadType.SPONSORED


def run(outside: FakeOutside, seconds: float = 60) -> None:
    reconcile(Deadline(seconds), outside)


def cursor(outside: FakeOutside) -> datetime | None:
    return outside.lead_rows.find_cursor(OWNER, SPONSORED).value.until


def events(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [getattr(record, "event", "") for record in caplog.records]


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
    add_lead(outside, at_days_ago(80))
    run(outside)
    assert outside.leads.windows == [(OWNER, SPONSORED, NOON - 90 * DAY, NOON)]
    assert cursor(outside) == NOON
    assert mails(outside) == 1  # the time to confirm begins when it was taken in


def test_later_runs_overlap_by_a_day_and_sweep_a_month_once_a_day() -> None:
    outside = connected()
    starts = []
    for _ in range(97):
        run(outside)
        _, _, start, end = outside.leads.windows[-1]
        assert end == outside.now()
        starts.append(end - start)
        outside.pass_time(QUARTER)
    assert starts[0] == 90 * DAY
    assert set(starts[1:96]) == {DAY + QUARTER}
    assert starts[96] == 30 * DAY


def test_after_an_outage_the_window_reaches_back_to_the_last_success() -> None:
    outside = connected()
    run(outside)
    outside.pass_time(40 * DAY)
    run(outside)
    assert outside.leads.windows[-1][2] == NOON - DAY


def test_a_throttled_run_moves_no_cursor_and_loses_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    outside = connected()
    for number in range(4):
        add_lead(outside, lead_json(f"lead-{number}"))
    outside.leads.breaks_after = 2
    run(outside)
    assert cursor(outside) is None
    assert "linkedin_not_reconciled" in events(caplog)

    outside.leads.breaks_after = None
    run(outside)
    assert cursor(outside) == NOON
    deliver("linkedin-leads", outside)
    assert sorted(outside.leads.fetched) == [f"lead-{number}" for number in range(4)]


def test_a_crash_within_a_run_moves_no_cursor() -> None:
    """The process died after the message was put, before the row was written."""
    outside = connected()
    add_lead(outside)
    run(outside)
    outside.lead_rows.rows.clear()
    outside.lead_rows.cursors.clear()
    run(outside)
    assert len(outside.queues.bodies("linkedin-leads")) == 2
    assert mails(outside) == 1


def test_storage_that_fails_moves_no_cursor() -> None:
    outside = connected()
    add_lead(outside)
    outside.queues.down = True
    run(outside)
    assert cursor(outside) is None
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


def test_each_owner_has_its_turn_though_another_fails(caplog: pytest.LogCaptureFixture) -> None:
    outside = connected(owners=(PAGE, OWNER))
    add_lead(outside)
    outside.leads.failures = [
        PermanentFailure("LinkedIn, reading leads: 403"),
        TemporaryFailure("LinkedIn, reading leads: 500"),
    ]
    run(outside)
    levels = [
        (getattr(record, "doi_lead_type", ""), record.levelno)
        for record in caplog.records
        if getattr(record, "event", "") == "linkedin_not_reconciled"
    ]
    assert levels == [("COMPANY", logging.ERROR), ("EVENT", logging.WARNING)]
    assert mails(outside) == 1


def test_which_leads_an_owner_can_have() -> None:
    assert lead_types_of(OWNER) == (LeadType.SPONSORED,)
    assert set(lead_types_of(PAGE)) == set(LeadType) - {LeadType.SPONSORED}


def test_a_lead_that_cannot_be_read_is_told_and_stops_nobody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    outside = connected()
    outside.leads.unreadable = [ListedLead(id=None, problem="/formResponse: missing")]
    run(outside)
    assert "lead_unreadable" in events(caplog)
    assert cursor(outside) == NOON


def test_nothing_to_do_without_linkedin_or_owners() -> None:
    for outside in (FakeOutside(), connected(owners=())):
        run(outside)
        assert outside.leads.windows == []


def test_no_time_left_moves_no_cursor() -> None:
    outside = connected()
    run(outside, seconds=0)
    assert cursor(outside) is None


@pytest.mark.parametrize(
    ("days", "told"),
    [(31, []), (30, ["linkedin_sign_in_due"]), (-1, ["linkedin_sign_in_due"])],
)
def test_somebody_is_told_before_the_sign_in_is_over(
    days: int, told: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    outside = connected()
    outside.leads.sign_in_by = NOON + days * DAY
    run(outside)
    run(outside)  # no sweep: not told again
    assert [name for name in events(caplog) if name.endswith("_due")] == told


@pytest.mark.parametrize(("days", "told"), [(61, []), (60, ["linkedin_version_due"])])
def test_somebody_is_told_before_the_version_is_over(
    days: int, told: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    outside = connected()
    outside.leads.version_ends = date(2026, 11, 22) + days * DAY
    run(outside)
    assert [name for name in events(caplog) if name.endswith("_due")] == told


def at_days_ago(days: int) -> dict[str, object]:
    return lead_json(at=NOON - days * DAY)
