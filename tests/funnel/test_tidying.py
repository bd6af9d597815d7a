"""The table stays small: one row for each form and day that is over, and none that is too old."""

import logging
from datetime import date

import pytest

from shared.funnel import FOLDED_AFTER, KEPT_FOR, funnels, tidy
from shared.ports import Deadline, FunnelRows
from shared.values.funnel import ALL, FunnelRow, Step
from tests.examples import NOON
from tests.fakes.outside import FakeOutside
from tests.funnel.conftest import DAY
from tests.told import told

TODAY = NOON.date()
OLD = TODAY - FOLDED_AFTER - DAY


def row(day: date, by: str, accepted: int = 1) -> FunnelRow:
    return FunnelRow(day=day, form="newsletter", by=by, counts={Step.ACCEPTED: accepted})


@pytest.fixture
def app(rows: FunnelRows) -> FakeOutside:
    app = FakeOutside()
    app.funnel = rows  # type: ignore[assignment] # fake or real, the same cases
    return app


def test_days_that_are_over_become_one_row(app: FakeOutside) -> None:
    app.funnel.save([row(OLD, f"p{number}") for number in range(250)])
    fresh = [row(TODAY - FOLDED_AFTER, "a"), row(TODAY, "a")]
    app.funnel.save(fresh)
    for _ in range(2):
        tidy(Deadline(60), app)
    found = app.funnel.since(OLD)
    assert sorted(found, key=lambda one: one.day) == [row(OLD, ALL, 250), *fresh]
    assert funnels(OLD, app)[0].counts == {Step.ACCEPTED: 252}


def test_what_is_too_old_is_deleted(app: FakeOutside) -> None:
    app.funnel.save([row(TODAY - KEPT_FOR - DAY, "a"), row(TODAY - KEPT_FOR, "b")])
    tidy(Deadline(60), app)
    assert [one.day for one in app.funnel.since(date(2020, 1, 1))] == [TODAY - KEPT_FOR]


def test_the_next_night_goes_on_where_the_time_was_over() -> None:
    app = FakeOutside()
    app.funnel.save([row(OLD, "a"), row(OLD, "b")])
    tidy(Deadline(0), app)
    assert len(app.funnel.since(OLD)) == 2
    tidy(Deadline(60), app)
    assert app.funnel.since(OLD) == [row(OLD, ALL, 2)]


def test_storage_that_is_down_is_told_and_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    app = FakeOutside()
    app.funnel.down = True
    tidy(Deadline(60), app)
    [only] = told(caplog)
    assert (only.level, only.event, only.facts) == (
        "WARNING",
        "counts_not_tidied",
        {"reason": "table funnel: down"},
    )


def test_only_the_forms_that_are_asked_for() -> None:
    app = FakeOutside()
    other = FunnelRow(day=TODAY, form="old", by="a", counts={Step.ACCEPTED: 5})
    app.funnel.save([row(TODAY, "a"), other])
    assert [one.form for one in funnels(TODAY, app)] == [
        "old",
        "newsletter",
        "webinar",
        "whitepaper",
    ]
    [only] = funnels(TODAY, app, ["newsletter"])
    assert only.counts == {Step.ACCEPTED: 1}
