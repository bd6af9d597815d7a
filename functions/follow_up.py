"""Queue `follow-ups` → one reminder; what was never confirmed is forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

import azure.functions as func

from shared import wiring
from shared.values.queue_name import QueueName

if TYPE_CHECKING:
    from shared.ports import Outside

blueprint = func.Blueprint()


@blueprint.function_name("follow_up")
@blueprint.queue_trigger("message", QueueName.FOLLOW_UPS.value, "AzureWebJobsStorage")
def follow_up(message: func.QueueMessage) -> None:
    """A message becomes visible when its record is due."""
    settle(message.get_body(), wiring.outside())


def settle(body: bytes, outside: Outside) -> None:
    """Look at the record now."""
    from shared import double_opt_in
    from shared.delivery import deliver
    from shared.values.messages import FollowUpMessage

    deliver(
        QueueName.FOLLOW_UPS,
        body,
        FollowUpMessage.parse,
        lambda message: double_opt_in.follow_up(message, outside),
        outside,
    )
