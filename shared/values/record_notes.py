"""What a record notes on its way: each mail, the click, the hand-over."""

from datetime import datetime
from enum import StrEnum

from shared.values.base import Value

# Statuses of a delivery report that say: it is not in the inbox, and another mail would not get
# there either. "Expanded" (a distribution list) has arrived; a status that is not known says
# nothing. https://learn.microsoft.com/azure/event-grid/communication-services-email-events
DID_NOT_ARRIVE = frozenset({"bounced", "suppressed", "failed", "quarantined", "filteredspam"})
# A subject may have four times as many, and a record's notes of twenty mails share one property of
# 32,768 characters. The whole subject is in the mail's frame.
LONGEST_SUBJECT = 100
# After so many attempts without an answer a mail that cannot be asked about is not repeated.
MOST_UNKNOWN = 3


class MailKind(StrEnum):
    """Why a mail was sent. Each mail of a record has a number, counted from 1."""

    CONFIRMATION = "confirmation"
    RENEWAL = "renewal"
    REMINDER = "reminder"


class MailNote(Value):
    """One mail of this record: taken from the budget, claimed by one worker, then sent.

    `composed_at` is the time that its text and its links are of. An attempt whose outcome is
    unknown is repeated with the same text, so that the evidence is of the mail that left; one
    that was refused is written anew, so that no link has aged when it arrives. `unknown` counts
    the attempts without an answer; the provider of the latest is noted, if it is known, until
    the one that took the mail over takes its place. `mime_digest`, `frame` and `slots` are those
    of values.kept_mail.
    """

    number: int
    kind: MailKind
    taken_at: datetime
    composed_at: datetime | None
    unknown: int = 0
    busy_until: datetime | None = None
    sent_at: datetime | None = None
    provider: str | None = None
    message_id: str | None = None
    subject: str | None = None
    text_digest: str | None = None
    mime_digest: str | None = None
    frame: str | None = None
    slots: str | None = None
    report: str | None = None
    reported_at: datetime | None = None

    @property
    def did_not_arrive(self) -> bool:
        """The provider has reported that the mail did not reach the inbox."""
        return self.report is not None and self.report.lower() in DID_NOT_ARRIVE

    @property
    def text_of(self) -> datetime:
        """The time to write it with: set while it is claimed, and once it was sent."""
        return self.composed_at or self.taken_at


class Click(Value):
    """The confirmation: when, and from where.

    `code_given`: the code in the mail was asked for and typed, too.
    """

    at: datetime
    address: str | None
    user_agent: str | None
    code_given: bool = False

    def with_code(self) -> "Click":
        """The person typed the code that was asked for."""
        return self.model_copy(update={"code_given": True})


class Promotion(Value):
    """How far the hand-over came; each sub-step is noted so that no retry repeats it.

    `busy_until`: a worker is firing the trigger. `journey_row`: address of the row that started
    the journey where no trigger did; then `triggered_at` is when it was written.
    """

    contact_id: str
    contact_created: bool
    consent_ids: tuple[str, ...]
    written_at: datetime
    journey_row: str | None = None
    busy_until: datetime | None = None
    triggered_at: datetime | None = None

    def claim(self, until: datetime) -> "Promotion":
        """A worker is about to fire the trigger; no other may try before `until`."""
        return self.model_copy(update={"busy_until": until})

    def release(self) -> "Promotion":
        """It did not work; the next worker may try."""
        return self.model_copy(update={"busy_until": None})


class WithdrawalNote(Value):
    """The person took the consent back: when, and from where.

    `one_click`: a mail program did so for the person (RFC 8058); `address` is then its server's.
    `opted_out_at` and `consent_ids`: since when which rows of Dataverse say no.
    """

    at: datetime
    address: str | None = None
    user_agent: str | None = None
    one_click: bool = False
    opted_out_at: datetime | None = None
    consent_ids: tuple[str, ...] = ()

    def opted_out(self, at: datetime, consent_ids: tuple[str, ...]) -> "WithdrawalNote":
        """Dataverse has it."""
        return self.model_copy(update={"opted_out_at": at, "consent_ids": consent_ids})
