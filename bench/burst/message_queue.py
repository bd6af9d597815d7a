"""A queue of Azure Storage in front of a queue function."""

import math
import random
from collections.abc import Callable

import simpy

from bench.burst.observed import Depth
from bench.burst.scale_group import ScaleGroup, Steps

# Doubles from here on to maxPollingInterval while there is nothing:
# https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue-trigger
_SHORTEST_POLL = 0.1


class MessageQueue:
    """Messages wait hidden, then visible until an instance has a place; `handle` works on one."""

    def __init__(
        self,
        env: simpy.Environment,
        group: ScaleGroup,
        depth: Depth,
        draw: random.Random,
        polling: float,
    ) -> None:
        self._env, self._group, self._depth, self._draw = env, group, depth, draw
        self._polling = polling
        self._asleep = 0  # visible, and no instance has looked yet
        self._worked_at = -math.inf

    def length(self) -> int:
        """As the scale controller sees it: all messages, unless every one is hidden.

        QueueMetricsProvider of Azure/azure-sdk-for-net, which peeks for a visible one.
        """
        return self._depth.length if self._asleep or self._group.waiting else 0

    def put(self, size: int, visible_in: float, handle: Callable[[], Steps]) -> None:
        """`size` messages; `visible_in` is rounded up to a second, as the app does."""
        self._depth.change(self._env.now, size)
        self._env.process(self._deliver(size, math.ceil(visible_in), handle))

    def _deliver(self, size: int, hidden: float, handle: Callable[[], Steps]) -> Steps:
        if hidden:
            yield self._env.timeout(hidden)
        idle = self._env.now - self._worked_at
        if self._group.free and idle > _SHORTEST_POLL:
            # Each instance sleeps ever longer between two looks; the first to wake up takes it.
            sleep = min(self._polling, idle)
            self._asleep += size
            yield self._env.timeout(self._draw.uniform(0, sleep) / self._group.running)
            self._asleep -= size
        yield from handle()
        self._worked_at = self._env.now
        self._depth.change(self._env.now, -size)
