"""Counting off the visitor's path: in memory, written later, and never at a visitor's cost."""

import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from shared import double_opt_in, events
from shared.failures import PermanentFailure
from shared.ports import Deadline
from shared.tally import AFTER, EventTally, in_a_thread
from shared.values.about import About
from shared.values.event_catalogue import Event
from shared.values.funnel import Step
from shared.values.record_notes import WithdrawalNote
from shared.withdraw_link import withdraw_link
from tests.examples import NOON, registration
from tests.fakes.funnel import FakeFunnel
from tests.fakes.outside import FakeOutside
from tests.funnel.conftest import DAY
from tests.leads.worlds import add_lead, arrive, connected
from tests.leads.worlds import deliver as deliver_lead
from tests.story.journey import deliver, link, press, redeliver, sign_up, stored
from tests.story.test_mail_reports import report
from tests.told import told

ASKED = registration()
ABOUT = About(registration=ASKED.id, form="newsletter", source="website")


def counted(outside: FakeOutside) -> dict[Step, int]:
    outside.tally.flush()
    rows = outside.funnel.since(NOON.date() - 400 * DAY)
    return {step: sum(row.counts.get(step, 0) for row in rows) for step in Step}


def steps(outside: FakeOutside) -> dict[str, int]:
    return {step.value: count for step, count in counted(outside).items() if count}


def test_a_whole_life_is_counted(outside: FakeOutside) -> None:
    token = link(sign_up(ASKED, outside))
    report(outside, "Delivered")
    press(token, outside)
    record = stored(ASKED, outside)
    assert record
    withdrawal = withdraw_link(record, outside).partition("?token=")[2]
    note = WithdrawalNote(at=outside.now(), address=None, user_agent=None, one_click=False)
    double_opt_in.withdraw(withdrawal, note, Deadline(10), outside)
    assert steps(outside) == dict.fromkeys(
        ("accepted", "mailed", "delivered", "confirmed", "promoted", "withdrawn"), 1
    )


@pytest.mark.parametrize(
    ("end", "expected"),
    [("declined", "declined"), ("bounced", "bounced"), ("expired", "expired")],
)
def test_the_other_ends_are_counted(outside: FakeOutside, end: str, expected: str) -> None:
    mail = sign_up(ASKED, outside)
    if end == "declined":
        double_opt_in.decline(link(mail, "decline"), outside)
    elif end == "bounced":
        report(outside, "Bounced")
    else:
        outside.pass_time(timedelta(days=8))
        deliver("follow-ups", outside)
    assert steps(outside) == {"accepted": 1, "mailed": 1, expected: 1}


def test_what_failed_is_counted_too(outside: FakeOutside) -> None:
    double_opt_in.register(ASKED, outside)
    outside.mailer.fail_next(PermanentFailure("refused"))
    deliver("registrations", outside)
    assert steps(outside) == {"accepted": 1, "failed": 1}


def test_a_reminder_is_no_second_registration(outside: FakeOutside) -> None:
    form = outside.forms["newsletter"].model_copy(update={"reminder_after": DAY})
    outside.forms = {"newsletter": form}
    sign_up(ASKED, outside)
    outside.pass_time(timedelta(days=2))
    redeliver("follow-ups", outside.queues.bodies("follow-ups"), outside)
    deliver("registrations", outside)
    report(outside, "Delivered", number=2)
    assert steps(outside) == {"accepted": 1, "mailed": 1}


def test_days_are_counted_apart(outside: FakeOutside) -> None:
    token = link(sign_up(ASKED, outside))
    outside.pass_time(DAY)
    press(token, outside)
    outside.tally.flush()
    days = {row.day: sorted(row.counts) for row in outside.funnel.since(NOON.date())}
    assert days == {
        NOON.date(): ["accepted", "mailed"],
        NOON.date() + DAY: ["confirmed", "promoted"],
    }


def test_a_lead_is_counted_for_our_form() -> None:
    outside = connected()
    stop = events.listen(outside.tally.hear)
    try:
        add_lead(outside)
        arrive(outside)
        deliver_lead("registrations", outside)
    finally:
        stop()
    outside.tally.flush()
    assert {row.form for row in outside.funnel.since(NOON.date())} == {"newsletter"}
    assert steps(outside) == {"accepted": 1, "mailed": 1}


# Off the path ----------------------------------------------------------------------------------


def test_the_visitor_s_path_writes_nothing(outside: FakeOutside) -> None:
    token = link(sign_up(ASKED, outside))
    press(token, outside)
    assert outside.funnel.writes == 0
    outside.tally.flush()
    assert outside.funnel.writes == 1


def test_a_table_that_is_down_costs_nobody_anything(
    outside: FakeOutside, caplog: pytest.LogCaptureFixture
) -> None:
    outside.funnel.down = True
    press(link(sign_up(ASKED, outside)), outside)
    outside.tally.flush()
    assert [each.facts for each in told(caplog) if each.event == "counts_not_written"] == [
        {"reason": "table funnel: down"}
    ]
    outside.funnel.down = False
    assert steps(outside) == dict.fromkeys(("accepted", "mailed", "confirmed", "promoted"), 1)


@pytest.fixture
def later() -> list[Callable[[], None]]:
    """What was asked to be called later."""
    return []


@pytest.fixture
def table() -> FakeFunnel:
    return FakeFunnel()


@pytest.fixture
def tally(table: FakeFunnel, later: list[Callable[[], None]]) -> EventTally:
    return EventTally(lambda: table, lambda: NOON, by="one", later=later.append)


def test_it_is_written_once_for_all_that_came_meanwhile(
    tally: EventTally, table: FakeFunnel, later: list[Callable[[], None]]
) -> None:
    for _ in range(50):
        tally.hear(Event.ACCEPTED, ABOUT, {})
    assert (len(later), table.writes) == (1, 0)
    later.pop()()
    assert table.writes == 1
    assert later == []  # nothing new: the process sleeps
    tally.hear(Event.MAILED, ABOUT, {"number": 1})
    assert len(later) == 1


def test_what_was_not_taken_is_tried_again_by_itself(
    tally: EventTally, table: FakeFunnel, later: list[Callable[[], None]]
) -> None:
    table.down = True
    tally.hear(Event.ACCEPTED, ABOUT, {})
    later.pop()()
    table.down = False
    later.pop()()
    [row] = table.since(NOON.date())
    assert row.counts == {Step.ACCEPTED: 1}
    assert later == []


def test_a_process_without_a_thread_to_spare_still_accepts(table: FakeFunnel) -> None:
    def no_thread(_: Callable[[], None]) -> None:
        raise RuntimeError("can't start new thread")

    tally = EventTally(lambda: table, lambda: NOON, by="one", later=no_thread)
    tally.hear(Event.ACCEPTED, ABOUT, {})
    tally.hear(Event.ACCEPTED, ABOUT, {})
    tally.flush()
    assert table.since(NOON.date())[0].counts == {Step.ACCEPTED: 2}


@pytest.mark.parametrize(
    "about",
    [About(), About(registration=ASKED.id), About(form="newsletter")],
)
def test_what_is_of_no_form_or_registration_is_not_counted(
    tally: EventTally, later: list[Callable[[], None]], about: About
) -> None:
    tally.hear(Event.EXPIRED, about, {})
    assert later == []


def test_days_that_are_over_are_not_kept_in_memory(table: FakeFunnel) -> None:
    clock = [NOON]
    tally = EventTally(lambda: table, lambda: clock[0], by="one", later=lambda _: None)
    tally.hear(Event.ACCEPTED, ABOUT, {})
    tally.flush()
    clock[0] += DAY
    tally.hear(Event.CONFIRMED, ABOUT, {})
    tally.flush()
    table.rows.clear()  # what is not kept cannot be written once more
    tally.hear(Event.PROMOTED, ABOUT, {})
    tally.flush()
    [row] = table.since(NOON.date())
    assert row.counts == {Step.CONFIRMED: 1, Step.PROMOTED: 1}


class SlowFunnel(FakeFunnel):
    """A table that is slow to take the first write."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.go_on = threading.Event(), threading.Event()

    def save(self, rows: object) -> None:
        first = not self.begun.is_set()
        self.begun.set()
        if first:
            self.go_on.wait(10)
        super().save(rows)  # type: ignore[arg-type] # handed on


def test_a_slow_write_neither_holds_up_counting_nor_comes_after_a_newer_one() -> None:
    table = SlowFunnel()
    tally = EventTally(lambda: table, lambda: NOON, by="one", later=lambda _: None)
    tally.hear(Event.ACCEPTED, ABOUT, {})
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(tally.flush)
        assert table.begun.wait(10)
        tally.hear(Event.ACCEPTED, ABOUT, {})  # does not wait
        second = pool.submit(tally.flush)
        table.go_on.set()
        first.result(10), second.result(10)
    assert table.since(NOON.date())[0].counts == {Step.ACCEPTED: 2}


def test_threads_lose_no_count(tally: EventTally, table: FakeFunnel) -> None:
    with ThreadPoolExecutor(8) as pool:
        for _ in range(400):
            pool.submit(tally.hear, Event.ACCEPTED, ABOUT, {})
    tally.flush()
    assert table.since(NOON.date())[0].counts == {Step.ACCEPTED: 400}


def test_the_thread_that_writes_keeps_no_process_alive() -> None:
    before = set(threading.enumerate())
    in_a_thread(lambda: None)
    [timer] = set(threading.enumerate()) - before
    assert isinstance(timer, threading.Timer)
    assert timer.daemon
    assert timer.interval == AFTER.total_seconds()
    timer.cancel()
    timer.join(10)


@pytest.fixture(autouse=True)
def _info(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with caplog.at_level(logging.INFO):
        yield
