"""What a burst costs, with the prices of docs/operations.md. Free grants are not subtracted."""

from collections.abc import Mapping

from bench.burst.simulation import Outcome
from local.costs import prices, use


def cost(outcome: Outcome) -> Mapping[str, float]:
    """Dollars by what they are for."""
    paid = outcome.paid
    gigabytes = outcome.scenario.deployment.instance_mb / 1024
    executions = sum(paid.executions.values())
    seconds = sum(paid.instance_seconds(stage) for stage in paid.executions)
    return {
        "instances": seconds * gigabytes * prices.ON_DEMAND_GB_SECOND,
        "executions": executions / 1e6 * prices.MILLION_EXECUTIONS,
        "storage operations": paid.storage / 10_000 * prices.TEN_THOUSAND_QUEUE_OPERATIONS,
        "mails": paid.mails * (prices.MAIL + use.MAIL_MB * prices.MAIL_MB),
        "logs": executions * use.LOG_KB_AN_EXECUTION / 1e6 * prices.LOG_GB,
    }
