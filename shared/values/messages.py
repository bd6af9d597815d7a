"""What stands in the queues: JSON, with a version, parsed strictly."""

import json
from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, Field, StringConstraints, ValidationError
from pydantic.alias_generators import to_camel

from shared.values.about import About
from shared.values.base import Value
from shared.values.lead_snapshot import LeadConsent, LeadSnapshot
from shared.values.linkedin.symbols import LeadAction
from shared.values.record import RecordKey
from shared.values.record_notes import MailKind
from shared.values.registration import GivenConsent, Registration, RegistrationId, Source
from shared.values.text_rules import length_of


class MessageNotOurs(Exception):
    """The message is no message of this queue. Says where it is wrong, not what stood there.

    `keep` is what the poison queue gets instead of the whole message, which may name a person.
    """

    def __init__(self, places: str, keep: str | None = None) -> None:
        super().__init__(places)
        self.keep = keep


class MessageTooLarge(ValueError):
    """No queue message can hold it."""


# A queue holds 64 KiB as base64; 1 KiB is left for what an attempt or a failure adds.
# https://learn.microsoft.com/azure/storage/queues/scalability-targets
MAX_MESSAGE_BYTES = 47 * 1024
# A text property of a table holds 64 KiB as UTF-16.
# https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model
MAX_PROPERTY_UNITS = 32 * 1024


class Message(Value):
    """Base of all messages."""

    version: Literal[1] = 1
    attempt: int = Field(default=0, ge=0)
    failure: str | None = None

    @classmethod
    def parse(cls, body: bytes | str) -> Self:
        """Raises MessageNotOurs, naming the places that are wrong and no content."""
        try:
            return cls.model_validate_json(body)
        except ValidationError as error:
            places = ", ".join(
                f"{_place(detail['loc'])}: {detail['type']}"
                for detail in error.errors(include_input=False, include_url=False)[:5]
            )
            raise MessageNotOurs(places) from None

    def to_json(self) -> str:
        """As it goes into the queue."""
        return self.model_dump_json(by_alias=True, exclude_none=True)

    def again(self) -> Self:
        """The same message for the next attempt."""
        return self.model_copy(update={"attempt": self.attempt + 1})

    def waited(self) -> Self:
        """The same message after its turn had not come: no failure, but seen before."""
        return self.model_copy(update={"attempt": max(1, self.attempt)})

    def failed(self, reason: str) -> Self:
        """The same message with the cause, for the poison queue."""
        return self.model_copy(update={"failure": reason})

    def for_replay(self) -> Self:
        """The same message as it was before its first attempt."""
        return self.model_copy(update={"failure": None, "attempt": 0})

    @property
    def about(self) -> About:
        """The registration, as far as the message knows it: what may be logged."""
        raise NotImplementedError


class RegistrationMessage(Message):
    """Queue `registrations`: a new registration.

    `slot` is when it may be mailed, once its network has used up the budget of the hour.
    """

    registration: Registration
    slot: AwareDatetime | None = None

    def to_fitting_json(self) -> str:
        """As it goes into the queue for the first time.

        Raises MessageTooLarge when the queue or, later, the record's row could not hold it.
        """
        body = self.to_json()
        size = len(body.encode())
        # JSON escapes make it longer, UTF-16 can be longer or shorter than UTF-8: measured.
        answers = json.dumps(dict(self.registration.answers), ensure_ascii=False)
        units = length_of(answers)
        if size > MAX_MESSAGE_BYTES or units > MAX_PROPERTY_UNITS:
            raise MessageTooLarge(f"{size} bytes, answers of {units} UTF-16 units")
        return body

    @property
    def about(self) -> About:
        """The registration."""
        return self.registration.about


class _RecordMessage(Message):
    mailbox_key: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    registration_id: RegistrationId

    @property
    def about(self) -> About:
        """The registration; form and source stand in the record."""
        return About(registration=self.registration_id)

    @property
    def key(self) -> RecordKey:
        """The record that it is about."""
        return RecordKey(mailbox_key=self.mailbox_key, registration_id=self.registration_id)


class MailAgainMessage(_RecordMessage):
    """Queue `registrations`: send the record's mail number `number`, unless it went out."""

    mail: MailKind
    number: int = Field(ge=1)


class PromotionMessage(_RecordMessage):
    """Queue `promotions`: this record was confirmed."""


class WithdrawalMessage(_RecordMessage):
    """Queue `promotions`: this record's consent was withdrawn at `withdrawn_at`."""

    withdrawn_at: AwareDatetime
    one_click: bool = False


class FollowUp(StrEnum):
    """What there is to do with a record later."""

    FORGET = "forget"
    REMIND = "remind"
    END_PROOF = "endProof"


class FollowUpMessage(_RecordMessage):
    """Queue `follow-ups`: look at this record now."""

    follow_up: FollowUp
    due_at: AwareDatetime


class LeadMessage(Message):
    """Queue `linkedin-leads`: something happened to a lead of LinkedIn. Names no person.

    `lead` is LinkedIn's id, `form` the URN of its form and version. `registration_id` is derived
    from the lead's id. `retry`: somebody asks for a parked lead once more. `doubts`: how often
    LinkedIn's API contradicted the notification.
    """

    registration_id: RegistrationId
    lead: Annotated[str, StringConstraints(pattern=r"^[!-~]{1,200}$")]
    action: LeadAction
    owner: str | None = None
    lead_type: str | None = None
    form: str | None = None
    occurred_at: AwareDatetime | None = None
    retry: bool = False
    doubts: int = Field(default=0, ge=0)

    @property
    def about(self) -> About:
        """The registration that the lead becomes; which form of ours is not known yet."""
        return About(registration=self.registration_id, source="linkedin")


def parse_mail_request(body: bytes) -> RegistrationMessage | MailAgainMessage:
    """Either message of queue `registrations`. Raises MessageNotOurs."""
    if b'"registration":' in body:
        return RegistrationMessage.parse(body)
    return MailAgainMessage.parse(body)


def parse_hand_over(body: bytes) -> PromotionMessage | WithdrawalMessage:
    """Either message of queue `promotions`. Raises MessageNotOurs."""
    if b'"withdrawnAt":' in body:
        return WithdrawalMessage.parse(body)
    return PromotionMessage.parse(body)


_NAMES = frozenset(
    to_camel(name)
    for part in (
        RegistrationMessage,
        MailAgainMessage,
        PromotionMessage,
        WithdrawalMessage,
        FollowUpMessage,
        LeadMessage,
        LeadSnapshot,
        LeadConsent,
        Registration,
        Source,
        GivenConsent,
    )
    for name in part.model_fields
)


def _place(where: Iterable[int | str]) -> str:
    """A JSON pointer with our own names only: any other key is content, maybe an address."""
    return "/" + "/".join(
        str(part) if isinstance(part, int) or part in _NAMES else "?" for part in where
    )
