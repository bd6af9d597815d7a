"""What the outside does for us, each with how it can fail (see failures)."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from shared.values.base import Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from shared.rules import Rules
    from shared.values.confirmation_token import Tokens
    from shared.values.contact import ContactWithConsents, TriggerCall
    from shared.values.erased import ErasureProof
    from shared.values.form import Form
    from shared.values.funnel import FunnelRow
    from shared.values.kept_mail import KeptMail
    from shared.values.lead_cursor import LeadCursor
    from shared.values.lead_row import LeadRow
    from shared.values.lead_tidying import LeadTidying
    from shared.values.linkedin.lead_form import LeadForm
    from shared.values.linkedin.lead_response import LeadResponse
    from shared.values.linkedin.symbols import LeadType
    from shared.values.mail import Mail
    from shared.values.mail_budget import MailboxRow
    from shared.values.mail_rate import Lane
    from shared.values.opt_out import OptOut
    from shared.values.proof_of_work import Proof
    from shared.values.record import Record, RecordKey
    from shared.values.record_notes import MailKind

T = TypeVar("T")


class Deadline:
    """How long a call may take, over all of its parts."""

    def __init__(self, seconds: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._end = monotonic() + seconds

    def remaining(self) -> float:
        """Seconds left; never negative."""
        return max(0.0, self._end - self._monotonic())

    def share(self, among: int) -> Deadline:
        """A deadline of its own for the first of so many who share what is left."""
        return Deadline(self.remaining() / among, self._monotonic)

    def at_most(self, seconds: float) -> Deadline:
        """A deadline of its own that is no later than this one, and no further off than that."""
        return Deadline(min(seconds, self.remaining()), self._monotonic)


@dataclass(frozen=True, kw_only=True)
class Versioned(Generic[T]):
    """A row's value with its ETag; None for a row that does not exist yet."""

    value: T
    etag: str | None

    def moved_to(self, value: T) -> Versioned[T]:
        """The next value, to be written only if nobody moved the row since it was read."""
        return Versioned(value=value, etag=self.etag)

    def saved_as(self, etag: str) -> Versioned[T]:
        """The same value, as it stands in the table now."""
        return Versioned(value=self.value, etag=etag)


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """Proof that a queue took a message; with it the message can be taken back."""

    queue: str
    message_id: str
    pop_receipt: str


@dataclass(frozen=True, kw_only=True)
class WaitingMessage:
    """A message as it stands in a queue; `expires_at` is None when it never does."""

    id: str
    body: bytes
    put_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class TakenMessage:
    """A message that nobody else sees for a while, and the proof that we have it."""

    message: WaitingMessage
    receipt: Receipt


# A queue hides a message for seven days at most.
# https://learn.microsoft.com/rest/api/storageservices/put-message
LONGEST_HIDING = timedelta(days=7)


class Challenges(Protocol):
    """Proof of work: what a form asks for, and whether it was done.

    Raises values.answer_error.AnswerRefused with the code `proof_missing`, `proof_invalid`,
    `proof_expired` or `proof_reused`.
    """

    def make(self, form: Form, now: datetime) -> Mapping[str, Any]:
        """A fresh challenge as JSON. Nothing is stored: it carries its own signature."""

    def check(self, solution: Any, form: Form, now: datetime) -> Proof:
        """What the solution proves, without using it up."""

    def spend(self, proof: Proof, registration_id: str, now: datetime) -> None:
        """Use the proof up. The same registration may do so again: websites repeat calls."""

    def give_back(self, proof: Proof, registration_id: str) -> None:
        """The registration was not accepted after all."""


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

    def delete(self, receipt: Receipt) -> None:
        """Remove it for good, where somebody relies on it. Raises TemporaryFailure."""

    def look(self, queue: str) -> list[WaitingMessage]:
        """Up to 32 of the visible messages. Changes nothing."""

    def count(self, queue: str) -> int:
        """About how many messages there are, hidden ones included."""

    def take(self, queue: str, *, hidden_for: timedelta) -> list[TakenMessage]:
        """Up to 32 of the visible messages, hidden from everybody else for that long."""

    def give_back(self, receipt: Receipt) -> None:
        """Make a taken message visible again. Never fails: it becomes so by itself in time."""

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

    def in_mailbox(self, mailbox_key: str) -> list[Versioned[Record]]:
        """All records of a mailbox, by one query of its partition."""

    def with_id(self, registration_id: str) -> list[Versioned[Record]]:
        """Wherever it is. Goes through the whole table: for an operator only."""

    def save(
        self, record: Versioned[Record], mailbox: Versioned[MailboxRow] | None = None
    ) -> Versioned[Record]:
        """Insert (etag None) or replace; with `mailbox`, both or neither."""

    def save_mailbox(self, mailbox_key: str, mailbox: Versioned[MailboxRow]) -> None:
        """Insert (etag None) or replace the address row alone."""

    def forget(
        self,
        record: Versioned[Record],
        mailbox: Versioned[MailboxRow] | None = None,
        proof: ErasureProof | None = None,
    ) -> None:
        """Delete the record. With `mailbox` or `proof`, write these in the same transaction.

        An address row whose value is empty is deleted instead of written.
        """

    def proofs(self, mailbox_key: str) -> list[Versioned[ErasureProof]]:
        """What is left of erased records of a mailbox, by one query of its partition."""

    def proofs_with_id(self, registration_id: str) -> list[Versioned[ErasureProof]]:
        """Wherever it is. Goes through the whole table: for an operator only."""

    def find_proof(self, key: RecordKey) -> Versioned[ErasureProof] | None:
        """What is left of that record, or None."""

    def drop_proof(self, proof: Versioned[ErasureProof]) -> None:
        """Delete it."""

    def reach(self) -> None:
        """Ask whether the table is there. Raises TemporaryFailure, saying what is wrong."""


class OriginKeys(Protocol):
    """Rows of table `originkeys`: 32 random bytes for each day (UTC) on which one was needed.

    Raises TemporaryFailure when storage does not answer.
    """

    def find(self, day: date) -> bytes | None:
        """The key of the day; None when it was never made, or is deleted."""

    def make(self, day: date) -> bytes:
        """The key of the day. Whoever needs it first makes it for all."""

    def delete_before(self, day: date) -> int:
        """Delete the keys of all earlier days. How many those were."""

    def reach(self) -> None:
        """Ask whether the table is there. Raises TemporaryFailure, saying what is wrong."""


L = TypeVar("L", bound=Value)


class Limits(Protocol):
    """Rows of table `limits`, which all instances count in. Every write is guarded by ETag.

    Raises TemporaryFailure when storage does not answer, Changed when a guard did not hold.
    """

    def find(self, name: str, none_yet: L) -> Versioned[L]:
        """The row; `none_yet` with etag None when there is none (or none that can be read)."""

    def save(self, name: str, row: Versioned[L]) -> Versioned[L]:
        """Insert (etag None) or replace."""

    def reach(self) -> None:
        """Ask whether the table is there. Raises TemporaryFailure, saying what is wrong."""


class Throttles(Protocol):
    """The limits that need a memory. Each call raises TemporaryFailure."""

    def source_slot(self, source: str, now: datetime) -> datetime | None:
        """Count a registration from a network; when may it be mailed? `now`, or later.

        None for the first few of a network, which are not counted.
        """

    def complain(self, source: str, now: datetime) -> None:
        """Somebody said "this was not me" to a mail that this network caused."""

    def take_mail(self, lane: Lane, now: datetime) -> timedelta | None:
        """Take one mail from the quota: None when it may leave now, else how long to wait."""

    def give_mail_back(self, now: datetime) -> None:
        """The mail that was taken did not have to be sent. Never fails."""

    def count_registration(self, form: str, ceiling: int, now: datetime) -> int | None:
        """One more today: the day's count when it has just crossed the ceiling, else None."""


@dataclass(frozen=True, kw_only=True)
class SentMail:
    """A mail that a provider took over: which one, and under which id it knows the mail."""

    provider: str
    message_id: str


class Mailer(Protocol):
    """A mail provider, or several behind one another."""

    def send(self, mail: Mail, *, again: str | None) -> SentMail:
        """Hand the mail over.

        `again` names the provider that may have it from an earlier attempt without an answer:
        one that can be asked is asked before the mail is sent once more. Raises
        TemporaryFailure (with `retry_after` on a quota, with `by` when the mail may have left)
        and PermanentFailure (rejected recipient or sender).
        """

    @property
    def name(self) -> str:
        """The provider that is tried first."""

    @property
    def can_be_asked(self) -> frozenset[str]:
        """Names of the providers that can tell what became of an earlier attempt."""


class ComposeMail(Protocol):
    """Writes the confirmation mail of a record."""

    def __call__(
        self, record: Record, form: Form, kind: MailKind, number: int, at: datetime
    ) -> Mail:
        """The record's mail number `number`, with links issued at `at`, in its language."""


class MailFrames(Protocol):
    """Rows of table `mailframes`, each named by the SHA-256 of its content: none ever changes.

    Raises TemporaryFailure when storage does not answer.
    """

    def put(self, digest: str, frame: bytes) -> None:
        """Store the frame (900,000 bytes at most), unless it is there."""

    def find(self, digest: str) -> bytes | None:
        """The frame with this name, or None."""

    def reach(self) -> None:
        """Ask whether the table is there. Raises TemporaryFailure, saying what is wrong."""


class KeptMails(Protocol):
    """Mails that can be written once more. Each call raises TemporaryFailure."""

    def keep(self, mail: Mail, record: Record, number: int) -> KeptMail:
        """What to note of the record's mail `number`. To be called before it leaves.

        A mail that may not be kept leaves all the same: an event says why. Raises
        PermanentFailure for a mail that no provider would take.
        """

    def again(self, record: Record, number: int) -> Mail:
        """The mail that is noted, to be handed over once more. Raises MailNotKept."""

    def rebuild(self, record: Record, number: int) -> bytes:
        """The mail that was sent, as RFC 5322 bytes. Raises values.kept_mail.MailNotKept."""


@dataclass(frozen=True, kw_only=True)
class WrittenContact:
    """What came out of writing to Dataverse: ids of contact and consent rows."""

    contact_id: str
    created: bool
    consent_ids: tuple[str, ...]


class CustomerInsights(Protocol):
    """Dataverse and CIJ. Raises TemporaryFailure and PermanentFailure."""

    def write(self, contact: ContactWithConsents, deadline: Deadline) -> WrittenContact:
        """Find or create the contact and opt its address in: all of it or nothing.

        What was withdrawn after it was confirmed stays withdrawn.
        """

    def fire(self, trigger: TriggerCall, contact_id: str, deadline: Deadline) -> None:
        """Start the journey for the contact."""

    def opt_out(self, opt_out: OptOut, deadline: Deadline) -> tuple[str, ...]:
        """Opt the address out: all of it or nothing. The ids of the rows that say no now.

        Of `write` and `opt_out` the later word of the person wins, whichever is written first.
        """


@dataclass(frozen=True, kw_only=True)
class LeadWithForm:
    """A lead and the form in the version that was answered; None when LinkedIn did not send it."""

    lead: LeadResponse
    form: LeadForm | None


@dataclass(frozen=True, kw_only=True)
class ListedLead:
    """A lead in a list.

    `problem` says where one is wrong that cannot be read. `id` is None where not even that can:
    its `fingerprint` then tells it from others without saying what it is.
    """

    id: str | None
    form: str | None = None
    problem: str | None = None
    fingerprint: str = ""
    submitted_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class SignInEnd:
    """When somebody has to have signed in at LinkedIn again.

    `refused`: why LinkedIn does not renew the access token, if it does not.
    """

    ends_at: datetime
    refused: str | None = None


class Leads(Protocol):
    """LinkedIn's Lead Sync. Raises TemporaryFailure and PermanentFailure."""

    def fetch(self, lead: str, deadline: Deadline) -> LeadWithForm | None:
        """The lead; None when LinkedIn has none with this id (any more)."""

    def since(
        self, owner: str, lead_type: LeadType, start: datetime, end: datetime, deadline: Deadline
    ) -> Iterator[ListedLead]:
        """Leads submitted from `start` on and before `end`, test leads too. `owner` is a URN.

        Raises linkedin.failures.OutOfTime when the deadline is over.
        """

    def sign_in(self, deadline: Deadline) -> SignInEnd:
        """Until when calls work without a person. Raises PermanentFailure when none does."""


@dataclass(frozen=True, kw_only=True)
class LeadPage:
    """Some rows of leads, and the names of those that cannot be read.

    `end` is the place after which the next page begins; None at the end of the table.
    """

    rows: tuple[Versioned[LeadRow], ...]
    damaged: tuple[str, ...] = ()
    end: str | None = None


class LeadRows(Protocol):
    """Rows of table `leads`. Every write is guarded by ETag.

    Raises TemporaryFailure when storage does not answer, Changed when a guard did not hold.
    """

    def find(self, lead: str) -> Versioned[LeadRow] | None:
        """What is known about a lead, or None."""

    def save(self, row: Versioned[LeadRow]) -> Versioned[LeadRow]:
        """Insert (etag None) or replace."""

    def delete(self, row: Versioned[LeadRow]) -> None:
        """Forget the lead. One that is not there any more is forgotten."""

    def parked(self) -> Iterator[Versioned[LeadRow]]:
        """All parked leads, in any order. Goes through the whole table: for an operator only."""

    def page(self, after: str | None) -> LeadPage:
        """The next rows after a place of the table, or the first ones, in the table's order."""

    def find_tidying(self) -> Versioned[LeadTidying]:
        """Where the tidying goes on; the beginning with etag None before the first."""

    def save_tidying(self, tidying: Versioned[LeadTidying]) -> Versioned[LeadTidying]:
        """Insert (etag None) or replace."""

    def find_cursor(self, owner: str, lead_type: LeadType) -> Versioned[LeadCursor]:
        """How far the owner's leads are known; an empty cursor with etag None for a new owner."""

    def save_cursor(self, owner: str, lead_type: LeadType, cursor: Versioned[LeadCursor]) -> None:
        """Insert (etag None) or replace."""

    def reach(self) -> None:
        """Ask whether the table is there. Raises TemporaryFailure, saying what is wrong."""


class FunnelRows(Protocol):
    """Rows of table `funnel`: what each process counted. Raises TemporaryFailure.

    A row that cannot be read is left out.
    """

    def save(self, rows: Sequence[FunnelRow]) -> None:
        """Insert or replace: nobody but a process itself writes its rows."""

    def since(self, day: date) -> list[FunnelRow]:
        """All rows from that day on."""

    def unfolded_before(self, day: date) -> list[FunnelRow]:
        """Rows of single processes before that day."""

    def folded(self, day: date, form: str) -> Versioned[FunnelRow]:
        """The row of all processes; one without counts and with etag None when there is none."""

    def fold(self, together: Versioned[FunnelRow], parts: Sequence[FunnelRow]) -> None:
        """Write the row of all and delete these (99 at most, of its form and day), or neither.

        Raises Changed when the row was moved, or one of these is gone.
        """

    def delete_before(self, day: date) -> None:
        """Delete all rows before that day."""

    def reach(self) -> None:
        """Ask whether the table is there. Raises TemporaryFailure, saying what is wrong."""


class Tally(Protocol):
    """What this process counts, and writes to `FunnelRows` now and then."""

    def flush(self) -> None:
        """Write it now. Never fails."""


class Outside(Protocol):
    """Everything that the story uses, built by `wiring` on first use."""

    @property
    def forms(self) -> Mapping[str, Form]: ...
    @property
    def tokens(self) -> Tokens: ...
    @property
    def rules(self) -> Rules: ...
    @property
    def challenges(self) -> Challenges: ...
    @property
    def queues(self) -> Queues: ...
    @property
    def records(self) -> Records: ...
    @property
    def origin_keys(self) -> OriginKeys: ...
    @property
    def limits(self) -> Limits: ...
    @property
    def throttles(self) -> Throttles: ...
    @property
    def mailer(self) -> Mailer: ...
    @property
    def compose_mail(self) -> ComposeMail: ...
    @property
    def mail_frames(self) -> MailFrames: ...
    @property
    def kept_mails(self) -> KeptMails: ...
    @property
    def customer_insights(self) -> CustomerInsights: ...
    @property
    def leads(self) -> Leads: ...
    @property
    def lead_rows(self) -> LeadRows: ...
    @property
    def funnel(self) -> FunnelRows: ...
    @property
    def tally(self) -> Tally: ...
    def now(self) -> datetime:
        """The time, in UTC."""
