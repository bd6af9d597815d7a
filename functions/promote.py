"""Queue `promotions` → contact, consents, trigger; or the opt-out of a consent taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import azure.functions as func

from shared import wiring
from shared.ports import Deadline
from shared.values.queue_name import QueueName

if TYPE_CHECKING:
    from shared.ports import Outside
    from shared.values.messages import PromotionMessage

blueprint = func.Blueprint()


@blueprint.function_name("promote")
@blueprint.queue_trigger("message", QueueName.PROMOTIONS.value, "AzureWebJobsStorage")
def promote(message: func.QueueMessage) -> None:
    """Resumes what a click or a withdrawal began."""
    settle(message.get_body(), wiring.outside())


def settle(body: bytes, outside: Outside) -> None:
    """Bring Dataverse to where the person wants it."""
    from shared import double_opt_in
    from shared.delivery import deliver
    from shared.promotion import LONGEST_HAND_OVER
    from shared.values.messages import WithdrawalMessage, parse_hand_over

    seconds = LONGEST_HAND_OVER.total_seconds()

    def step(message: PromotionMessage | WithdrawalMessage) -> None:
        if isinstance(message, WithdrawalMessage):
            double_opt_in.carry_out_withdrawal(message, Deadline(seconds), outside)
        else:
            double_opt_in.promote(message, Deadline(seconds), outside)

    deliver(QueueName.PROMOTIONS, body, parse_hand_over, step, outside)
