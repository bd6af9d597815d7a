"""What the outside does for us, and how each can fail.

Two failures are all that the story has to tell apart, whatever failed:

    TemporaryFailure   it may work later: wait, then try again
    PermanentFailure   it will fail again until somebody mends the cause

Neither carries personal data: their texts end in logs and in poison queues.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from shared.values.confirmation_token import Tokens
from shared.values.contact import ContactWithConsents, TriggerCall
from shared.values.form import Form
from shared.values.mail import Mail
from shared.values.mail_budget import MailboxRow, MailLimits
from shared.values.messages import Message
from shared.values.record import Record, RecordKey
from shared.values.record_notes import MailKind

T = TypeVar("T")


class TemporaryFailure(Exception):
    """It may work later; `retry_after` (seconds) is what the other side asked for, if it did.

    `may_have_happened`: the answer is missing, so what was asked for may have been done.
    """

    def __init__(
        self, reason: str, retry_after: float | None = None, *, may_have_happened: bool = False
    ) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
        self.may_have_happened = may_have_happened


class PermanentFailure(Exception):
    """It will fail again until somebody mends the cause, which the text names.

    `replay` is the message to keep for the replay instead of the one that failed.
    """

    def __init__(self, reason: str, replay: Message | None = None) -> None:
        super().__init__(reason)
        self.replay = replay


class Changed(Exception):
    """Somebody else moved the row first. Read it again and decide anew."""


# Lost races end after one more look; more than this means that something is wrong.
RACES = 5


class Deadline:
    """How long a call may take, over all of its parts."""

    def __init__(self, seconds: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._end = monotonic() + seconds

    def remaining(self) -> float:
        """Seconds left; never negative."""
        return max(0.0, self._end - self._monotonic())


@dataclass(frozen=True, kw_only=True)
class Versioned(Generic[T]):
    """A row's value with its ETag; None for a row that does not exist yet."""

    value: T
    etag: str | None

    def moved_to(self, value: T) -> "Versioned[T]":
        """The next value, to be written only if nobody moved the row since it was read."""
        return Versioned(value=value, etag=self.etag)

    def saved_as(self, etag: str) -> "Versioned[T]":
        """The same value, as it stands in the table now."""
        return Versioned(value=self.value, etag=etag)


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """Proof that a queue took a message; with it the message can be taken back."""

    queue: str
    message_id: str
    pop_receipt: str


# A queue hides a message for seven days at most.
# https://learn.microsoft.com/rest/api/storageservices/put-message
LONGEST_HIDING = timedelta(days=7)


class Queues(Protocol):
    """Durable messages. Raises TemporaryFailure when the queue did not take one."""

    def put(
        self, queue: str, body: str | bytes, *, visible_in: timedelta = timedelta(0)
    ) -> Receipt:
        """Store `body`, byte for byte; it never expires. `visible_in` is at most seven days."""

    def take_back(self, receipt: Receipt) -> None:
        """Remove a message that is not needed any more.

        Never fails: a message that stays is harmless, since every step is safe to repeat.
        """

    def reach(self, queue: str) -> None:
        """Ask whether the queue is there. Raises TemporaryFailure, saying what is wrong."""


class Records(Protocol):
    """Rows of table `registrations`. Every write is guarded by ETag.

    Raises TemporaryFailure when storage does not answer, Changed when a guard did not hold.
    """

    def find(self, key: RecordKey) -> Versioned[Record] | None:
        """The record, or None."""

    def find_mailbox(self, mailbox_key: str) -> Versioned[MailboxRow]:
        """The mailbox's address row; an empty one with etag None when there is no row."""

    def save(
        self, record: Versioned[Record], mailbox: Versioned[MailboxRow] | None = None
    ) -> Versioned[Record]:
        """Insert (etag None) or replace; with `mailbox`, both or neither."""

    def save_mailbox(self, mailbox_key: str, mailbox: Versioned[MailboxRow]) -> None:
        """Insert (etag None) or replace the address row alone."""

    def forget(
        self, record: Versioned[Record], mailbox: Versioned[MailboxRow] | None = None
    ) -> None:
        """Delete the record. With `mailbox`, write that row in the same transaction.

        An address row whose value is empty is deleted instead of written.
        """

    def reach(self) -> None:
        """Ask whether the table is there. Raises TemporaryFailure, saying what is wrong."""


class Mailer(Protocol):
    """A mail provider."""

    def send(self, mail: Mail, *, again: bool) -> str:
        """Hand the mail over; returns the provider's message id.

        `again` says that an earlier attempt may have succeeded unnoticed: a provider that can
        tell is asked before the mail is sent once more. Raises TemporaryFailure (with
        `retry_after` on a quota) and PermanentFailure (rejected recipient or sender).
        """

    @property
    def name(self) -> str:
        """Which provider this is, for the evidence."""

    @property
    def recognises_repeats(self) -> bool:
        """Whether `again` finds out what became of an earlier attempt."""


class ComposeMail(Protocol):
    """Writes the confirmation mail of a record."""

    def __call__(
        self, record: Record, form: Form, kind: MailKind, number: int, at: datetime
    ) -> Mail:
        """The record's mail number `number`, with links issued at `at`, in its language."""


@dataclass(frozen=True, kw_only=True)
class WrittenContact:
    """What came out of writing to Dataverse: ids of contact and consent rows."""

    contact_id: str
    created: bool
    consent_ids: tuple[str, ...]


class CustomerInsights(Protocol):
    """Dataverse and CIJ. Raises TemporaryFailure and PermanentFailure."""

    def write(self, contact: ContactWithConsents, deadline: Deadline) -> WrittenContact:
        """Find or create the contact and opt its address in: all of it or nothing."""

    def fire(self, trigger: TriggerCall, contact_id: str, deadline: Deadline) -> None:
        """Start the journey for the contact."""


@dataclass(frozen=True, kw_only=True)
class RetryDelays:
    """How long a postponed message waits: `first`, then twice as long each time up to `longest`."""

    first: timedelta
    longest: timedelta


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The settings that story and endpoints need."""

    public_url: str
    pepper: str
    mail_limits: MailLimits
    suppression: timedelta
    trusted_proxies: int
    inline_seconds: float
    claim: timedelta
    retries: RetryDelays


class Outside(Protocol):
    """Everything that the story uses, built by `wiring` on first use."""

    @property
    def forms(self) -> Mapping[str, Form]: ...
    @property
    def tokens(self) -> Tokens: ...
    @property
    def rules(self) -> Rules: ...
    @property
    def queues(self) -> Queues: ...
    @property
    def records(self) -> Records: ...
    @property
    def mailer(self) -> Mailer: ...
    @property
    def compose_mail(self) -> ComposeMail: ...
    @property
    def customer_insights(self) -> CustomerInsights: ...
    def now(self) -> datetime:
        """The time, in UTC."""
