"""The costs in docs/operations.md: their sums, and that they count what the app does."""

import re
from datetime import datetime, timedelta

import pytest
from croniter import croniter  # type: ignore[import-untyped] # it has none

from local.costs import prices, use
from local.costs.bill import Installation, always_ready_instances, bill, total
from local.costs.tables import dollars, with_sums
from local.infrastructure.document import INFRASTRUCTURE
from local.infrastructure.templates import read_templates
from shared.values.queue_name import QueueName
from tests.docs.documents import ALL
from tests.examples import NOON, ROOT
from tests.monitoring.alert_rules import rules

DOCUMENT = ROOT / "docs" / "operations.md"
FUNCTIONS = "".join(
    path.read_text(encoding="utf-8") for path in sorted((ROOT / "functions").glob("*.py"))
)


def lines(**changes: object) -> dict[str, float]:
    installation = Installation(**changes)  # type: ignore[arg-type] # as the test names them
    return {line.what: line.dollars for line in bill(installation)}


def test_the_document_has_todays_sums() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert with_sums(text) == text, "run python -m local.costs"


@pytest.mark.parametrize("stale", ["| mails | $", "| **together** | **$"])
def test_a_stale_sum_is_noticed(stale: str) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert stale in text
    assert with_sums(text.replace(stale, f"{stale}9")) == text


def test_a_document_without_the_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="costs: 1,000 registrations"):
        with_sums("# Operations\n")


def test_a_thousand_registrations_by_hand() -> None:
    """Once more, from the price list: what is not free of a thousand, far beyond the grants."""
    many = total(Installation(registrations=101_000))
    fewer = total(Installation(registrations=100_000))
    mails = 1000 * 0.00025 + 1000 * 0.01 * 0.00012
    pages = 1000 * 4 * 1 * 2 * 0.000016
    queues = 1000 * 3 * 1 * 2 * 0.000026
    executions = 1000 * 7 * 0.40 / 1e6
    storage = 1000 * 27 / 10_000 * 0.004
    logs = 1000 * 7 * 10 / 1e6 * 2.76
    by_hand = mails + pages + queues + executions + storage + logs
    assert many - fewer == pytest.approx(by_hand)


def test_an_installation_that_nobody_uses_by_hand() -> None:
    by_hand = 2 * 730 * 3600 * 0.000004 + 5 * 1.5 + 8 * 0.5 + 0.03
    by_hand += 43_800 * 15 / 10_000 * 0.004  # the watch
    by_hand += (43_800 + 2_920 + 60.83) * 10 / 1e6 * 2.76  # the timers' log
    assert total(Installation()) == pytest.approx(by_hand, abs=0.001)


def test_timers_stay_within_the_free_grant() -> None:
    """Of one installation in a subscription."""
    assert use.timer_runs() * use.MEMORY_GB < prices.FREE_GB_SECONDS
    assert lines()["queues and timers, on demand"] == 0
    assert lines(memory_gb=4)["queues and timers, on demand"] > 0


def test_without_an_instance_that_waits_everything_is_on_demand() -> None:
    without = lines(always_ready=0, registrations=1000)
    assert "instances that are always ready" not in without
    assert (
        without["all functions, on demand"]
        > lines(registrations=1000)["queues and timers, on demand"]
    )


def test_zones_keep_two_instances_of_each_scale_group() -> None:
    assert always_ready_instances(Installation()) == 1
    assert always_ready_instances(Installation(zone_redundant=True)) == 2 * use.SCALE_GROUPS
    assert always_ready_instances(Installation(zone_redundant=True, always_ready=3)) == 21


def test_what_is_counted_is_what_the_app_has() -> None:
    names = set(re.findall(r'function_name\("(\w+)"\)', FUNCTIONS))
    assert names >= {*use.HTTP_FUNCTIONS, *use.QUEUE_FUNCTIONS, *use.TIMER_RUNS_A_DAY}
    queues = FUNCTIONS.count("blueprint.queue_trigger(")
    assert queues == len(QueueName)
    assert 1 + queues + len(use.TIMER_RUNS_A_DAY) == use.SCALE_GROUPS


def test_timers_run_as_often_as_is_counted() -> None:
    found = re.findall(
        r'function_name\("(\w+)"\)\n@blueprint.timer_trigger\("timer", "([^"]+)"', FUNCTIONS
    )
    assert {name: runs_a_day(schedule) for name, schedule in found} == use.TIMER_RUNS_A_DAY


def runs_a_day(schedule: str) -> int:
    midnight = NOON.replace(hour=0) - timedelta(seconds=1)
    runs = croniter(schedule, midnight, ret_type=datetime, second_at_beginning=True)
    count = 0
    while runs.get_next() <= midnight + timedelta(days=1):
        count += 1
    return count


def test_operations_are_those_of_the_documents() -> None:
    assert f"broom 5 after a week: {use.STORAGE_OPERATIONS}." in ALL["docs/architecture.md"].text
    assert f"that is {use.WATCH_OPERATIONS} storage operations" in ALL["docs/events.md"].text


def test_alert_rules_are_those_that_are_deployed() -> None:
    website = [rule.frequency for rule in rules({"linkedInEnabled": False})]
    assert website.count("PT5M") == use.FIVE_MINUTE_RULES
    assert len(website) - website.count("PT5M") == use.SLOWER_RULES
    # Every ten minutes would cost $1.00.
    assert not {"PT1M", "PT10M"} & set(website)
    assert len(rules()) - len(website) == use.LINKEDIN_RULES


def test_defaults_are_those_of_the_deployment() -> None:
    parameters = read_templates(INFRASTRUCTURE).main.parameters
    assert parameters["instanceMemoryMB"].value == use.MEMORY_GB * 1024
    assert parameters["alwaysReadyHttpInstances"].value == use.ALWAYS_READY
    for name in ("zoneRedundant", "frontDoorEnabled", "vnetEnabled"):
        assert parameters[name].value is False


@pytest.mark.parametrize(
    ("amount", "shown"), [(0, "$0.00"), (0.004, "< $0.01"), (0.005, "$0.01"), (1234.5, "$1,234.50")]
)
def test_dollars(amount: float, shown: str) -> None:
    assert dollars(amount) == shown
