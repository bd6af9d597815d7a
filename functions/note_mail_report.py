"""Queue `mail-reports` → what became of a mail, noted in its record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import azure.functions as func

from shared import wiring
from shared.values.queue_name import QueueName

if TYPE_CHECKING:
    from shared.ports import Outside
    from shared.values.mail_report import MailReportMessage, OtherEvent

blueprint = func.Blueprint()


@blueprint.function_name("note_mail_report")
@blueprint.queue_trigger("message", QueueName.MAIL_REPORTS.value, "AzureWebJobsStorage")
def note_mail_report(message: func.QueueMessage) -> None:
    """Event Grid hands on what the mail provider reports."""
    settle(message.get_body(), wiring.outside())


def settle(body: bytes, outside: Outside) -> None:
    """Note the report."""
    from shared.delivery import deliver
    from shared.mail_reports import note_mail_report as note
    from shared.values.mail_report import parse_mail_report

    def parse(text: bytes) -> MailReportMessage | OtherEvent:
        return parse_mail_report(text, outside.rules.pepper)

    deliver(QueueName.MAIL_REPORTS, body, parse, lambda message: note(message, outside), outside)
