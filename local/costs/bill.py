"""A month's bill, line by line."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from local.costs import prices, use

TIMES: Final = "\N{MULTIPLICATION SIGN}"


@dataclass(frozen=True, kw_only=True)
class Installation:
    """What differs between installations; the defaults are those of the deployment."""

    registrations: int = 0  # confirmed ones, a month
    memory_gb: float = use.MEMORY_GB
    always_ready: int = use.ALWAYS_READY
    zone_redundant: bool = False
    front_door: bool = False
    private_network: bool = False
    linkedin: bool = False


@dataclass(frozen=True, kw_only=True)
class Line:
    """`sum` is how it comes about."""

    what: str
    sum: str
    dollars: float


def bill(installation: Installation) -> Iterator[Line]:
    """Most of it is there without any registration."""
    yield from _fixed(installation)
    yield from _used(installation)


def total(installation: Installation) -> float:
    """Dollars a month."""
    return sum(line.dollars for line in bill(installation))


def _fixed(one: Installation) -> Iterator[Line]:
    if instances := always_ready_instances(one):
        gb_seconds = instances * one.memory_gb * use.SECONDS
        yield Line(
            what="instances that are always ready",
            sum=f"{instances} {TIMES} {one.memory_gb:g} GB {TIMES} {use.SECONDS:,} s"
            f" {TIMES} ${prices.ALWAYS_READY_IDLE_GB_SECOND:f}",
            dollars=gb_seconds * prices.ALWAYS_READY_IDLE_GB_SECOND,
        )
    slower = use.SLOWER_RULES + (use.LINKEDIN_RULES if one.linkedin else 0)
    yield Line(
        what="alert rules",
        sum=f"{use.FIVE_MINUTE_RULES} {TIMES} ${prices.FIVE_MINUTE_RULE:.2f}"
        f" + {slower} {TIMES} ${prices.SLOWER_RULE:.2f}",
        dollars=use.FIVE_MINUTE_RULES * prices.FIVE_MINUTE_RULE + slower * prices.SLOWER_RULE,
    )
    yield Line(
        what="secrets",
        sum=f"{use.SECRET_OPERATIONS:,} readings at most",
        dollars=use.SECRET_OPERATIONS / 10_000 * prices.TEN_THOUSAND_SECRET_OPERATIONS,
    )
    if one.front_door:
        yield Line(what="Front Door", sum="base fee", dollars=prices.FRONT_DOOR)
    if one.private_network:
        yield Line(
            what="private endpoints",
            sum=f"{use.PRIVATE_ENDPOINTS} {TIMES} {use.HOURS} h"
            f" {TIMES} ${prices.PRIVATE_ENDPOINT_HOUR:.2f}",
            dollars=use.PRIVATE_ENDPOINTS * use.HOURS * prices.PRIVATE_ENDPOINT_HOUR,
        )


def _used(one: Installation) -> Iterator[Line]:
    count = one.registrations
    http = count * len(use.HTTP_FUNCTIONS)
    others = count * len(use.QUEUE_FUNCTIONS) + use.timer_runs()
    ready, on_demand = (http, others) if one.always_ready else (0.0, http + others)
    if ready:
        yield _time(
            "pages and calls, on the instance that is always ready",
            ready * prices.LEAST_SECONDS * one.memory_gb,
            prices.ALWAYS_READY_ACTIVE_GB_SECOND,
        )
    gb_seconds = on_demand * prices.LEAST_SECONDS * one.memory_gb
    yield _time(
        "queues and timers, on demand" if one.always_ready else "all functions, on demand",
        max(0.0, gb_seconds - prices.FREE_GB_SECONDS),
        prices.ON_DEMAND_GB_SECOND,
        f"{gb_seconds:,.0f} GB-s, of which {prices.FREE_GB_SECONDS:,} are free",
    )
    paid = ready + max(0.0, on_demand - prices.FREE_EXECUTIONS)
    yield Line(
        what="executions",
        sum=f"{paid:,.0f} that are not free {TIMES} ${prices.MILLION_EXECUTIONS:.2f} a million",
        dollars=paid / 1e6 * prices.MILLION_EXECUTIONS,
    )
    operations = count * (use.STORAGE_OPERATIONS + use.REPORT_OPERATIONS + use.COUNTING_OPERATIONS)
    watching = use.TIMER_RUNS_A_DAY["watch_poison"] * use.DAYS * use.WATCH_OPERATIONS
    dearer = max(prices.TEN_THOUSAND_QUEUE_OPERATIONS, prices.TEN_THOUSAND_TABLE_OPERATIONS)
    yield Line(
        what="storage operations",
        sum=f"{operations + watching:,.0f} {TIMES} ${dearer:.4f} for 10,000",
        dollars=(operations + watching) / 10_000 * dearer,
    )
    gigabytes = (http + others) * use.LOG_KB_AN_EXECUTION / 1e6
    yield Line(
        what="logs",
        sum=f"{gigabytes:.2f} GB {TIMES} ${prices.LOG_GB:.2f}",
        dollars=gigabytes * prices.LOG_GB,
    )
    if count:
        yield Line(
            what="mails",
            sum=f"{count:,} {TIMES} (${prices.MAIL:f}"
            f" + {use.MAIL_MB} MB {TIMES} ${prices.MAIL_MB:f})",
            dollars=count * (prices.MAIL + use.MAIL_MB * prices.MAIL_MB),
        )


def always_ready_instances(one: Installation) -> int:
    """With zones Azure keeps two of each scale group, whatever was asked for.

    https://learn.microsoft.com/azure/reliability/reliability-functions
    """
    if not one.zone_redundant:
        return one.always_ready
    return max(2, one.always_ready) + 2 * (use.SCALE_GROUPS - 1)


def _time(what: str, gb_seconds: float, price: float, came: str = "") -> Line:
    came = came or f"{gb_seconds:,.0f} GB-s"
    return Line(what=what, sum=f"{came} {TIMES} ${price:f}", dollars=gb_seconds * price)
