"""Queue `mail-reports` → what became of a mail, noted in its record."""

import azure.functions as func

from shared import wiring
from shared.delivery import deliver
from shared.mail_reports import note_mail_report as note
from shared.ports import Outside
from shared.values.mail_report import MailReportMessage, OtherEvent, parse_mail_report
from shared.values.messages import QueueName

blueprint = func.Blueprint()


@blueprint.function_name("note_mail_report")
@blueprint.queue_trigger("message", QueueName.MAIL_REPORTS.value, "AzureWebJobsStorage")
def note_mail_report(message: func.QueueMessage) -> None:
    """Event Grid hands on what the mail provider reports."""
    settle(message.get_body(), wiring.outside())


def settle(body: bytes, outside: Outside) -> None:
    """Note the report."""

    def parse(text: bytes) -> MailReportMessage | OtherEvent:
        return parse_mail_report(text, outside.rules.pepper)

    deliver(QueueName.MAIL_REPORTS, body, parse, lambda message: note(message, outside), outside)
