"""When a scale group gets another instance."""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass

from bench.burst import published
from bench.burst.assumed import Starts
from bench.burst.scale_group import ScaleGroup, Steps


class Starting:
    """How long an instance takes until it works."""

    def __init__(self, starts: Starts, draw: random.Random) -> None:
        self._starts, self._draw = starts, draw

    def seconds(self) -> float:
        took = self._draw.lognormvariate(math.log(self._starts.median), self._starts.spread)
        return min(max(took, self._starts.fastest), self._starts.slowest)


def scale_http(group: ScaleGroup, starting: Starting) -> Steps:
    """One instance a second while requests wait for a place."""
    env = group.env
    while group.may_grow_by > 0:
        group.calm()
        yield group.crowded
        coming = group.starting * group.size.slots
        if group.waiting > coming:
            env.process(group.start(starting.seconds()))
        yield env.timeout(published.HTTP_INSTANCE_SECONDS)


@dataclass(frozen=True)
class Target:
    """Messages that an instance is wanted for, and how many instances are added at once."""

    messages: int
    at_once: int


def scale_queue(
    group: ScaleGroup, length: Callable[[], int], target: Target, starting: Starting
) -> Steps:
    """Length of the queue / target instances, some more at a time, looked at every ten seconds."""
    env = group.env
    while group.may_grow_by > 0:
        yield env.timeout(published.QUEUE_LOOK_SECONDS)
        missing = math.ceil(length() / target.messages) - group.running - group.starting
        for _ in range(min(missing, target.at_once, group.may_grow_by)):
            env.process(group.start(starting.seconds()))
