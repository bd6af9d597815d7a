"""Queue `registrations` → record and mail."""

import azure.functions as func

from shared import double_opt_in, wiring
from shared.delivery import deliver
from shared.ports import Outside
from shared.values.messages import (
    MailAgainMessage,
    QueueName,
    RegistrationMessage,
    parse_mail_request,
)

blueprint = func.Blueprint()


@blueprint.function_name("send_confirmation")
@blueprint.queue_trigger("message", QueueName.REGISTRATIONS.value, "AzureWebJobsStorage")
def send_confirmation(message: func.QueueMessage) -> None:
    """A new registration, a renewal or a reminder."""
    settle(message.get_body(), wiring.outside())


def settle(body: bytes, outside: Outside) -> None:
    """Send the mail that the message asks for."""

    def step(message: RegistrationMessage | MailAgainMessage) -> None:
        if isinstance(message, RegistrationMessage):
            double_opt_in.send_confirmation(message, outside)
        else:
            double_opt_in.send_again(message, outside)

    deliver(QueueName.REGISTRATIONS, body, parse_mail_request, step, outside)
