"""Start the parts in order, announce them, watch them, end them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from local.stack.console import say
from local.stack.log_follower import LogFollower
from local.stack.stop_request import Stopped

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.stack.parts import Part
    from local.stack.running_parts import RunningParts
    from local.stack.stop_request import StopRequest

START_SECONDS = 60.0
WATCH_SECONDS = 0.5


@dataclass(frozen=True, kw_only=True)
class StackParts:
    """`storage` answers before queues and table are made in it, and those before the `apps` start;
    the `services` may take their time until then.
    """

    storage: Part
    services: tuple[Part, ...]
    apps: tuple[Part, ...]


@dataclass(frozen=True, kw_only=True)
class WhatElseToDo:
    set_up_storage: Callable[[], None]
    announce: Callable[[], None]
    follow: Part | None = None  # whose log to show


def run_stack(
    parts: StackParts, what_else: WhatElseToDo, *, running: RunningParts, stop: StopRequest
) -> None:
    """Returns when asked to stop after the announcement.

    Raises Stopped when asked before, Problem when a part does not start or ends by itself.
    """
    with running:
        for part in (parts.storage, *parts.services):
            running.start(part)
        running.wait_until_ready(parts.storage, seconds=START_SECONDS)
        what_else.set_up_storage()
        for part in parts.apps:
            running.start(part)
        running.wait_until_ready(*parts.services, *parts.apps, seconds=START_SECONDS)
        what_else.announce()
        follower = LogFollower(running.log(what_else.follow)) if what_else.follow else None
        try:
            _watch(running, follower, stop)
        except Stopped:
            say("Ending the stack …")


def _watch(running: RunningParts, follower: LogFollower | None, stop: StopRequest) -> None:
    while True:
        running.require_all_alive()
        if follower:
            say(follower.new_text(), end="")
        stop.sleep(WATCH_SECONDS)
