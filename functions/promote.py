"""Queue `promotions` → contact, consents, trigger; or the opt-out of a consent taken back."""

import azure.functions as func

from shared import double_opt_in, wiring
from shared.delivery import deliver
from shared.ports import Deadline, Outside
from shared.promotion import LONGEST_HAND_OVER
from shared.values.messages import (
    PromotionMessage,
    QueueName,
    WithdrawalMessage,
    parse_hand_over,
)

blueprint = func.Blueprint()

_SECONDS = LONGEST_HAND_OVER.total_seconds()


@blueprint.function_name("promote")
@blueprint.queue_trigger("message", QueueName.PROMOTIONS.value, "AzureWebJobsStorage")
def promote(message: func.QueueMessage) -> None:
    """Resumes what a click or a withdrawal began."""
    settle(message.get_body(), wiring.outside())


def settle(body: bytes, outside: Outside) -> None:
    """Bring Dataverse to where the person wants it."""

    def step(message: PromotionMessage | WithdrawalMessage) -> None:
        if isinstance(message, WithdrawalMessage):
            double_opt_in.carry_out_withdrawal(message, Deadline(_SECONDS), outside)
        else:
            double_opt_in.promote(message, Deadline(_SECONDS), outside)

    deliver(QueueName.PROMOTIONS, body, parse_hand_over, step, outside)
