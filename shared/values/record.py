"""The registration as stored: its status, its evidence, and the moves it can make."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self

from shared.values.answers import Answer
from shared.values.base import Value
from shared.values.registration import GivenConsent, Registration, Source


class Status(StrEnum):
    """Where a record stands. A declined or expired record is deleted, so neither is a status."""

    MAILING = "mailing"
    PENDING = "pending"
    CONFIRMED = "confirmed"
    PROMOTED = "promoted"
    FAILED = "failed"


class MailKind(StrEnum):
    """Why a mail was sent. Each mail of a record has a number, counted from 1."""

    CONFIRMATION = "confirmation"
    RENEWAL = "renewal"
    REMINDER = "reminder"


class MailNote(Value):
    """One mail of this record: first taken from the budget, then sent."""

    number: int
    kind: MailKind
    taken_at: datetime
    sent_at: datetime | None = None
    provider: str | None = None
    message_id: str | None = None
    subject: str | None = None
    text_digest: str | None = None


class Click(Value):
    """The confirmation: when, and from where."""

    at: datetime
    address: str | None
    user_agent: str | None


class Promotion(Value):
    """How far the hand-over came; each sub-step is noted so that no retry repeats it."""

    contact_id: str
    contact_created: bool
    consent_ids: tuple[str, ...]
    written_at: datetime
    triggered_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class RecordKey:
    """Where a record lives: its mailbox's partition, and its row."""

    mailbox_key: str
    registration_id: str


class Record(Value):
    """One registration in Table Storage."""

    mailbox_key: str
    registration_id: str
    status: Status
    form: str
    email: str
    locale: str
    answers: Mapping[str, Answer] | None
    consents: tuple[GivenConsent, ...]
    privacy_policy_url: str
    source: Source
    asked_at: datetime
    asked_from: str | None
    user_agent: str | None
    forget_at: datetime
    mails: tuple[MailNote, ...] = ()
    click: Click | None = None
    promotion: Promotion | None = None
    failure: str | None = None

    @classmethod
    def of(cls, registration: Registration, mailbox_key: str, forget_at: datetime) -> Self:
        """A new record, about to be mailed."""
        return cls(
            mailbox_key=mailbox_key,
            registration_id=registration.id,
            status=Status.MAILING,
            form=registration.form,
            email=registration.email,
            locale=registration.locale,
            answers=registration.answers,
            consents=registration.consents,
            privacy_policy_url=registration.privacy_policy_url,
            source=registration.source,
            asked_at=registration.asked_at,
            asked_from=registration.asked_from,
            user_agent=registration.user_agent,
            forget_at=forget_at,
        )

    @property
    def key(self) -> RecordKey:
        """Where it lives."""
        return RecordKey(mailbox_key=self.mailbox_key, registration_id=self.registration_id)

    @property
    def was_confirmed(self) -> bool:
        """The person has pressed the button, whatever became of it in Dataverse.

        Until then the record may still be declined, renewed or forgotten: also one whose mail
        failed, since a click proves that it arrived after all.
        """
        return self.click is not None

    def has_mail(self, kind: MailKind) -> bool:
        """Whether a mail of this kind was taken from the budget."""
        return any(note.kind is kind for note in self.mails)

    def mail(self, number: int) -> MailNote | None:
        """The note of the mail with this number; None when it was never taken."""
        return next((note for note in self.mails if note.number == number), None)

    # The moves -------------------------------------------------------------------------

    def take_mail(self, kind: MailKind, at: datetime) -> "Record":
        """A mail was taken from the budget, and is about to be sent."""
        note = MailNote(number=len(self.mails) + 1, kind=kind, taken_at=at)
        return self._with(mails=(*self.mails, note))

    def mailed(self, note: MailNote, *, keep_until: datetime) -> "Record":
        """The mail with `note`'s number went out; a confirmation in between is kept."""
        mails = tuple(note if old.number == note.number else old for old in self.mails)
        status = self.status if self.was_confirmed else Status.PENDING
        failure = self.failure if self.was_confirmed else None
        return self._with(
            mails=mails,
            status=status,
            failure=failure,
            forget_at=max(self.forget_at, keep_until),
        )

    def confirm(self, click: Click) -> "Record":
        """The person pressed the button."""
        return self._with(status=Status.CONFIRMED, click=click)

    def written(self, promotion: Promotion) -> "Record":
        """Contact and consents are in Dataverse."""
        return self._with(promotion=promotion)

    def promoted(self, triggered_at: datetime) -> "Record":
        """The trigger has fired. The answers live in Dataverse now; the evidence stays here."""
        if self.promotion is None:
            raise ValueError("a record is promoted only after its contact was written")
        promotion = self.promotion.model_copy(update={"triggered_at": triggered_at})
        return self._with(status=Status.PROMOTED, promotion=promotion, answers=None, failure=None)

    def failed(self, reason: str) -> "Record":
        """It cannot go on until an operator mends the cause; `reason` names no person."""
        return self._with(status=Status.FAILED, failure=reason)

    def _with(self, **changes: object) -> "Record":
        return self.model_copy(update=changes)
