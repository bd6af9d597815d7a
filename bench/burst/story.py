"""How a registration comes in and is mailed."""

from dataclasses import replace

from bench.burst.assumed import FORGOTTEN_SECONDS, REGISTER_PATIENCE
from bench.burst.clicks import Clicks
from bench.burst.ends import End
from bench.burst.observed import Limit, Stage
from bench.burst.paid import During
from bench.burst.scale_group import Steps
from bench.burst.world import Bundle, World
from local.costs import use
from shared.delivery import LONGEST_WISH
from shared.values.mail_rate import Lane

_FORGET_OPERATIONS = 5  # docs/architecture.md: the broom after a week


class Story:
    """register, send_confirmation; then the person has the mail."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._clicks = Clicks(world)
        self._calls = world.scenario.calls
        self._times = world.scenario.times

    def register(self, bundle: Bundle) -> Steps:
        """One storage operation, and 202."""
        world, size = self._world, bundle.size
        places = yield from world.http.enter(size)
        if world.registrations_gate.queue > REGISTER_PATIENCE:
            world.observed.counts["told 503 first"] += size
        yield from world.http.hold(
            places,
            size,
            size * world.takes(self._calls.storage, size),
            size * self._times.register,
            world.storage(world.registrations_gate, size, size),
        )
        world.observed.durations["register"].add(world.env.now - bundle.asked_at, size)
        world.registrations.put(size, 0.0, lambda: self.send(bundle))

    def send(self, bundle: Bundle) -> Steps:
        """A mail for as many as the quota allows; the others come back later."""
        world, calls, size = self._world, self._calls, bundle.size
        if world.env.now >= bundle.asked_at + FORGOTTEN_SECONDS:
            world.ends.end(End.NEVER_MAILED, size)
            return
        places = yield from world.mailing.enter(size)
        instance = world.mailing.some_instance(world.draw)
        counted = world.quota.operations
        if world.joins(world.mail_line, bundle):
            mailed, wait = 0, 0.0
        else:
            mailed, wait = world.quota.take(instance, size, Lane.FRESH, world.env.now)
        held = size - mailed
        reads = 2 if bundle.attempt else 0
        each = calls.mail + (3 + reads) * calls.storage
        yield from world.mailing.hold(
            places,
            size,
            mailed * world.takes(each, size) + held * world.takes(calls.storage, size),
            mailed * self._times.send + held * self._times.put_back,
            world.storage(
                world.registrations_gate,
                2 * mailed + 3 * held,
                (5 + reads) * mailed + 3 * held + world.quota.operations - counted,
            ),
        )
        if mailed:
            self._mailed(replace(bundle, size=mailed))
        if held:
            later = replace(bundle, size=held, attempt=1)
            if world.mail_line:
                delay = world.mail_line.join(held, world.env.now)
            else:
                delay = min(wait, LONGEST_WISH.total_seconds()) * world.spread()
            world.observed.counts["put back by the quota"] += held
            world.observed.waited(Limit.MAIL, Stage.MAIL, world.env.now, delay, held)
            world.registrations.put(held, delay, lambda: self.send(later))

    def _mailed(self, bundle: Bundle) -> None:
        world, now, size = self._world, self._world.env.now, bundle.size
        world.observed.durations["mail"].add(now - bundle.asked_at, size)
        world.observed.mails.append((now, size))
        world.paid.mails += size
        most = world.scenario.deployment.maximum_instances
        later = During(begun=now, ends=now + self._calls.storage, places=1, running=most)
        for stage in (Stage.REPORT, Stage.FORGET):  # minutes and a week later, spread as the mails
            world.paid.work(stage, later, size)
        world.paid.storage += size * (use.REPORT_OPERATIONS + _FORGET_OPERATIONS)
        world.env.process(self._clicks.person(bundle))
