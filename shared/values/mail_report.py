"""A mail provider's delivery report, as Event Grid puts it into queue `mail-reports`.

Event Grid schema and CloudEvents 1.0 differ in the envelope only:
https://learn.microsoft.com/azure/event-grid/communication-services-email-events

From the first reading on, a report names the mailbox and not the address: what is postponed or
poisoned names nobody.
"""

import re
from typing import Annotated, Any

from pydantic import (
    AliasChoices,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from shared.values.about import NOTHING_KNOWN, About
from shared.values.answer_error import AnswerRefused
from shared.values.email_address import normalised_address
from shared.values.mailbox import mailbox_key
from shared.values.messages import Message, MessageNotOurs

REPORT = "Microsoft.Communication.EmailDeliveryReportReceived"
_SAFE_ID = re.compile(r"[0-9A-Za-z-]{1,64}")
_SAFE_TYPE = re.compile(r"[0-9A-Za-z.-]{1,100}")


class MailReportMessage(Message):
    """What became of the mail with this operation id, sent to an address of this mailbox."""

    mailbox_key: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    operation_id: str
    status: str
    attempted_at: AwareDatetime

    @property
    def about(self) -> About:
        """Whose mail it was shows in the table only."""
        return NOTHING_KNOWN


class OtherEvent(Message):
    """An event that the subscription should not have sent: not about delivery."""

    event_type: str

    @property
    def about(self) -> About:
        """No registration."""
        return NOTHING_KNOWN


class UnreadableReport(Message):
    """What is kept of an event that cannot be read: never what it says about a person."""

    event_id: str | None
    event_type: str | None

    @property
    def about(self) -> About:
        """No registration that anybody could name."""
        return NOTHING_KNOWN


class _Envelope(BaseModel):
    """Both schemas; whatever else they carry is of no matter."""

    model_config = ConfigDict(hide_input_in_errors=True)

    id: Any = None
    type: Any = Field(default=None, validation_alias=AliasChoices("eventType", "type"))
    data: Any = None


class _Report(BaseModel):
    """`data` of a report. The documentation and the service spell the time differently."""

    model_config = ConfigDict(hide_input_in_errors=True)

    recipient: str
    message_id: str = Field(validation_alias="messageId", pattern=r"^[0-9A-Za-z-]{1,64}$")
    status: str = Field(pattern=r"^[A-Za-z]{1,40}$")
    attempted_at: AwareDatetime = Field(
        validation_alias=AliasChoices("deliveryAttemptTimeStamp", "deliveryAttemptTimestamp")
    )


def parse_mail_report(body: bytes, pepper: str) -> MailReportMessage | OtherEvent:
    """An event of Event Grid, or a report that was postponed. Raises MessageNotOurs."""
    if b'"mailboxKey":' in body:
        return MailReportMessage.parse(body)
    try:
        event = _Envelope.model_validate_json(body)
    except ValidationError as error:
        raise _unreadable(_Envelope(), _places(error)) from None
    if event.type != REPORT:
        if not _safe(event.type, _SAFE_TYPE):
            raise _unreadable(event, "/eventType: missing or no name")
        return OtherEvent(event_type=event.type)
    try:
        report = _Report.model_validate(event.data)
        address = normalised_address(report.recipient)  # the provider was told the punycode name
    except ValidationError as error:
        raise _unreadable(event, _places(error, "/data")) from None
    except AnswerRefused:
        raise _unreadable(event, "/data/recipient: no address") from None
    return MailReportMessage(
        mailbox_key=mailbox_key(address, pepper),
        operation_id=report.message_id.lower(),
        status=report.status,
        attempted_at=report.attempted_at,
    )


def _unreadable(event: _Envelope, places: str) -> MessageNotOurs:
    kept = UnreadableReport(
        event_id=_safe(event.id, _SAFE_ID),
        event_type=_safe(event.type, _SAFE_TYPE),
        failure=f"not ours: {places}",
    )
    return MessageNotOurs(places, kept.to_json())


def _safe(text: Any, pattern: re.Pattern[str]) -> str | None:
    return text if isinstance(text, str) and pattern.fullmatch(text) else None


def _places(error: ValidationError, where: str = "") -> str:
    """Where it is wrong; all names are ours, since no other key is looked at."""
    details = error.errors(include_input=False, include_url=False)[:5]
    return ", ".join(
        f"{where}/{'/'.join(str(part) for part in detail['loc'])}: {detail['type']}"
        for detail in details
    )
