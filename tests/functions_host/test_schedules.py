"""NCRONTAB, and how long an idle queue listener waits."""

from datetime import UTC, datetime

import pytest

from local.functions_host.load_failure import LoadFailure
from local.functions_host.ncrontab import Schedule
from local.functions_host.polling_backoff import PollingBackoff

SUNDAY = datetime(2026, 11, 22, 2, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("expression", "following"),
    [
        ("0 */5 * * * *", datetime(2026, 11, 22, 2, 5, tzinfo=UTC)),
        ("*/5 * * * *", datetime(2026, 11, 22, 2, 5, tzinfo=UTC)),
        ("30 0 9-17 * * 1-5", datetime(2026, 11, 23, 9, 0, 30, tzinfo=UTC)),
        ("0 0 2 * * 0", datetime(2026, 11, 29, 2, tzinfo=UTC)),
        ("0 0 9 1 * MON", datetime(2027, 2, 1, 9, tzinfo=UTC)),
        ("0 0 0 1 JAN,Jul *", datetime(2027, 1, 1, tzinfo=UTC)),
    ],
)
def test_finds_the_next_occurrence(expression: str, following: datetime) -> None:
    assert Schedule(expression).next_after(SUNDAY) == following


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "@daily",
        "0 0 * * *  * *",
        "0 0 9 L * *",
        "0 0 9 ? * *",
        "0 0 9 * * 7",
        "0 0 9 * * 1-7",
        "0 0 9 * * 1#2",
        "60 * * * * *",
        "0 0 24 * * *",
        "00:05:00",
        "0 0 9 * * XYZ",
    ],
)
def test_refuses_what_is_no_ncrontab(expression: str) -> None:
    with pytest.raises(LoadFailure):
        Schedule(expression)


def test_waits_longer_and_longer_up_to_the_maximum() -> None:
    backoff = PollingBackoff(2.0)
    waits = [backoff.next_wait() for _ in range(40)]
    assert 0.1 < waits[0] < 0.25
    assert waits[:4] == sorted(waits[:4])
    assert set(waits[6:]) == {2.0}
    backoff.reset()
    assert backoff.next_wait() < 0.25
