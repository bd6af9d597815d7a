"""What a person does with the mail, and how her click reaches Dataverse."""

import math
from dataclasses import replace

from bench.burst.assumed import LINK_SECONDS
from bench.burst.dataverse import Asked
from bench.burst.ends import End
from bench.burst.observed import Stage
from bench.burst.scale_group import Steps
from bench.burst.world import Bundle, World
from shared.double_opt_in import SAFETY_NET

# DOI_RETRY_FIRST_SECONDS, DOI_RETRY_LONGEST_SECONDS: docs/settings.md.
FIRST_RETRY, LONGEST_RETRY = 15.0, 3600.0
_SOON = 1.0  # seconds that are not worth a way through the queue


class Clicks:
    """The person, confirm, promote."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._calls = world.scenario.calls
        self._times = world.scenario.times

    def person(self, bundle: Bundle) -> Steps:
        """Opens the mail, looks at the page, presses the button; or never."""
        world, people = self._world, self._world.scenario.people
        size = world.share(bundle.size, people.confirming)
        opens = world.draw.lognormvariate(math.log(people.opens_after), people.opens_spread)
        world.ends.end(End.UNCONFIRMED, bundle.size - size)
        if opens > LINK_SECONDS:
            world.ends.end(End.TOO_LATE, size)
            return
        if not size:
            return
        yield world.env.timeout(opens)
        asked = world.env.now
        places = yield from world.http.enter(size)
        yield from world.http.hold(
            places,
            size,
            size * world.takes(self._calls.storage, size),
            size * self._times.page,
            world.storage(None, 0, size),
        )
        world.observed.durations["page"].add(world.env.now - asked, size)
        yield world.env.timeout(people.reads_for)
        yield from self.confirm(replace(bundle, size=size, pressed_at=world.env.now))

    def confirm(self, bundle: Bundle) -> Steps:
        """The click is kept; Dataverse has it at once, unless it asks to wait."""
        world, calls, size = self._world, self._calls, bundle.size
        bundle = replace(bundle, attempt=0)
        places = yield from world.http.enter(size)
        instance = world.http.some_instance(world.draw)
        answer = self._ask(instance, bundle, places)
        done, refused = answer.granted, size - answer.granted
        delay = self._turn(refused, answer) if refused else 0.0
        # A wait that is longer than the safety net's puts another message, and takes back the net.
        moved = 2 * refused * (delay > SAFETY_NET.total_seconds())
        yield from world.http.hold(
            places,
            size,
            done * world.takes(calls.dataverse + 6 * calls.storage, size)
            + refused * world.takes(calls.look_up + 3 * calls.storage, size),
            size * self._times.confirm,
            world.storage(
                world.promotions_gate,
                2 * done + refused + moved,
                6 * done + 3 * refused + moved,
            ),
        )
        world.observed.durations["confirm"].add(bundle.pressed_at - bundle.asked_at, size)
        world.observed.durations["click"].add(world.env.now - bundle.pressed_at, size)
        if done:
            answer.end()
            self._promoted(bundle, done)
        if refused:
            if not answer.has_turn:
                delay = max(SAFETY_NET.total_seconds(), delay)
            world.observed.waited(answer.limit, Stage.PROMOTE, world.env.now, delay, refused)
            later = replace(bundle, size=refused, attempt=1)
            world.promotions.put(refused, delay, lambda: self.promote(later))

    def promote(self, bundle: Bundle) -> Steps:
        """Out of the queue what Dataverse had refused."""
        world, calls, size = self._world, self._calls, bundle.size
        places = yield from world.promoting.enter(size)
        instance = world.promoting.some_instance(world.draw)
        answer = self._ask(instance, bundle, places)
        done, refused = answer.granted, size - answer.granted
        yield from world.promoting.hold(
            places,
            size,
            done * world.takes(calls.dataverse + 3 * calls.storage, size)
            + refused * world.takes(calls.look_up + 2 * calls.storage, size),
            size * self._times.promote,
            world.storage(world.promotions_gate, 2 * done + 3 * refused, 5 * done + 4 * refused),
        )
        if done:
            answer.end()
            self._promoted(bundle, done)
        if refused:
            if world.promotion_line:
                delay = self._turn(refused, answer)
            else:
                growing = min(FIRST_RETRY * 2 ** min(bundle.attempt - 1, 20), LONGEST_RETRY)
                delay = max(growing, answer.retry_after) * world.spread()
            world.observed.counts["put back by Dataverse"] += refused
            world.observed.waited(answer.limit, Stage.PROMOTE, world.env.now, delay, refused)
            later = replace(bundle, size=refused, attempt=bundle.attempt + 1)
            world.promotions.put(refused, delay, lambda: self.promote(later))

    def _ask(self, instance: int, bundle: Bundle, places: int) -> Asked:
        """Where the app has a line, everybody is counted in it, and waits if it is long."""
        world, size, now = self._world, bundle.size, self._world.env.now
        line = world.promotion_line
        if line and not bundle.attempt:
            wait = line.join(size, now)
            if wait > size / line.per_second + _SOON:
                limit = world.promotion_limit
                return Asked(granted=0, limit=limit, retry_after=wait, has_turn=True)
        return world.dataverse.ask(instance, size, places, now)

    def _turn(self, size: int, asked: Asked) -> float:
        line = self._world.promotion_line
        if line and not asked.has_turn:
            return line.join(size, self._world.env.now)
        return asked.retry_after

    def _promoted(self, bundle: Bundle, size: int) -> None:
        now = self._world.env.now
        self._world.observed.durations["promote"].add(now - bundle.pressed_at, size)
        self._world.observed.triggers.append((now, size))
        self._world.ends.end(End.PROMOTED, size)
