"""Everything that a registration meets, and what its steps have in common.

Storage operations are those of docs/architecture.md; delays of messages that come back are those
of shared/delivery.py.
"""

import math
import random
from dataclasses import dataclass

import simpy

from bench.burst.dataverse import Dataverse
from bench.burst.deployment import Scenario
from bench.burst.ends import Ends
from bench.burst.gate import Gate
from bench.burst.line import Line
from bench.burst.mail_quota import MailQuota
from bench.burst.message_queue import MessageQueue
from bench.burst.observed import Limit, Observed
from bench.burst.paid import Paid
from bench.burst.scale_group import ScaleGroup

_MOST_SPREAD = 1.25


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """`size` registrations that move as one, since `asked_at`."""

    size: int
    asked_at: float
    pressed_at: float = 0.0
    attempt: int = 0


@dataclass(frozen=True, kw_only=True)
class World:
    """Everything that a registration meets."""

    env: simpy.Environment
    scenario: Scenario
    draw: random.Random
    observed: Observed
    ends: Ends
    paid: Paid
    http: ScaleGroup
    mailing: ScaleGroup
    promoting: ScaleGroup
    registrations: MessageQueue
    promotions: MessageQueue
    registrations_gate: Gate
    promotions_gate: Gate
    account: Gate
    quota: MailQuota
    dataverse: Dataverse
    mail_line: Line | None
    promotion_line: Line | None
    promotion_limit: Limit  # what that line keeps to

    def storage(
        self, queue: Gate | None, messages: int, operations: int
    ) -> list[tuple[Limit, Gate, float]]:
        """The targets that so many messages of a queue, and operations in all, count against."""
        self.paid.storage += operations
        gates = [(Limit.ACCOUNT, self.account, float(operations))]
        return [*gates, (Limit.QUEUE, queue, float(messages))] if queue else gates

    def takes(self, seconds: float, size: int) -> float:
        """Of one call, drawn for a single registration, the mean for many."""
        spread = self.scenario.calls.spread
        if size > 1 or not spread:
            return seconds
        return self.draw.lognormvariate(math.log(seconds) - spread**2 / 2, spread)

    def share(self, size: int, share: float) -> int:
        """How many of `size`: the share, and what is left of it by chance."""
        whole, rest = divmod(size * share, 1)
        return int(whole) + (self.draw.random() < rest)

    def spread(self) -> float:
        """What the app multiplies a delay with, so that messages do not return at once."""
        return self.draw.uniform(1.0, _MOST_SPREAD)

    def joins(self, line: Line | None, bundle: Bundle) -> bool:
        """Whoever comes first may not overtake those who wait."""
        return line is not None and not bundle.attempt and line.is_there(self.env.now)
