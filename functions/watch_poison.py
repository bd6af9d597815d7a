"""Every minute → one line in the log for each poison queue that somebody has to look at, and how
much waits in all queues.

A timer and no queue trigger: that would take the messages away, which must wait for somebody.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import azure.functions as func

from shared import wiring

if TYPE_CHECKING:
    from shared.poison_watch import PoisonWatch

blueprint = func.Blueprint()


@blueprint.function_name("watch_poison")
@blueprint.timer_trigger("timer", "0 * * * * *", run_on_startup=False, use_monitor=False)
def watch_poison(timer: func.TimerRequest) -> None:  # noqa: ARG001 - the host calls it so
    """Looks at every queue."""
    from shared.queue_watch import tell_queues

    _tell_mistakes_once()
    outside = wiring.outside()
    tell_queues(_watch().look(outside), outside)


@functools.cache
def _watch() -> PoisonWatch:
    """One for the life of the process: it remembers what it has told."""
    from shared.poison_watch import PoisonWatch

    return PoisonWatch()


@functools.cache
def _tell_mistakes_once() -> None:
    """Azure drops what is logged outside an invocation, which the app's start is."""
    wiring.outside().tell_mistakes()
