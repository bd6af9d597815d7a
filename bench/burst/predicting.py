"""The same model, for one instance on this machine: does it foretell what was measured?"""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import simpy

from bench.burst.assumed import Calls
from bench.burst.deployment import Deployment
from bench.burst.gate import Gate
from bench.burst.measured import Burst, Measured
from bench.burst.message_queue import MessageQueue
from bench.burst.observed import Durations, Observed, Stage
from bench.burst.paid import Paid
from bench.burst.scale_group import ScaleGroup, Seen, Size, Steps

THREADS = 32  # PYTHON_THREADPOOL_THREAD_COUNT
# Calls to storage, mail server and Dataverse in one step: docs/architecture.md.
CALLS = {"register": 1, "send": 4, "confirm": 9}


@dataclass(frozen=True, kw_only=True)
class Predicted:
    """As in `Burst`; `durations` in seconds."""

    durations: Durations
    took: float
    most_waiting: int


class _Machine:
    """One functions host; whatever is its bottleneck serves one after another."""

    def __init__(self, seed: int) -> None:
        self.env = simpy.Environment()
        self.observed = Observed()
        self.draw = random.Random(seed)  # noqa: S311 - a simulation, no secret
        self.bottleneck = Gate(self.env, 1.0)

    def group(self, stage: Stage, slots: float) -> ScaleGroup:
        size = Size(slots=slots, cores=1.0, most=0, always_ready=1)
        return ScaleGroup(
            self.env, stage, size, Seen(observed=self.observed, paid=Paid()), cpu=self.bottleneck
        )

    def step(self, group: ScaleGroup, alone: float, demand: float, calls: int) -> Steps:
        """What is not the bottleneck varies as calls do; after each it is queued for anew."""
        spread = Calls().spread
        elsewhere = max(0.001, alone - demand)
        takes = self.draw.lognormvariate(math.log(elsewhere) - spread**2 / 2, spread)
        places = yield from group.enter(1)
        for _ in range(calls):
            served = self.bottleneck.reserve(demand / (calls + 1)) - self.env.now
            yield self.env.timeout(served + takes / (calls + 1))
        yield from group.hold(places, 1, takes / (calls + 1), demand / (calls + 1))

    def run(self, arrivals: Sequence[float], visit: Callable[[], Steps]) -> None:
        def come() -> Steps:
            for moment in arrivals:
                yield self.env.timeout(max(0.0, moment - self.env.now))
                self.env.process(visit())

        self.env.process(come())
        self.env.run()


def mail(measured: Measured, pace: float, seed: int = 1) -> Predicted:
    """From the 202 until the mail is out; `pace` is both steps' share of the bottleneck."""
    burst, machine = measured.bursts["mail"], _Machine(seed)
    register, send = measured.stations["register"], measured.stations["send"]
    sending = pace * send.demand / (send.demand + register.demand)
    http = machine.group(Stage.HTTP, THREADS)
    mailing = machine.group(Stage.MAIL, Deployment().queue_slots)
    depth, found = machine.observed.depths["registrations"], machine.observed.durations["mail"]
    queue = MessageQueue(machine.env, mailing, depth, machine.draw, Deployment().polling_seconds)

    def visit() -> Steps:
        yield from machine.step(http, register.alone, pace - sending, CALLS["register"])
        accepted = machine.env.now

        def sent() -> Steps:
            yield from machine.step(mailing, send.alone, sending, CALLS["send"])
            found.add(machine.env.now - accepted, 1)

        queue.put(1, 0.0, sent)

    machine.run(burst.arrivals, visit)
    return Predicted(durations=found, took=float(machine.env.now), most_waiting=depth.most)


def confirm(measured: Measured, pace: float, seed: int = 1) -> Predicted:
    """From the click until the answer."""
    burst, machine = measured.bursts["confirm"], _Machine(seed)
    alone = measured.stations["confirm"].alone
    http, found = machine.group(Stage.HTTP, THREADS), machine.observed.durations["confirm"]
    depth = machine.observed.depths["confirm"]

    def visit() -> Steps:
        came = machine.env.now
        depth.change(came, 1)
        yield from machine.step(http, alone, pace, CALLS["confirm"])
        depth.change(machine.env.now, -1)
        found.add(machine.env.now - came, 1)

    machine.run(burst.arrivals, visit)
    return Predicted(durations=found, took=float(machine.env.now), most_waiting=depth.most)


def seen(burst: Burst) -> Predicted:
    """What was measured, in the same words."""
    durations = Durations()
    for seconds in burst.seconds:
        durations.add(seconds, 1)
    return Predicted(durations=durations, took=burst.took, most_waiting=burst.most_waiting)
