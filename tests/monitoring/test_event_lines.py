"""A line of the log is one JSON object, whatever a fact says."""

import json
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.event_lines import event_in, events_in
from shared import events
from shared.values.about import About
from shared.values.event_catalogue import Event
from tests.told import Told, told

ABOUT = About(registration="1", form="newsletter", source="website")
LONGEST_MESSAGE = 32_768


def test_the_name_comes_first_then_what_it_is_about(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    events.note(Event.PROMOTED, ABOUT, seconds=3)
    assert caplog.messages == [
        '{"event":"promoted","registration":"1","form":"newsletter","source":"website","seconds":3}'
    ]


def test_what_is_not_known_is_left_out(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    events.note(Event.MAILED, About(registration="1"), seconds=None)
    assert caplog.messages == ['{"event":"mailed","registration":"1"}']


@pytest.mark.parametrize(
    ("tell", "level"),
    [(events.note, "INFO"), (events.warn, "WARNING"), (events.alarm, "ERROR")],
)
def test_levels(tell: object, level: str, caplog: pytest.LogCaptureFixture) -> None:
    assert callable(tell)
    caplog.set_level(logging.INFO)
    tell(Event.EXPIRED, reason="unconfirmed")
    assert told(caplog) == [Told(level, "expired", {"reason": "unconfirmed"})]


@given(st.text())
def test_no_reason_breaks_the_line(reason: str) -> None:
    line = _told(reason)
    assert line.isascii()
    assert line.isprintable()
    assert json.loads(line)["reason"] == (reason if len(reason) <= 1000 else f"{reason[:999]}…")


def test_a_line_is_never_cut_by_application_insights() -> None:
    line = _told("\U0001f600" * 50_000)
    assert len(line) < LONGEST_MESSAGE
    assert json.loads(line)["reason"] == "\U0001f600" * 999 + "…"


def test_events_are_read_back_from_a_hosts_log() -> None:
    line = _told('a "quoted" {brace}')
    lines = [f"2026-11-22 12:00:00,000 ERROR doi: {line}", "INFO host: Executing", f"{line} ok"]
    assert [event["reason"] for event in events_in(lines)] == ['a "quoted" {brace}'] * 2
    assert event_in("an event of 2026") is None


def _told(reason: str) -> str:
    lines: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(record.getMessage())

    handler = Kept()
    logger = logging.getLogger("doi")
    logger.addHandler(handler)
    try:
        events.alarm(Event.PAGE_UNAVAILABLE, reason=reason)
    finally:
        logger.removeHandler(handler)
    return lines[0]
