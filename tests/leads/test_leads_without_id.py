"""A lead that LinkedIn lists without an id waits where an operator finds it, once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared import parked_leads
from shared.failures import TemporaryFailure
from shared.lead_reconciliation import reconcile
from shared.ports import Deadline, ListedLead
from shared.values.lead_row import LeadRow, LeadState
from shared.values.linkedin.symbols import LeadType
from tests.examples import NOON
from tests.fakes.outside import FakeOutside
from tests.leads.worlds import OWNER, add_lead, connected, lead_json, state_of
from tests.told import told

HOUR = timedelta(hours=1)
SUBMITTED = NOON - HOUR
NAMELESS = ListedLead(
    id=None,
    problem="/id: string_type, /formResponse: missing",
    fingerprint="f" * 64,
    submitted_at=SUBMITTED,
)


def run(outside: FakeOutside) -> None:
    reconcile(Deadline(60), outside)


def parked(outside: FakeOutside) -> list[LeadRow]:
    return parked_leads.waiting(outside)


def retry(outside: FakeOutside) -> list[LeadRow]:
    return parked_leads.retry(lambda _: True, outside)


def test_it_is_parked_once_with_the_reason_and_where_it_is(
    caplog: pytest.LogCaptureFixture,
) -> None:
    outside = connected()
    outside.leads.unreadable = [NAMELESS]
    for _ in range(8):  # with a sweep among them
        run(outside)
        outside.pass_time(4 * HOUR)
    [row] = parked(outside)
    assert (row.state, row.owner, row.lead_type) == (LeadState.PARKED, OWNER, "SPONSORED")
    assert row.noted_at == NOON
    assert row.reasons == (
        "lead_unreadable: /id: string_type, /formResponse: missing",
        (
            f"at LinkedIn: number 1 of the SPONSORED leads of {OWNER}"
            " from 2026-11-21T12:00:00+00:00 to 2026-11-22T12:00:00+00:00,"
            " submitted at 2026-11-22T11:00:00+00:00"
        ),
    )
    [alarm] = told(caplog)
    assert (alarm.level, alarm.event) == ("ERROR", "lead_parked")
    assert alarm.has(registration=row.registration_id, reason="; ".join(row.reasons))
    assert outside.queues.bodies("linkedin-leads") == []


def test_its_name_is_a_keyed_digest_of_what_was_read() -> None:
    """Whoever has not the pepper cannot try out what stood there."""
    ours, others = connected(), connected()
    others.rules = replace(others.rules, pepper="another pepper of thirty-two bytes and more")
    rows = []
    for outside in (ours, others):
        outside.leads.unreadable = [NAMELESS]
        run(outside)
        rows += parked(outside)
    assert rows[0].lead != rows[1].lead
    assert not any(NAMELESS.fingerprint in row.model_dump_json() for row in rows)


def test_two_of_them_are_two() -> None:
    outside = connected()
    outside.leads.unreadable = [NAMELESS, replace(NAMELESS, fingerprint="e" * 64)]
    run(outside)
    assert len({row.lead for row in parked(outside)}) == 2
    assert {row.reasons[1].split(" of ")[0] for row in parked(outside)} == {
        "at LinkedIn: number 1",
        "at LinkedIn: number 2",
    }


def test_it_keeps_no_other_lead_and_no_cursor_waiting() -> None:
    outside = connected()
    outside.leads.unreadable = [replace(NAMELESS, submitted_at=None)]
    lead = add_lead(outside)
    run(outside)
    assert state_of(outside, lead) is LeadState.ANNOUNCED
    cursor = outside.lead_rows.find_cursor(OWNER, LeadType.SPONSORED).value
    assert cursor.until == NOON - timedelta(days=1)


def test_a_retry_lists_its_time_again_and_leaves_it_where_nothing_was_mended() -> None:
    outside = connected()
    outside.leads.unreadable = [NAMELESS]
    run(outside)
    outside.leads.windows.clear()
    [row] = retry(outside)
    assert parked(outside) == [row]
    [(owner, _, start, end)] = outside.leads.windows
    assert (owner, start, end) == (OWNER, SUBMITTED, SUBMITTED + timedelta(milliseconds=1))
    assert outside.leads.fetched == []
    assert outside.queues.bodies("linkedin-leads") == []


def test_a_retry_takes_in_what_has_an_id_by_now() -> None:
    outside = connected()
    outside.leads.unreadable = [NAMELESS]
    run(outside)
    outside.leads.unreadable = []
    lead = add_lead(outside, lead_json(at=SUBMITTED))
    retry(outside)
    assert parked(outside) == []
    assert state_of(outside, lead) is LeadState.ANNOUNCED


def test_a_retry_that_fails_leaves_it() -> None:
    outside = connected()
    outside.leads.unreadable = [NAMELESS]
    run(outside)
    outside.leads.failures = [TemporaryFailure("LinkedIn: 503")]
    with pytest.raises(TemporaryFailure):
        retry(outside)
    assert len(parked(outside)) == 1


def test_without_a_moment_the_whole_window_is_where_it_was() -> None:
    outside = connected()
    run(outside)
    outside.pass_time(HOUR)
    outside.leads.unreadable = [replace(NAMELESS, submitted_at=None)]
    run(outside)
    [row] = parked(outside)
    assert (row.listed_from, row.listed_until) == (NOON - timedelta(days=1), NOON + HOUR)
    assert row.reasons[1].endswith("to 2026-11-22T13:00:00+00:00")
