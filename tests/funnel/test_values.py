"""What counts as a step, and what the rows of all processes say together."""

from datetime import date, datetime, timedelta

import pytest

from shared.values.event_catalogue import Event
from shared.values.funnel import ALL, MOST_LATEST, FunnelRow, Move, Step, is_counted, step_of
from shared.values.funnel_summary import funnels_of, latest_of
from tests.examples import NOON
from tests.funnel.conftest import DAY

SECOND = timedelta(seconds=1)
TODAY = NOON.date()


def name(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def move(number: int, step: Step, at: datetime = NOON) -> Move:
    return Move(registration=name(number), step=step, at=at)


def empty(by: str = "one", form: str = "newsletter", day: date = TODAY) -> FunnelRow:
    return FunnelRow(day=day, form=form, by=by)


@pytest.mark.parametrize(
    ("event", "facts", "step"),
    [
        (Event.ACCEPTED, {}, Step.ACCEPTED),
        (Event.MAIL_REPORT, {"status": "Delivered"}, Step.DELIVERED),
        (Event.MAIL_REPORT, {"status": "Expanded"}, None),
        (Event.MAIL_BOUNCED, {"status": "Suppressed"}, Step.BOUNCED),
        (Event.NEVER_MAILED, {}, Step.EXPIRED),
        (Event.HONEYPOT, {}, None),
        (Event.CONTACT_WRITTEN, {}, None),
        (Event.QUEUE_DEPTH, {}, None),
    ],
)
def test_which_events_are_steps(event: Event, facts: dict[str, str], step: Step | None) -> None:
    assert step_of(event, facts) is step


def test_only_the_first_mail_counts() -> None:
    assert is_counted({})
    assert is_counted({"number": 1})
    assert not is_counted({"number": 2})


def test_a_row_counts_and_remembers_the_latest() -> None:
    row = empty().moved(move(1, Step.ACCEPTED), counts=True)
    row = row.moved(move(2, Step.ACCEPTED), counts=True)
    row = row.moved(move(1, Step.MAILED), counts=True).moved(move(1, Step.MAILED), counts=False)
    assert row.counts == {Step.ACCEPTED: 2, Step.MAILED: 1}
    assert row.latest == (move(2, Step.ACCEPTED), move(1, Step.MAILED))


def test_a_late_report_does_not_hide_that_a_person_confirmed() -> None:
    row = empty().moved(move(1, Step.CONFIRMED), counts=True)
    row = row.moved(move(1, Step.DELIVERED, NOON + SECOND), counts=True)
    assert row.counts == {Step.CONFIRMED: 1, Step.DELIVERED: 1}
    assert row.latest == (move(1, Step.CONFIRMED),)


def test_a_row_does_not_grow() -> None:
    row = empty()
    for number in range(3 * MOST_LATEST):
        row = row.moved(move(number, Step.ACCEPTED), counts=True)
    assert row.counts == {Step.ACCEPTED: 3 * MOST_LATEST}
    assert [each.registration for each in row.latest] == [
        name(number) for number in range(2 * MOST_LATEST, 3 * MOST_LATEST)
    ]


def test_rows_together() -> None:
    one = empty().moved(move(1, Step.ACCEPTED), counts=True)
    two = empty("two").moved(move(1, Step.MAILED, NOON + SECOND), counts=True)
    together = empty(ALL).plus([two, one])
    assert together.by == ALL
    assert together.counts == {Step.ACCEPTED: 1, Step.MAILED: 1}
    assert together.latest == (move(1, Step.MAILED, NOON + SECOND),)


def test_the_latest_of_all_processes() -> None:
    web = empty().moved(move(1, Step.ACCEPTED), counts=True)
    web = web.moved(move(1, Step.CONFIRMED, NOON + 9 * SECOND), counts=True)
    queue = empty("two").moved(move(1, Step.MAILED, NOON + SECOND), counts=True)
    other = empty("two", "whitepaper").moved(move(2, Step.EXPIRED, NOON + DAY), counts=True)
    found = latest_of([web, queue, other])
    assert [(each.form, each.move.step) for each in found] == [
        ("whitepaper", Step.EXPIRED),
        ("newsletter", Step.CONFIRMED),
    ]
    assert len(latest_of([web, queue, other], most=1)) == 1


def test_what_a_full_row_may_have_forgotten_is_not_told_wrongly() -> None:
    """The mail of registration 1 is known, but that it was confirmed is forgotten."""
    queue = empty("two").moved(move(1, Step.MAILED, NOON + SECOND), counts=True)
    web = empty().moved(move(1, Step.CONFIRMED, NOON + 2 * SECOND), counts=True)
    for number in range(100, 100 + MOST_LATEST):
        web = web.moved(move(number, Step.ACCEPTED, NOON + DAY), counts=True)
    told = {each.move.registration for each in latest_of([web, queue], most=100)}
    assert name(1) not in told
    assert len(told) == MOST_LATEST
    other_form = empty("two", "whitepaper").moved(move(2, Step.MAILED, NOON), counts=True)
    assert name(2) in {e.move.registration for e in latest_of([web, other_form], most=100)}


def test_a_form_s_funnel_has_every_day_and_only_those_asked_for() -> None:
    today = NOON.date()
    row = empty().moved(move(1, Step.ACCEPTED), counts=True)
    late = empty(day=today - 9 * DAY).moved(move(2, Step.ACCEPTED), counts=True)
    [busy, quiet] = funnels_of([row, late], ["quiet", "newsletter"], today - 2 * DAY, today)
    assert (busy.form, busy.counts) == ("newsletter", {Step.ACCEPTED: 1})
    assert [each.day for each in busy.days] == [today - 2 * DAY, today - DAY, today]
    assert [each.counts for each in busy.days] == [{}, {}, {Step.ACCEPTED: 1}]
    assert (quiet.form, quiet.counts, quiet.share(Step.CONFIRMED)) == ("quiet", {}, None)
    assert busy.share(Step.CONFIRMED) == 0


def test_a_form_that_is_gone_keeps_its_counts() -> None:
    row = empty(form="old").moved(move(1, Step.ACCEPTED), counts=True)
    assert [one.form for one in funnels_of([row], [], NOON.date(), NOON.date())] == ["old"]
