"""Queue `linkedin-leads` → a registration, as if a website had posted it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import azure.functions as func

from shared import wiring
from shared.values.queue_name import QueueName

if TYPE_CHECKING:
    from shared.ports import Outside
    from shared.values.messages import LeadMessage

blueprint = func.Blueprint()


@blueprint.function_name("take_in_lead")
@blueprint.queue_trigger("message", QueueName.LINKEDIN_LEADS.value, "AzureWebJobsStorage")
def take_in_lead(message: func.QueueMessage) -> None:
    """A lead came in at LinkedIn, or was deleted there."""
    settle(message.get_body(), wiring.outside())


def settle(body: bytes, outside: Outside) -> None:
    """Fetch the lead and take it in."""
    from shared import lead_intake
    from shared.delivery import deliver
    from shared.values.messages import LeadMessage

    def step(message: LeadMessage) -> None:
        lead_intake.take_in(message, outside)

    deliver(QueueName.LINKEDIN_LEADS, body, LeadMessage.parse, step, outside)
