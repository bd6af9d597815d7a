"""What can be raised against each limit, in the order in which it is tried."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bench.burst import published
from bench.burst.dataverse import REQUESTS_EACH
from bench.burst.deployment import Deployment
from bench.burst.observed import Limit, Stage
from bench.burst.simulation import Outcome

# An hour's mails may not come faster than this; nobody says what a ticket can bring for a minute.
_MOST_A_MINUTE = math.ceil(published.MOST_MAILS_AN_HOUR / 60)
_HEADROOM = 1.25
_MOST_ALWAYS_READY = 20
_MOST_QUEUES, _MOST_ACCOUNTS = 16, 16
_LARGE_BATCH, _LARGE_THRESHOLD = 16, 8
# Hand-overs a second that one user may do on one web server, against CIJ's triggers a second.
_WINDOW = published.WINDOW_SECONDS


@dataclass(frozen=True)
class Change:
    """What is tried next; `today` says that no code is needed."""

    deployment: Deployment
    told: str
    today: bool = True


def _mail(outcome: Outcome, _: Stage) -> Change | None:
    scenario, one = outcome.scenario, outcome.scenario.deployment
    a_minute = _round(scenario.registrations / scenario.seconds * 60 * _HEADROOM)
    minute = max(one.mails_per_minute, min(a_minute, _MOST_A_MINUTE))
    an_hour = _round(max(scenario.registrations, minute) * _HEADROOM)
    hour = max(one.mails_per_hour, min(an_hour, published.MOST_MAILS_AN_HOUR))
    if (minute, hour) != (one.mails_per_minute, one.mails_per_hour):
        raised = replace(one, mails_per_minute=minute, mails_per_hour=hour)
        return Change(raised, f"mail quota {minute:,} a minute, {hour:,} an hour")
    return None


def _providers(outcome: Outcome, _: Stage) -> Change | None:
    scenario, one = outcome.scenario, outcome.scenario.deployment
    a_minute = _round(scenario.registrations / scenario.seconds * 60 * _HEADROOM)
    providers = math.ceil(a_minute / one.mails_per_minute)
    if one.mail_providers < providers:
        more = replace(one, mail_providers=providers)
        return Change(more, f"{providers} mail providers at once", today=False)
    return None


def _lines(outcome: Outcome, _: Stage) -> Change | None:
    """Where messages come back more often than there are registrations, they are the load."""
    one, counts = outcome.scenario.deployment, outcome.observed.counts
    back = counts["put back by the quota"] + counts["put back by Dataverse"]
    if one.lines or back < outcome.scenario.registrations:
        return None
    return Change(replace(one, lines=True), "a turn of its own for whoever waits", today=False)


def _batches(outcome: Outcome, stage: Stage) -> Change | None:
    one = outcome.scenario.deployment
    if stage is Stage.HTTP or one.batch_size >= _LARGE_BATCH:
        return None
    larger = replace(one, batch_size=_LARGE_BATCH, new_batch_threshold=_LARGE_THRESHOLD)
    return Change(larger, f"`batchSize` {_LARGE_BATCH}, `newBatchThreshold` {_LARGE_THRESHOLD}")


def _instances(outcome: Outcome, stage: Stage) -> Change | None:
    one = outcome.scenario.deployment
    now = one.maximum_instances if stage is Stage.HTTP else one.queue_instances
    if now < one.most_instances:
        more = replace(one, maximum_instances=min(one.most_instances, one.maximum_instances * 2))
        return Change(more, f"`maximumInstanceCount` {more.maximum_instances}")
    return None


def _ready(outcome: Outcome, stage: Stage) -> Change | None:
    one = outcome.scenario.deployment
    if stage is Stage.HTTP and one.always_ready_http < _MOST_ALWAYS_READY:
        count = min(_MOST_ALWAYS_READY, one.always_ready_http * 2)
        more = replace(one, always_ready_http=count)
        return Change(more, f"`alwaysReadyHttpInstances` {count}")
    return None


def _queues(outcome: Outcome, _: Stage) -> Change | None:
    one = outcome.scenario.deployment
    count = one.queues * 2
    more = replace(one, queues=count)
    return Change(more, f"{count} queues by person", today=False) if count <= _MOST_QUEUES else None


def _accounts(outcome: Outcome, _: Stage) -> Change | None:
    one = outcome.scenario.deployment
    count = one.storage_accounts * 2
    more = replace(one, storage_accounts=count)
    return (
        Change(more, f"{count} storage accounts", today=False) if count <= _MOST_ACCOUNTS else None
    )


def _users(outcome: Outcome, _: Stage) -> Change | None:
    """As many as CIJ's limit of triggers leaves sense in."""
    scenario, one = outcome.scenario, outcome.scenario.deployment
    each = (
        60
        / _WINDOW
        * min(
            published.WINDOW_REQUESTS / REQUESTS_EACH,
            published.WINDOW_EXECUTION_SECONDS / scenario.calls.dataverse,
        )
    )
    most = math.ceil(published.TRIGGERS_A_MINUTE / each)
    if one.application_users >= most:
        return None
    count = min(most, one.application_users * 2)
    more = replace(one, application_users=count)
    return Change(more, f"{count} application users", today=False)


def _round(number: float) -> int:
    """Up to two figures."""
    figure: int = 10 ** max(0, math.floor(math.log10(number)) - 1)
    return math.ceil(number / figure) * figure


_Raise = Callable[[Outcome, Stage], Change | None]
RAISES: Mapping[Limit, Sequence[_Raise]] = {
    Limit.STARTING: (_ready,),
    Limit.MAXIMUM: (_lines, _batches, _instances),
    Limit.CPU: (_lines, _instances),
    Limit.QUEUE: (_lines, _queues),
    Limit.ACCOUNT: (_lines, _accounts),
    Limit.MAIL: (_mail, _lines, _providers),
    Limit.REQUESTS: (_users, _lines),
    Limit.EXECUTION: (_users, _lines),
    Limit.CONCURRENCY: (_users, _lines),
    Limit.TRIGGERS: (),
}
