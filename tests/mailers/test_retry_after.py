"""Retry-After in both its forms, and what is none."""

from datetime import UTC, datetime

import pytest

from shared.adapters.retry_after import LONGEST_WAIT, retry_after_seconds

NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        ("17", 17.0),
        (" 17 ", 17.0),
        ("Sun, 22 Nov 2026 12:00:30 GMT", 30.0),
        ("Sunday, 22-Nov-26 12:00:30 GMT", 30.0),
        ("Sun Nov 22 12:00:30 2026", 30.0),
        ("Sun, 22 Nov 2026 11:59:00 GMT", 0.0),
        ("Sun, 22 Nov 2026 13:00:30 +0100", 30.0),
    ],
)
def test_reads_seconds_and_dates(value: str, seconds: float) -> None:
    assert retry_after_seconds(value, NOW) == seconds


@pytest.mark.parametrize(
    "value",
    [None, "", "soon", "-5", "1.5", "٣", "nan", "Mon, 01 Jan 99999999999999999999 00:00:00 GMT"],
)
def test_ignores_what_makes_no_sense(value: str | None) -> None:
    assert retry_after_seconds(value, NOW) is None


@pytest.mark.parametrize("value", ["9" * 5000, "31536000", "Sun, 22 Nov 2099 12:00:00 GMT"])
def test_does_not_believe_in_waits_beyond_a_day(value: str) -> None:
    assert retry_after_seconds(value, NOW) == LONGEST_WAIT
