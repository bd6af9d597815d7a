"""Each alert's query, with the thresholds that are deployed, on logs of good and of bad days."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.monitoring.alert_rules import rules
from tests.monitoring.logs import Logs

RULES = {rule.name: rule for rule in rules()}
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
LIFE = {"registration": "4f0c", "form": "newsletter", "source": "website"}
Tell = Callable[[Logs], None]


def depth(queue: str = "registrations", **changes: int | None) -> dict[str, Any]:
    return {"queue": queue, "waiting": 1, "visible": 1, "age": 5, "poison": 0, **changes}


def good_day(logs: Logs) -> None:
    """The watch looks, people sign up and confirm, one call in a hundred fails."""
    for minute in range(1, 120):
        logs.tell("queue_depth", minute * MINUTE, queues=[depth(), depth("promotions")])
        logs.call("watch_poison", "0", minute * MINUTE)
    for number in range(100):
        ago = 4 * HOUR + number * SECOND
        logs.tell("mailed", ago, kind="confirmation", **LIFE)
        logs.tell("mail_report", ago, status="Delivered", **LIFE)
        logs.tell("confirmed", ago - HOUR, **LIFE)
        logs.call("register", "202", number * SECOND)
        logs.call("confirm", "422", number * SECOND)  # the visitor's mistake, not ours
    logs.call("register", "500", MINUTE, success=False)
    logs.tell("mail_bounced", HOUR, "WARNING", status="Bounced", **LIFE)
    logs.tell("mail_throttled", MINUTE, "WARNING", provider="acs", seconds=60)
    logs.tell("mail_provider_rests", MINUTE, "WARNING", provider="acs", cause="throttled")
    logs.tell("register_unavailable", MINUTE, "ERROR", reason="queue: 503", **LIFE)
    logs.tell("linkedin_not_reconciled", MINUTE, "WARNING", owner="urn", lead_type="SPONSORED")
    logs.lose("Agent", "Agent heartbeat", "Warning", MINUTE)
    logs.write('a line of an SDK that quotes {"event":"never_mailed"}', MINUTE, "ERROR")


def repeat(times: int, event: str, level: str = "INFO", **facts: Any) -> Tell:
    def tell(logs: Logs) -> None:
        for number in range(times):
            logs.tell(event, MINUTE + number * SECOND, level, **facts)

    return tell


def poisoned(logs: Logs) -> None:
    logs.tell("queue_depth", 2 * MINUTE, queues=[depth(poison=0)])
    logs.tell(
        "poison_waiting", HOUR, "ERROR", queue="registrations", reasons=["no form", "no sender"]
    )
    logs.tell("queue_depth", MINUTE / 2, queues=[depth(poison=2), depth("promotions")])


def failing(logs: Logs) -> None:
    for number in range(10):
        logs.call("promote", "0", number * SECOND, success=number < 4)


def refused(logs: Logs) -> None:
    for number in range(6):
        logs.call("register", "503", number * SECOND)


def stuck(logs: Logs) -> None:
    for minute in range(1, 15):
        queues = [depth(age=2000 + minute), depth("promotions", age=minute)]
        logs.tell("queue_depth", minute * MINUTE - 10 * SECOND, queues=queues)


def unread(logs: Logs) -> None:
    for number in range(25):
        logs.tell("mailed", 5 * HOUR + number * SECOND, kind="confirmation", **LIFE)


def bouncing(logs: Logs) -> None:
    for number in range(40):
        logs.tell("mailed", 5 * HOUR + number * SECOND, kind="confirmation", **LIFE)
        if number % 10 == 0:
            logs.tell("mail_bounced", HOUR + number * SECOND, "WARNING", **LIFE)


def capped(logs: Logs) -> None:
    logs.lose("Ingestion", "Data collection Status", "Warning", MINUTE)


def nothing(logs: Logs) -> None:
    """Not even the watch."""


# What is told, and the rows that somebody gets to see.
BAD: dict[str, tuple[Tell, list[dict[str, Any]]]] = {
    "poison-waiting": (
        poisoned,
        [{"queue": "registrations", "messages": 2, "reasons": "no form; no sender"}],
    ),
    "failures": (failing, [{"function": "promote", "calls": 10, "failures": 6, "percent": 60.0}]),
    "unavailable": (
        repeat(3, "page_unavailable", "ERROR", reason="table: 503"),
        [{"event": "page_unavailable", "refusals": 3}],
    ),
    "queue-stuck": (stuck, [{"queue": "registrations", "looks": 14, "least_age": 2001}]),
    "watch-silent": (nothing, [{"looks": 0}]),
    "logs-lost": (
        capped,
        [
            {
                "Operation": "Data collection Status",
                "times": 1,
                "detail": "Data collection Status: details",
            }
        ],
    ),
    "no-confirmations": (unread, [{"mailed": 25, "confirmed": 0}]),
    "never-mailed": (
        repeat(2, "never_mailed", "ERROR", **LIFE),
        [{"form": "newsletter", "registrations": 1}],
    ),
    "mail-throttled": (
        repeat(5, "mail_throttled", "WARNING", provider="acs", seconds=900),
        [{"provider": "acs", "throttled": 5, "longest_wait_seconds": 900}],
    ),
    "mail-provider-rests": (
        repeat(1, "mail_provider_switched", "ERROR", provider="smtp", instead_of="acs"),
        [{"provider": "acs", "rests": 0, "switched": 1, "reason": ""}],
    ),
    "form-over-ceiling": (
        repeat(1, "form_over_ceiling", "ERROR", registrations_today=2000, ceiling=2000, **LIFE),
        [{"form": "newsletter", "registrations_today": 2000, "ceiling": 2000}],
    ),
    "bounces": (bouncing, [{"mailed": 40, "bounced": 4, "percent": 10.0}]),
    "linkedin-sign-in-due": (
        repeat(1, "linkedin_sign_in_due", "WARNING", until="2026-12-24"),
        [{"until_day": "2026-12-24 00:00:00", "reason": ""}],
    ),
    "linkedin-version-due": (
        repeat(1, "linkedin_version_due", "ERROR", until="2026-12-24", version="202607"),
        [{"until_day": "2026-12-24 00:00:00", "version": "202607"}],
    ),
    "linkedin-not-reconciled": (
        repeat(1, "linkedin_not_reconciled", "ERROR", owner="o", lead_type="EVENT", reason="403"),
        [{"owner": "o", "lead_type": "EVENT", "failures": 1, "for_good": 1, "reason": "403"}],
    ),
    "lead-parked": (
        repeat(3, "lead_parked", "ERROR", registration="1", form="newsletter", reason="r"),
        [{"form": "newsletter", "lead_form": "", "leads": 1, "reason": "r"}],
    ),
    "other-alarms": (
        repeat(2, "form_skipped", "ERROR", file="x.json", reason="wrong"),
        [{"event": "form_skipped", "times": 2, "reason": "wrong"}],
    ),
}


def asked(name: str, logs: Logs) -> list[dict[str, Any]]:
    rule = RULES[name]
    rows = logs.ask(rule.query, window=rule.window)
    return [
        {
            key: str(value) if key.endswith("_day") else ("" if value is None else value)
            for key, value in row.items()
        }
        for row in rows
    ]


def test_every_alert_has_a_bad_day() -> None:
    assert set(BAD) == set(RULES)


@pytest.fixture(scope="module")
def a_good_day() -> Logs:
    logs = Logs()
    good_day(logs)
    return logs


@pytest.mark.parametrize("name", RULES)
def test_nobody_is_told_on_a_good_day(name: str, a_good_day: Logs) -> None:
    assert asked(name, a_good_day) == []


@pytest.mark.parametrize("name", RULES)
def test_somebody_is_told_on_a_bad_day(name: str) -> None:
    tell, rows = BAD[name]
    logs = Logs()
    tell(logs)
    assert asked(name, logs) == rows


@pytest.mark.parametrize("name", sorted(set(RULES) - {"watch-silent"}))
def test_what_was_long_ago_is_over(name: str) -> None:
    tell, _ = BAD[name]

    class Earlier(Logs):
        def write(self, message: str, ago: timedelta, level: str = "INFO") -> None:
            super().write(message, ago + timedelta(days=3), level)

        def call(self, function: str, code: str, ago: timedelta, **more: bool) -> None:
            super().call(function, code, ago + timedelta(days=3), **more)

        def lose(self, category: str, operation: str, level: str, ago: timedelta) -> None:
            super().lose(category, operation, level, ago + timedelta(days=3))

    logs = Earlier()
    tell(logs)
    assert asked(name, logs) == []


def test_a_503_is_a_failure_though_the_function_succeeded() -> None:
    logs = Logs()
    refused(logs)
    [row] = asked("failures", logs)
    assert (row["function"], row["failures"]) == ("register", 6)


def test_workers_that_azure_ended_are_no_failure() -> None:
    logs = Logs()
    for number in range(20):
        logs.call("send_confirmation", "0", number * SECOND, success=False, ended=True)
    assert asked("failures", logs) == []
    failing(logs)
    assert [row["function"] for row in asked("failures", logs)] == ["promote"]


def test_people_have_two_hours_and_reminders_do_not_count() -> None:
    logs = Logs()
    for number in range(100):
        logs.tell("mailed", HOUR + number * SECOND, kind="confirmation", **LIFE)
        logs.tell("mailed", 5 * HOUR + number * SECOND, kind="reminder", **LIFE)
    assert asked("no-confirmations", logs) == []


def test_one_person_who_confirms_is_enough() -> None:
    logs = Logs()
    unread(logs)
    logs.tell("confirmed", MINUTE, **LIFE)
    assert asked("no-confirmations", logs) == []


def test_poison_that_was_replayed_is_over_at_the_next_look() -> None:
    logs = Logs()
    poisoned(logs)
    logs.tell("queue_depth", SECOND, queues=[depth(poison=0)])
    assert asked("poison-waiting", logs) == []


def test_a_queue_that_moves_is_not_stuck() -> None:
    logs = Logs()
    stuck(logs)
    logs.tell("queue_depth", SECOND, queues=[depth(age=3)])
    assert asked("queue-stuck", logs) == []


def test_a_pause_of_a_minute_is_not_told_but_several_are() -> None:
    logs = Logs()
    rests = {"provider": "acs", "cause": "failing", "reason": "acs: 503"}
    repeat(2, "mail_provider_rests", "WARNING", **rests)(logs)
    assert asked("mail-provider-rests", logs) == []
    repeat(1, "mail_provider_rests", "WARNING", **rests)(logs)
    [row] = asked("mail-provider-rests", logs)
    assert (row["rests"], row["reason"]) == (3, "acs: 503")
