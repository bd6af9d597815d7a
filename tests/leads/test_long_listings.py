"""More leads than fit into a run: every run gets on, and the cursor promises no more than is known.

Every page of a hundred leads takes a second of a clock that the runs' deadlines go by.
"""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from shared.lead_reconciliation import reconcile
from shared.ports import Deadline
from shared.values.lead_cursor import LeadCursor
from shared.values.linkedin.symbols import LeadType
from tests.examples import NOON
from tests.fakes.outside import FakeOutside
from tests.leads.worlds import OWNER, as_linkedin_has_it, connected, lead_json
from tests.told import names, told

DAY, QUARTER = timedelta(days=1), timedelta(minutes=15)
SECONDS = 10  # of a run


@dataclass
class SlowLinkedIn:
    """A page takes `page` seconds."""

    outside: FakeOutside = field(default_factory=connected)
    page: float = 1
    seconds: float = 0
    _names: int = 0
    _promised: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.outside.leads.on_page = self._tick

    def _tick(self) -> None:
        self.seconds += self.page

    def submit(self, count: int, start: datetime, end: datetime) -> None:
        """So many leads, evenly between these, which LinkedIn lists from now on."""
        sample = as_linkedin_has_it(lead_json())
        for number in range(count):
            self._names += 1
            at = start + (end - start) * number / count
            changes = {"id": f"lead-{self._names}", "submitted_at": at}
            lead = sample.lead.model_copy(update=changes)
            self.outside.leads.stored[lead.id] = type(sample)(lead=lead, form=sample.form)
            if self.cursor.until is None or at >= self.cursor.until:
                self._promised.add(lead.id)

    def run(self) -> None:
        """Once, and time goes on to the next; the cursor has to keep its promise."""
        before = self.cursor
        reconcile(Deadline(SECONDS, lambda: self.seconds), self.outside)
        until = self.cursor.until
        if until is not None:
            assert before.until is None or until >= before.until
            known = self.outside.lead_rows.rows
            for name in self._promised:
                at = self.outside.leads.stored[name].lead.submitted_at
                assert at is None or at >= until or name in known
        self.outside.pass_time(QUARTER)

    def run_until_all_is_known(self, runs: int) -> None:
        """Fails where it takes more of them."""
        for _ in range(runs):
            self.run()
            if len(self.outside.lead_rows.rows) == len(self.outside.leads.stored):
                break
        else:
            pytest.fail(f"{len(self.outside.lead_rows.rows)} leads are known")

    @property
    def cursor(self) -> LeadCursor:
        return self.outside.lead_rows.find_cursor(OWNER, LeadType.SPONSORED).value


def events(caplog: pytest.LogCaptureFixture) -> list[str]:
    return names(told(caplog))


def announced(linkedin: SlowLinkedIn) -> int:
    return len(linkedin.outside.queues.bodies("linkedin-leads"))


def test_a_week_that_does_not_fit_into_a_run() -> None:
    linkedin = SlowLinkedIn()
    linkedin.submit(3000, NOON - 27 * DAY, NOON - 20 * DAY)
    linkedin.run_until_all_is_known(runs=40)
    assert announced(linkedin) == 3000  # each once


def test_a_burst_of_a_second_that_does_not_fit_into_a_run() -> None:
    linkedin = SlowLinkedIn()
    linkedin.submit(3000, NOON - 5 * DAY, NOON - 5 * DAY + timedelta(seconds=1))
    linkedin.run_until_all_is_known(runs=80)
    assert announced(linkedin) == 3000
    for _ in range(80):
        linkedin.run()
        if linkedin.cursor.swept_at is not None:
            break
    assert linkedin.cursor.reached is linkedin.cursor.swept_to is None
    linkedin.outside.leads.windows.clear()
    linkedin.run()
    assert len(linkedin.outside.leads.windows) < 5  # quiet times are listed in long ones again


def test_a_day_that_does_not_fit_into_a_run_and_goes_on_growing() -> None:
    """The last day is listed again and again, and takes several runs each time."""
    linkedin = SlowLinkedIn()
    linkedin.submit(1500, NOON - DAY, NOON)
    for number in range(60):
        linkedin.submit(15, linkedin.outside.now() - QUARTER, linkedin.outside.now())
        if number == 20:  # LinkedIn lists some that are hours old
            linkedin.submit(10, NOON - 3 * QUARTER, NOON)
        linkedin.run()
    linkedin.run_until_all_is_known(runs=20)


def test_a_sweep_that_does_not_fit_into_a_run_goes_on_in_the_next() -> None:
    linkedin = SlowLinkedIn()
    linkedin.submit(3000, NOON - 29 * DAY, NOON - 2 * DAY)
    linkedin.run_until_all_is_known(runs=60)
    while linkedin.cursor.swept_at is None:
        linkedin.run()
    linkedin.outside.pass_time(DAY)
    # LinkedIn lists what is weeks old, in the part that a sweep comes to last.
    linkedin.submit(1, NOON - 3 * DAY, NOON - 3 * DAY + timedelta(seconds=1))
    swept_at = linkedin.cursor.swept_at
    linkedin.run_until_all_is_known(runs=20)
    for _ in range(5):
        linkedin.run()
    assert linkedin.cursor.swept_at is not None
    assert linkedin.cursor.swept_at > swept_at


def test_new_leads_do_not_wait_for_a_long_sweep() -> None:
    linkedin = SlowLinkedIn()
    linkedin.submit(3000, NOON - 29 * DAY, NOON - 2 * DAY)
    linkedin.run_until_all_is_known(runs=60)
    while linkedin.cursor.swept_at is None or linkedin.cursor.reached:
        linkedin.run()
    linkedin.outside.pass_time(DAY)
    for _ in range(3):
        now = linkedin.outside.now()
        linkedin.submit(1, now - timedelta(minutes=1), now)
        linkedin.run_until_all_is_known(runs=1)
        assert linkedin.cursor.swept_to is not None


def test_time_that_runs_out_is_no_failure_where_it_gets_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    linkedin = SlowLinkedIn()
    linkedin.submit(2000, NOON - 10 * DAY, NOON - 9 * DAY)
    with caplog.at_level(logging.INFO, logger="doi"):
        linkedin.run_until_all_is_known(runs=60)
    assert "linkedin_listing_goes_on" in events(caplog)
    assert "linkedin_not_reconciled" not in events(caplog)


def test_where_nothing_at_all_could_be_listed_somebody_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    linkedin = SlowLinkedIn()
    for _ in range(3):
        reconcile(Deadline(0), linkedin.outside)
    assert events(caplog) == ["linkedin_not_reconciled"] * 3
    assert linkedin.cursor == LeadCursor()
