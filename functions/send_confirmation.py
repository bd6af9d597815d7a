"""Queue `registrations` → record and mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import azure.functions as func

from shared import wiring
from shared.values.queue_name import QueueName

if TYPE_CHECKING:
    from shared.ports import Outside
    from shared.values.messages import MailAgainMessage, RegistrationMessage

blueprint = func.Blueprint()


@blueprint.function_name("send_confirmation")
@blueprint.queue_trigger("message", QueueName.REGISTRATIONS.value, "AzureWebJobsStorage")
def send_confirmation(message: func.QueueMessage) -> None:
    """A new registration, a renewal or a reminder."""
    settle(message.get_body(), wiring.outside())


def settle(body: bytes, outside: Outside) -> None:
    """Send the mail that the message asks for."""
    from shared import double_opt_in
    from shared.delivery import deliver
    from shared.values.messages import RegistrationMessage, parse_mail_request

    def step(message: RegistrationMessage | MailAgainMessage) -> None:
        if isinstance(message, RegistrationMessage):
            double_opt_in.send_confirmation(message, outside)
        else:
            double_opt_in.send_again(message, outside)

    deliver(QueueName.REGISTRATIONS, body, parse_mail_request, step, outside)
