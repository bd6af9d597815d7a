"""Every night → rows of leads that nobody will ask about again are deleted."""

import azure.functions as func

from shared import wiring
from shared.lead_tidying import tidy
from shared.ports import Deadline

blueprint = func.Blueprint()

# Within the five minutes that a Consumption plan gives; the next night goes on there.
_SECONDS = 240


@blueprint.function_name("tidy_leads")
@blueprint.timer_trigger("timer", "0 30 3 * * *", run_on_startup=False, use_monitor=False)
def tidy_leads(timer: func.TimerRequest) -> None:  # noqa: ARG001 - the host calls it so
    """Goes through table `leads`, at half past three UTC."""
    tidy(Deadline(_SECONDS), wiring.outside())
