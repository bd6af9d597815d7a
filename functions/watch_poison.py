"""Every minute → one line in the log for each poison queue that somebody has to look at.

A timer and no queue trigger: that would take the messages away, which must wait for somebody.
"""

import azure.functions as func

from shared import wiring
from shared.poison_watch import PoisonWatch

blueprint = func.Blueprint()

_watch = PoisonWatch()


@blueprint.function_name("watch_poison")
@blueprint.timer_trigger("timer", "0 * * * * *", run_on_startup=False, use_monitor=False)
def watch_poison(timer: func.TimerRequest) -> None:  # noqa: ARG001 - the host calls it so
    """Looks at every poison queue."""
    _watch.look(wiring.outside())
