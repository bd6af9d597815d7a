"""What stands in the queues: JSON, with a version, parsed strictly."""

from datetime import datetime
from enum import StrEnum
from typing import Literal, Self

from pydantic import ValidationError

from shared.values.base import Value
from shared.values.record import MailKind, RecordKey
from shared.values.registration import Registration


class QueueName(StrEnum):
    """The queues of the app. Each has a poison queue beside it."""

    REGISTRATIONS = "registrations"
    PROMOTIONS = "promotions"
    FOLLOW_UPS = "follow-ups"
    LINKEDIN_LEADS = "linkedin-leads"
    MAIL_REPORTS = "mail-reports"

    @property
    def poison(self) -> str:
        """Where the Functions host puts what failed five times, and we what can never succeed."""
        return f"{self.value}-poison"


class MessageNotOurs(Exception):
    """The message is no message of this queue. Says where it is wrong, not what stood there."""


class MessageTooLarge(ValueError):
    """No queue message can hold it."""


# 64 KiB as base64: https://learn.microsoft.com/azure/storage/queues/scalability-targets
MAX_MESSAGE_BYTES = 48 * 1024


class Message(Value):
    """Base of all messages."""

    version: Literal[1] = 1
    attempt: int = 0
    failure: str | None = None

    @classmethod
    def parse(cls, body: bytes | str) -> Self:
        """Raises MessageNotOurs, naming the places that are wrong and no content."""
        try:
            return cls.model_validate_json(body)
        except ValidationError as error:
            places = ", ".join(
                f"/{'/'.join(str(part) for part in detail['loc'])}: {detail['type']}"
                for detail in error.errors(include_input=False, include_url=False)[:5]
            )
            raise MessageNotOurs(places) from None

    def to_json(self) -> str:
        """As it goes into the queue. Raises MessageTooLarge."""
        body = self.model_dump_json(by_alias=True, exclude_none=True)
        if len(body.encode()) > MAX_MESSAGE_BYTES:
            raise MessageTooLarge(f"{len(body.encode())} bytes; {MAX_MESSAGE_BYTES} are possible")
        return body

    def again(self) -> Self:
        """The same message for the next attempt."""
        return self.model_copy(update={"attempt": self.attempt + 1})

    def failed(self, reason: str) -> Self:
        """The same message with the cause, for the poison queue."""
        return self.model_copy(update={"failure": reason})

    @property
    def about(self) -> str:
        """The registration's id: what may be logged."""
        raise NotImplementedError


class RegistrationMessage(Message):
    """Queue `registrations`: a new registration."""

    registration: Registration

    @property
    def about(self) -> str:
        """The registration's id."""
        return self.registration.id


class _RecordMessage(Message):
    mailbox_key: str
    registration_id: str

    @property
    def about(self) -> str:
        """The registration's id."""
        return self.registration_id

    @property
    def key(self) -> RecordKey:
        """The record that it is about."""
        return RecordKey(mailbox_key=self.mailbox_key, registration_id=self.registration_id)


class MailAgainMessage(_RecordMessage):
    """Queue `registrations`: send the record's mail number `number`, unless it went out."""

    mail: MailKind
    number: int


class PromotionMessage(_RecordMessage):
    """Queue `promotions`: this record was confirmed."""


class FollowUp(StrEnum):
    """What there is to do with a record later."""

    FORGET = "forget"
    REMIND = "remind"


class FollowUpMessage(_RecordMessage):
    """Queue `follow-ups`: look at this record now."""

    follow_up: FollowUp
    due_at: datetime


def parse_mail_request(body: bytes) -> RegistrationMessage | MailAgainMessage:
    """Either message of queue `registrations`. Raises MessageNotOurs."""
    try:
        return RegistrationMessage.parse(body)
    except MessageNotOurs as not_new:
        try:
            return MailAgainMessage.parse(body)
        except MessageNotOurs:
            raise not_new from None
