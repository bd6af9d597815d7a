"""Every fifteen minutes → the leads that no notification told of, into queue `linkedin-leads`."""

from __future__ import annotations

import azure.functions as func

from shared import wiring
from shared.ports import Deadline

blueprint = func.Blueprint()

# Within the five minutes that a Consumption plan gives; what was found by then is known next time.
_SECONDS = 240


@blueprint.function_name("reconcile_leads")
@blueprint.timer_trigger("timer", "0 */15 * * * *", run_on_startup=False, use_monitor=False)
def reconcile_leads(timer: func.TimerRequest) -> None:  # noqa: ARG001 - the host calls it so
    """Asks LinkedIn for the leads of each owner."""
    from shared.lead_reconciliation import reconcile

    reconcile(Deadline(_SECONDS), wiring.outside())
