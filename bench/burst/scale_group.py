"""One scale group: its instances, and who waits for a place on one.

Work comes in bundles: `size` registrations that move as one. A bundle takes as many free places
as it can use and holds them for its share of the time, so that the group's throughput is the
same for every size, and a bundle that finds room is as fast as a single one.
"""

import random
from collections import deque
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any

import simpy

from bench.burst.gate import Gate
from bench.burst.observed import Limit, Observed, Stage
from bench.burst.paid import During, Paid

Steps = Generator[simpy.Event, Any, None]
_BARELY = 1e-9
_MUCH = 2.0  # so many times as long: then the places are full because of another limit


@dataclass(frozen=True, kw_only=True)
class Size:
    """Of an instance, and of the group: `most` instances beside those that are always ready."""

    slots: float
    cores: float
    most: int
    always_ready: int = 0


@dataclass(frozen=True, kw_only=True)
class Seen:
    """Where a group tells what happens in it."""

    observed: Observed
    paid: Paid


@dataclass(kw_only=True)
class _Waiting:
    size: int
    event: simpy.Event
    since: float


class ScaleGroup:
    """Places of all running instances in one pool, and their cores behind it."""

    def __init__(
        self,
        env: simpy.Environment,
        stage: Stage,
        size: Size,
        seen: Seen,
        *,
        cpu: Gate | None = None,
    ) -> None:
        """`cpu` is given where several groups share the cores of one machine."""
        self.env, self.stage, self.size = env, stage, size
        self.running = size.always_ready
        self.starting = 0
        self.cpu = cpu or Gate(env, max(_BARELY, size.cores * self.running))
        self._observed, self._paid = seen.observed, seen.paid
        self._busy = 0
        self._waiting: deque[_Waiting] = deque()
        self.crowded = env.event()
        self._at_most_since: float | None = None
        self._held_back: Limit | None = None

    @property
    def places(self) -> int:
        """At least one for each instance."""
        return max(self.running, int(self.running * self.size.slots))

    @property
    def free(self) -> int:
        return max(0, self.places - self._busy)

    @property
    def waiting(self) -> int:
        """Registrations without a place."""
        return sum(one.size for one in self._waiting)

    def calm(self) -> None:
        """From now on the event `crowded` tells when somebody has to wait again."""
        if self.crowded.triggered and not self._waiting:
            self.crowded = self.env.event()

    @property
    def may_grow_by(self) -> int:
        return self.size.always_ready + self.size.most - self.running - self.starting

    def start(self, seconds: float) -> Steps:
        """One more instance, which takes work after `seconds`."""
        self.starting += 1
        yield self.env.timeout(seconds)
        self.starting -= 1
        self.running += 1
        self.cpu.rate = self.size.cores * self.running
        if self.running == self.size.always_ready + self.size.most:
            self._at_most_since = self.env.now
        self._admit()

    def some_instance(self, draw: random.Random) -> int:
        """Which of the running ones has the work."""
        return draw.randrange(max(1, self.running))

    def enter(self, size: int) -> Generator[simpy.Event, Any, int]:
        """Wait for a place, first come, first served; returns how many places were taken."""
        if self._waiting or not self.free:
            one = _Waiting(size=size, event=self.env.event(), since=self.env.now)
            self._waiting.append(one)
            if not self.crowded.triggered:
                self.crowded.succeed()
            places: int = yield one.event
            self._observed.waited(
                self._why(one), self.stage, self.env.now, self.env.now - one.since, size
            )
            return places
        return self._take(size)

    def hold(
        self,
        places: int,
        size: int,
        seconds: float,
        cpu: float,
        gates: Sequence[tuple[Limit, Gate, float]] = (),
    ) -> Steps:
        """Work for `seconds` in all (CPU not in it) and give the places back.

        `gates` have each an amount; the slowest of cores, gates and time itself decides.
        """
        begun = self.env.now
        ends = freely = begun + (seconds + cpu) / places
        self._held_back = None
        for limit, gate, amount in ((Limit.CPU, self.cpu, cpu), *gates):
            queue = gate.queue
            passed = gate.reserve(amount)
            if passed > ends:
                waited = min(queue, passed - ends)
                cause = Limit.STARTING if limit is Limit.CPU and self.may_grow_by else limit
                self._observed.waited(cause, self.stage, begun, waited, size)
                ends = passed
                if ends - begun > _MUCH * (freely - begun):
                    self._held_back = limit
        during = During(begun=begun, ends=ends, places=places, running=self.running)
        self._paid.work(self.stage, during, size)
        yield self.env.timeout(ends - begun)
        self._busy -= places
        self._admit()

    def _take(self, size: int) -> int:
        places = min(size, self.free)
        self._busy += places
        return places

    def _admit(self) -> None:
        while self._waiting and self.free:
            one = self._waiting.popleft()
            one.event.succeed(self._take(one.size))

    def _why(self, one: _Waiting) -> Limit:
        growing = self._at_most_since is None or self._at_most_since > one.since
        if growing and self._held_back in (None, Limit.CPU):
            return Limit.STARTING
        return self._held_back or Limit.MAXIMUM
