"""A simulated burst: nobody gets lost, seeds decide, grains agree, defaults are the real ones."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from bench.burst import published
from bench.burst.assumed import People
from bench.burst.clicks import FIRST_RETRY, LONGEST_RETRY
from bench.burst.cost import cost
from bench.burst.deployment import Deployment, Scenario
from bench.burst.ends import End
from bench.burst.observed import Limit, Stage, busiest
from bench.burst.raising import climb
from bench.burst.service_times import ServiceTimes
from bench.burst.simulation import Outcome, simulate
from bench.burst.summary import run_of
from local.costs import use
from shared.settings import MailProvider, Settings
from shared.values.mail_rate import MailRates
from shared.wiring import _QUOTAS
from tests.examples import ROOT

TIMES = ServiceTimes(
    register=0.005, send=0.02, page=0.006, confirm=0.03, promote=0.03, put_back=0.005
)
LARGE = Deployment(mails_per_minute=4_000, mails_per_hour=40_000)


def scenario(registrations: int, deployment: Deployment = LARGE, **changes: Any) -> Scenario:
    one = Scenario(registrations=registrations, deployment=deployment, times=TIMES)
    return replace(one, **changes)


SMALL = replace(LARGE, mails_per_minute=60, mails_per_hour=600)
CRAMPED = replace(LARGE, maximum_instances=1, always_ready_http=0, http_concurrency=1)


@pytest.mark.parametrize(
    ("deployment", "grain"),
    [
        (LARGE, 1),
        (LARGE, 7),
        (SMALL, 1),
        (SMALL, 50),
        (CRAMPED, 3),
        (replace(SMALL, lines=True), 1),
        (replace(LARGE, application_users=3, web_servers=2, lines=True), 7),
        (Deployment(), 50),
    ],
)
def test_what_goes_in_comes_out(deployment: Deployment, grain: int) -> None:
    outcome = simulate(scenario(1_500, deployment, grain=grain))
    ends, seen = outcome.ends, outcome.observed
    assert sum(ends.values()) == 1_500
    assert seen.durations["register"].count == 1_500
    assert seen.durations["mail"].count == 1_500 - ends.get(End.NEVER_MAILED, 0)
    assert seen.durations["promote"].count == ends[End.PROMOTED]
    assert outcome.paid.mails == sum(mails for _, mails in seen.mails)
    assert sum(fired for _, fired in seen.triggers) == ends[End.PROMOTED]
    assert all(depth.length == 0 for depth in seen.depths.values())
    assert min(seen.durations["mail"].seconds) > 0


def test_what_cannot_be_mailed_in_time_is_never_mailed() -> None:
    trickle = replace(LARGE, mails_per_minute=1, mails_per_hour=1)
    outcome = simulate(scenario(1_000, trickle, grain=10))
    assert outcome.observed.durations["mail"].count + outcome.ends[End.NEVER_MAILED] == 1_000
    # A week has 168 hours; a window errs on the side of waiting.
    assert 140 <= outcome.observed.durations["mail"].count <= 168


@pytest.mark.parametrize("lines", [False, True])
def test_quotas_are_kept_in_every_window(lines: bool) -> None:  # noqa: FBT001 - the case
    outcome = simulate(scenario(2_000, replace(SMALL, lines=lines)))
    mails = outcome.observed.mails
    assert busiest(mails, 60) <= SMALL.mails_per_minute
    assert busiest(mails, 3600) <= SMALL.mails_per_hour


def test_dataverse_is_not_asked_for_more_than_it_allows() -> None:
    outcome = simulate(scenario(6_000, LARGE))
    assert outcome.observed.waits[Limit.EXECUTION, Stage.PROMOTE].seconds > 0
    seconds = outcome.scenario.calls.dataverse
    # Seen when they end; each was allowed up to some seconds earlier.
    most = busiest(outcome.observed.triggers, published.WINDOW_SECONDS - 10)
    assert most <= published.WINDOW_EXECUTION_SECONDS / seconds


def told(outcome: Outcome) -> tuple[object, ...]:
    seen = outcome.observed
    return (
        outcome.ended_at,
        dict(outcome.ends),
        [(name, one.seconds, one.weights) for name, one in seen.durations.items()],
        [(key, one.seconds) for key, one in seen.waits.items()],
        dict(cost(outcome)),
    )


def test_the_seed_decides() -> None:
    first = told(simulate(scenario(800, SMALL)))
    assert told(simulate(scenario(800, SMALL))) == first
    assert told(simulate(scenario(800, SMALL, seed=2))) != first


@pytest.mark.parametrize(
    ("count", "deployment"),
    [(6_000, LARGE), (1_500, SMALL), (6_000, replace(LARGE, application_users=2))],
)
def test_coarse_and_fine_agree(count: int, deployment: Deployment) -> None:
    fine, coarse = (simulate(scenario(count, deployment, grain=grain)) for grain in (1, 10))
    for step in ("register", "mail", "promote"):
        for share in (0.5, 0.95):
            ours = fine.observed.durations[step].percentile(share)
            other = coarse.observed.durations[step].percentile(share)
            # A second covers how single calls vary; what waits for a limit agrees much better.
            assert other == pytest.approx(ours, rel=0.15, abs=1.0), (step, share)
    assert sum(cost(coarse).values()) == pytest.approx(sum(cost(fine).values()), rel=0.25)


def test_a_confirmed_life_has_the_operations_that_are_counted_on_the_wire() -> None:
    everybody = People(confirming=1.0, opens_spread=0.1)
    outcome = simulate(scenario(20, people=everybody, seconds=3_600.0))
    assert outcome.ends[End.PROMOTED] == 20
    of_one = use.STORAGE_OPERATIONS + use.REPORT_OPERATIONS
    quota = outcome.paid.storage - 20 * of_one
    # Each instance's first look meets the row of another: one write more and one reading.
    assert 20 / LARGE.rates.block <= quota <= 20 + 2 * LARGE.maximum_instances
    runs = len(use.HTTP_FUNCTIONS) + len(use.QUEUE_FUNCTIONS) - 1  # describe_form is not in it
    assert sum(outcome.paid.executions.values()) == 20 * runs


def test_a_click_that_has_to_wait_long_puts_another_message() -> None:
    """And takes its net back, so that nobody comes before it is time: two operations more."""
    everybody = People(confirming=1.0, opens_after=1.0, opens_spread=0.0)
    plenty = replace(LARGE, mails_per_minute=100_000, mails_per_hour=1_000_000)
    outcome = simulate(scenario(4_000, plenty, people=everybody, seconds=120.0))
    back = outcome.observed.counts["put back by Dataverse"]
    waited = outcome.paid.executions[Stage.PROMOTE] - back
    assert waited > 1_000
    of_one = use.STORAGE_OPERATIONS + use.REPORT_OPERATIONS
    more = outcome.paid.storage - 4_000 * of_one - 4 * back
    # 5 instead of 6 for the click, and 5 for the run out of the queue.
    assert 4 * waited <= more <= 4 * waited + 400  # with what the mail quota takes


def test_there_are_never_more_instances_than_the_maximum() -> None:
    outcome = simulate(scenario(3_000, CRAMPED))
    span = outcome.ended_at + 1
    for stage in (Stage.HTTP, Stage.MAIL):
        assert outcome.paid.instance_seconds(stage) <= span
    assert outcome.observed.waits[Limit.MAXIMUM, Stage.HTTP].seconds > 0


def test_several_queues_take_what_one_does_not() -> None:
    ready = replace(LARGE, mails_per_minute=200_000, mails_per_hour=1_000_000)
    ready = replace(ready, always_ready_http=30, maximum_instances=40)
    one, four = (
        simulate(scenario(90_000, replace(ready, queues=queues), seconds=30.0, grain=300)).observed
        for queues in (1, 4)
    )
    assert one.counts["told 503 first"] > 10_000
    assert one.waits[Limit.QUEUE, Stage.HTTP].seconds > 0
    assert four.counts["told 503 first"] == 0


def test_each_queue_has_instances_of_its_own() -> None:
    assert replace(LARGE, queues=4).queue_instances == 4 * LARGE.maximum_instances
    assert replace(LARGE, queues=99).queue_instances == LARGE.most_instances


def test_a_larger_quota_is_never_slower() -> None:
    waits = [
        simulate(scenario(1_000, replace(LARGE, mails_per_minute=rate, mails_per_hour=10 * rate)))
        .observed.durations["mail"]
        .percentile(0.95)
        for rate in (30, 60, 240, 2_000)
    ]
    assert None not in waits
    assert waits == sorted(waits, key=lambda wait: -(wait or 0.0))


def test_lines_spare_what_comes_back_for_nothing() -> None:
    today, planned = (
        simulate(scenario(2_000, replace(SMALL, lines=lines), grain=5)) for lines in (False, True)
    )
    back = "put back by the quota"
    assert planned.observed.counts[back] < today.observed.counts[back] / 3
    assert planned.observed.durations["mail"].percentile(0.95) == pytest.approx(
        today.observed.durations["mail"].percentile(0.95), rel=0.25
    )


def test_what_makes_wait_is_raised_until_the_goals_are_met() -> None:
    first = scenario(1_000, Deployment())
    *rungs, last = [run_of(rung) for rung in climb(first, first)]
    assert rungs[0].changed == "as deployed at first"
    assert rungs[0].unmet == ["mail"]
    assert rungs[0].first == "mail quota (send_confirmation)"
    assert last.changed.startswith("mail quota ")
    assert last.unmet == []
    assert last.today


def test_the_defaults_are_those_of_templates_and_host_json() -> None:
    template = (ROOT / "infra" / "main.bicep").read_text(encoding="utf-8")
    queues = json.loads((ROOT / "host.json").read_text(encoding="utf-8"))["extensions"]["queues"]
    one = Deployment()

    def default(parameter: str) -> int:
        found = re.search(rf"^param {parameter} int = (\d+)$", template, re.MULTILINE)
        assert found, parameter
        return int(found[1])

    assert one.instance_mb == default("instanceMemoryMB")
    assert one.maximum_instances == default("maximumInstanceCount")
    assert one.always_ready_http == default("alwaysReadyHttpInstances")
    assert one.http_concurrency == default("httpConcurrency")
    assert one.batch_size == queues["batchSize"]
    assert one.new_batch_threshold == queues["newBatchThreshold"]
    assert queues["maxPollingInterval"] == f"00:00:{one.polling_seconds:02.0f}"
    assert one.rates == MailRates(**_QUOTAS[MailProvider.ACS])
    assert Settings.model_fields["retry_first_seconds"].default == FIRST_RETRY
    assert Settings.model_fields["retry_longest_seconds"].default == LONGEST_RETRY


def test_places_on_an_instance() -> None:
    # 6, 5, 4 and 3 messages at once, each for as long as the next of so many takes.
    assert Deployment().queue_slots == pytest.approx(4 / (1 / 6 + 1 / 5 + 1 / 4 + 1 / 3))
