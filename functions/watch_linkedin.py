"""Every morning → one line in the log for what runs out at LinkedIn: sign-in, API version."""

from __future__ import annotations

import azure.functions as func

from shared import wiring
from shared.ports import Deadline

blueprint = func.Blueprint()

_SECONDS = 60


@blueprint.function_name("watch_linkedin")
@blueprint.timer_trigger("timer", "0 0 6 * * *", run_on_startup=False, use_monitor=False)
def watch_linkedin(timer: func.TimerRequest) -> None:  # noqa: ARG001 - the host calls it so
    """Looks at what ends soon, at six o'clock UTC."""
    from shared.linkedin_watch import watch

    watch(Deadline(_SECONDS), wiring.outside())
