"""Queue `promotions` → contact, consents, trigger."""

import azure.functions as func

from shared import double_opt_in, wiring
from shared.delivery import deliver
from shared.ports import Deadline, Outside
from shared.values.messages import PromotionMessage, QueueName

blueprint = func.Blueprint()

# A queue function has no visitor waiting, but must end well before the host's time-out.
_SECONDS = 90


@blueprint.function_name("promote")
@blueprint.queue_trigger("message", QueueName.PROMOTIONS.value, "AzureWebJobsStorage")
def promote(message: func.QueueMessage) -> None:
    """Resumes what the click began."""
    settle(message.get_body(), wiring.outside())


def settle(body: bytes, outside: Outside) -> None:
    """Bring the record to `promoted`."""
    deliver(
        QueueName.PROMOTIONS,
        body,
        PromotionMessage.parse,
        lambda message: double_opt_in.promote(message, Deadline(_SECONDS), outside),
        outside,
    )
