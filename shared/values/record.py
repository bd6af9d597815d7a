"""The registration as stored: its status, its evidence, and the moves it can make."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from shared.values.about import About, door_of
from shared.values.answers import Answer
from shared.values.base import Value
from shared.values.evidence.chain import Chain
from shared.values.evidence.entry import EntryKind
from shared.values.evidence.facts import (
    asked_facts,
    confirmed_facts,
    mailed_facts,
    opted_out_facts,
    reported_facts,
    triggered_facts,
    withdrawn_facts,
    written_facts,
)
from shared.values.kept_mail import KeptMail
from shared.values.lead_snapshot import LeadSnapshot
from shared.values.record_notes import Click, MailKind, MailNote, Promotion, WithdrawalNote
from shared.values.registration import GivenConsent, Registration, Source
from shared.values.scanner_watch import ScannerWatch

# A row holds 1 MiB. tests/storage/test_largest_record.py fills one with as much as there can be.
MOST_MAILS = 20
# Likewise. Each but the first answers a later registration, so more would be years of changing
# one's mind; of those the latest are kept, and the chain has an entry of each.
MOST_WITHDRAWALS = 20


class Status(StrEnum):
    """Where a record stands. A declined or expired record is deleted, so neither is a status."""

    MAILING = "mailing"
    PENDING = "pending"
    CONFIRMED = "confirmed"
    PROMOTED = "promoted"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class RecordKey:
    """Where a record lives: its mailbox's partition, and its row."""

    mailbox_key: str
    registration_id: str


class Record(Value):
    """One registration in Table Storage.

    Each move that is evidence adds an entry to `chain`, sealed when the record is saved. `origins`
    has the network addresses and browsers as the table keeps them, sealed, by the names of
    evidence.origin; those that can still be opened stand in the other values as plain text.
    """

    mailbox_key: str
    registration_id: str
    status: Status
    form: str
    email: str
    locale: str
    answers: Mapping[str, Answer] | None
    consents: tuple[GivenConsent, ...]
    privacy_policy_url: str
    privacy_policy_version: str | None = None
    source: Source
    asked_at: datetime
    asked_from: str | None
    user_agent: str | None
    forget_at: datetime
    lead: LeadSnapshot | None = None
    mails: tuple[MailNote, ...] = ()
    watch: ScannerWatch | None = None
    click: Click | None = None
    promotion: Promotion | None = None
    withdrawals: tuple[WithdrawalNote, ...] = ()
    failure: str | None = None
    origins: Mapping[str, str] = {}
    chain: Chain = Chain()

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
            privacy_policy_version=registration.privacy_policy_version,
            source=registration.source,
            asked_at=registration.asked_at,
            asked_from=registration.asked_from,
            user_agent=registration.user_agent,
            forget_at=forget_at,
            lead=registration.lead,
            chain=Chain().with_entry(
                EntryKind.ASKED,
                registration.asked_at,
                asked_facts(registration.id, registration),
            ),
        )

    @property
    def key(self) -> RecordKey:
        """Where it lives."""
        return RecordKey(mailbox_key=self.mailbox_key, registration_id=self.registration_id)

    @property
    def about(self) -> About:
        """What its events tell of it."""
        return About(registration=self.registration_id, form=self.form, source=door_of(self.lead))

    @property
    def was_confirmed(self) -> bool:
        """The person has pressed the button, whatever became of it in Dataverse.

        Until then the record may still be declined, renewed or forgotten: also one whose mail
        failed, since a click proves that it arrived after all.
        """
        return self.click is not None

    @property
    def was_withdrawn(self) -> bool:
        """The person has taken the consent back. Its status tells how far it had come before."""
        return bool(self.withdrawals)

    def has_mail(self, kind: MailKind) -> bool:
        """Whether a mail of this kind was taken from the budget."""
        return any(note.kind is kind for note in self.mails)

    def mail(self, number: int) -> MailNote | None:
        """The note of the mail with this number; None when it was never taken."""
        return next((note for note in self.mails if note.number == number), None)

    def noted(self, number: int) -> MailNote:
        """The same for a mail that was taken. Raises KeyError when it was not."""
        note = self.mail(number)
        if note is None:
            raise KeyError(number)
        return note

    @property
    def is_triggered(self) -> bool:
        """The journey was started."""
        return self.promotion is not None and self.promotion.triggered_at is not None

    @property
    def was_mailed(self) -> bool:
        """Whether any mail of this record is noted as sent."""
        return any(note.sent_at for note in self.mails)

    @property
    def bounced(self) -> bool:
        """The latest mail that the provider has reported about did not arrive."""
        reported = [note for note in self.mails if note.report]
        return bool(reported) and reported[-1].did_not_arrive

    @property
    def may_be_reminded(self) -> bool:
        """Once, while it is pending, and not where no mail arrives."""
        reminded = self.has_mail(MailKind.REMINDER)
        return self.status is Status.PENDING and not reminded and not self.bounced

    @property
    def has_most_mails(self) -> bool:
        """Whether it has had as many mails as one row can keep notes of."""
        return len(self.mails) >= MOST_MAILS

    def has_mail_after(self, issued_at: datetime, lifetime: timedelta, now: datetime) -> bool:
        """Whether a later mail than the one with a link of `issued_at` is out or on its way."""
        latest = self.mails[-1] if self.mails else None
        if latest is None or latest.text_of <= issued_at + timedelta(seconds=1):
            return False
        if latest.sent_at is None:
            return self.status is not Status.FAILED
        return latest.text_of + lifetime > now

    # The moves -------------------------------------------------------------------------

    def take_mail(self, kind: MailKind, at: datetime, until: datetime) -> "Record":
        """A mail was taken from the budget, to be sent by one worker, and by none else `until`."""
        note = MailNote(
            number=len(self.mails) + 1,
            kind=kind,
            taken_at=at,
            composed_at=at,
            busy_until=until,
        )
        return self._with(mails=(*self.mails, note))

    def claim_mail(self, number: int, at: datetime, until: datetime) -> "Record":
        """Another attempt at a mail that was taken: the same text, or a new one after a refusal.

        A claim that ran out belonged to a worker that died: what became of its mail is unknown.
        """
        note = self.noted(number)
        died = 1 if note.busy_until else 0
        return self._with_note(
            note,
            composed_at=note.composed_at or at,
            busy_until=until,
            unknown=note.unknown + died,
        )

    def release_mail(
        self,
        number: int,
        *,
        may_have_left: bool,
        provider: str | None = None,
        kept: KeptMail | None = None,
    ) -> "Record":
        """It did not work; the next worker may try. `provider` may have the mail, as `kept`."""
        note = self.noted(number)
        if may_have_left:
            unknown = note.unknown + 1
            left = asdict(kept) if kept else {}
            return self._with_note(
                note, busy_until=None, unknown=unknown, provider=provider, **left
            )
        # A refusal says nothing about an earlier attempt: that one's text may still arrive.
        composed_at = note.composed_at if note.unknown else None
        return self._with_note(note, busy_until=None, composed_at=composed_at)

    def refuse_mail(self, number: int) -> "Record":
        """The attempt failed for good; whoever replays it starts afresh."""
        note = self.noted(number)
        return self._with_note(
            note,
            busy_until=None,
            composed_at=None,
            unknown=0,
            provider=None,
            mime_digest=None,
            frame=None,
            slots=None,
        )

    def wanted_as(self, number: int, kind: MailKind) -> "Record":
        """The person asks for a mail that is on its way for another reason."""
        return self._with_note(self.noted(number), kind=kind)

    def mailed(self, sent: MailNote) -> "Record":
        """The mail went out; a confirmation or a report in between is kept."""
        status = self.status if self.was_confirmed else Status.PENDING
        failure = self.failure if self.was_confirmed else None
        note = self.noted(sent.number)
        sent = sent.model_copy(update={"report": note.report, "reported_at": note.reported_at})
        left_at = sent.sent_at or sent.text_of
        chain = self.chain.with_entry(EntryKind.MAILED, left_at, mailed_facts(sent))
        mails = self._mails_with(sent)
        return self._with(mails=mails, status=status, failure=failure, chain=chain)

    def report_mail(self, number: int, report: str, at: datetime) -> "Record | None":
        """What became of a mail; None when a report as new as this one stands there."""
        note = self.noted(number)
        if note.reported_at and note.reported_at >= at:
            return None
        reported = note.model_copy(update={"report": report, "reported_at": at})
        chain = self.chain.with_entry(EntryKind.REPORTED, at, reported_facts(number, report))
        return self._with(mails=self._mails_with(reported), chain=chain)

    def keep_until(self, at: datetime) -> "Record":
        """Forget it no earlier than this."""
        return self._with(forget_at=max(self.forget_at, at))

    def watched(self, watch: ScannerWatch) -> "Record":
        """A machine may have opened a link, or somebody typed a wrong code."""
        return self._with(watch=watch)

    def confirm(self, click: Click) -> "Record":
        """The person pressed the button. Who opened links before is of no interest any more."""
        chain = self.chain.with_entry(EntryKind.CONFIRMED, click.at, confirmed_facts(click))
        return self._with(
            status=Status.CONFIRMED, click=click, watch=None, failure=None, chain=chain
        )

    def handed_over(self, promotion: Promotion) -> "Record":
        """Contact and consents are in Dataverse; the trigger comes next."""
        chain = self._with_written(promotion)
        return self._with(status=Status.CONFIRMED, promotion=promotion, failure=None, chain=chain)

    def promoted(self, promotion: Promotion, triggered_at: datetime) -> "Record":
        """The trigger has fired. The answers live in Dataverse now; the evidence stays here."""
        fired = promotion.model_copy(update={"busy_until": None, "triggered_at": triggered_at})
        written = self._with_written(promotion)
        chain = written.with_entry(EntryKind.TRIGGERED, triggered_at, triggered_facts(fired))
        return self._with(
            status=Status.PROMOTED, promotion=fired, answers=None, failure=None, chain=chain
        )

    def withdrawn(self, note: WithdrawalNote) -> "Record":
        """The person takes the consent back. What was not handed over yet never will be."""
        kept = self.withdrawals[-(MOST_WITHDRAWALS - 1) :]
        chain = self.chain.with_entry(EntryKind.WITHDRAWN, note.at, withdrawn_facts(note))
        return self._with(withdrawals=(*kept, note), answers=None, chain=chain)

    def opted_out(
        self, withdrawn_at: datetime, at: datetime, consent_ids: tuple[str, ...]
    ) -> "Record | None":
        """Dataverse has it; None when that is noted. A press that was not noted is noted now."""
        notes = {note.at: note for note in self.withdrawals}
        note = notes.get(withdrawn_at)
        if note is None:
            unnoted = WithdrawalNote(at=withdrawn_at)
            withdrawn = self.withdrawn(unnoted.opted_out(at, consent_ids))
            withdrawals, chain = withdrawn.withdrawals, withdrawn.chain
        elif note.opted_out_at:
            return None
        else:
            notes[withdrawn_at] = note.opted_out(at, consent_ids)
            withdrawals, chain = tuple(notes.values()), self.chain
        known = opted_out_facts(withdrawn_at, consent_ids)
        chain = chain.with_entry(EntryKind.OPTED_OUT, at, known)
        return self._with(withdrawals=withdrawals, chain=chain)

    def failed(self, reason: str) -> "Record":
        """It cannot go on until an operator mends the cause; `reason` names no person."""
        return self._with(status=Status.FAILED, failure=reason)

    def says_what(self, other: "Record") -> bool:
        """Whether both tell the same, however that is sealed."""
        bare = {"chain": Chain(), "origins": {}}
        return self.model_copy(update=bare) == other.model_copy(update=bare)

    def _with_written(self, promotion: Promotion) -> Chain:
        """Once: a hand-over is claimed and released as often as it takes."""
        if self.promotion:
            return self.chain
        known = written_facts(promotion)
        return self.chain.with_entry(EntryKind.WRITTEN, promotion.written_at, known)

    def _with_note(self, note: MailNote, **changes: object) -> "Record":
        return self._with(mails=self._mails_with(note.model_copy(update=changes)))

    def _mails_with(self, changed: MailNote) -> tuple[MailNote, ...]:
        return tuple(changed if note.number == changed.number else note for note in self.mails)

    def _with(self, **changes: object) -> "Record":
        return self.model_copy(update=changes)
