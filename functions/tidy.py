"""Every night → rows that nobody needs any more are deleted or made one.

One timer for all tables: Azure scales each timer by itself, and with zones it keeps two instances
of each.
"""

from __future__ import annotations

import azure.functions as func

from shared import wiring
from shared.ports import Deadline

blueprint = func.Blueprint()

# Together within the five minutes that a Consumption plan gives; the next night goes on there.
_SECONDS_OF_FUNNEL = 40
_SECONDS_OF_LEADS = 200


@blueprint.function_name("tidy")
@blueprint.timer_trigger("timer", "0 30 3 * * *", run_on_startup=False, use_monitor=False)
def tidy(timer: func.TimerRequest) -> None:  # noqa: ARG001 - the host calls it so
    """Goes through tables `originkeys`, `funnel` and `leads`, at half past three UTC."""
    from shared import funnel
    from shared.lead_tidying import tidy as tidy_leads
    from shared.origin_tidying import forget_origins

    outside = wiring.outside()
    forget_origins(outside)
    funnel.tidy(Deadline(_SECONDS_OF_FUNNEL), outside)
    tidy_leads(Deadline(_SECONDS_OF_LEADS), outside)
