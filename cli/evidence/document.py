"""`evidence.json`: what is known about an address, and the chain that proves it.

It says each thing once as a person reads it (`consents`, `mails`, …) and once as the chain has it
(`chain.entries`, whose facts refer to the former by their digests). Whoever verifies compares the
two. Names and shapes are explained in docs/evidence.md, for programs that read it.
"""

import json
from collections.abc import Mapping
from typing import Final, Literal

from pydantic import AwareDatetime

from cli.evidence.wording import Language
from shared.values.base import Value
from shared.values.evidence.chain import Chain
from shared.values.lead_snapshot import LeadSnapshot
from shared.values.record_notes import Click, MailKind, MailNote, Promotion, WithdrawalNote
from shared.values.registration import GivenConsent, Source

FORMAT: Final = "headless-double-opt-in evidence"
VERSION: Final = 1


class OriginShown(Value):
    """Where a request came from. `key` (URL-safe Base64) opens `sealed`, and nothing else.

    Without a key it cannot be opened any more: the key of that day was deleted when its time had
    come.
    """

    sealed: str
    key: str | None = None
    address: str | None = None
    user_agent: str | None = None


class MailShown(Value):
    """One mail that left. `file` has its very bytes; None where they cannot be rebuilt."""

    number: int
    kind: MailKind
    composed_at: AwareDatetime
    sent_at: AwareDatetime | None = None
    provider: str | None = None
    message_id: str | None = None
    subject: str | None = None
    text_digest: str | None = None
    mime_digest: str | None = None
    frame: str | None = None
    report: str | None = None
    reported_at: AwareDatetime | None = None
    file: str | None = None

    @property
    def note(self) -> MailNote:
        """As the record has it."""
        return MailNote(
            number=self.number,
            kind=self.kind,
            taken_at=self.composed_at,
            composed_at=self.composed_at,
            sent_at=self.sent_at,
            provider=self.provider,
            message_id=self.message_id,
            subject=self.subject,
            text_digest=self.text_digest,
            mime_digest=self.mime_digest,
            frame=self.frame,
            report=self.report,
            reported_at=self.reported_at,
        )


class ConfirmationShown(Value):
    """The person pressed the button."""

    at: AwareDatetime
    code_given: bool

    @property
    def note(self) -> Click:
        """As the record has it."""
        return Click(at=self.at, address=None, user_agent=None, code_given=self.code_given)


class HandOverShown(Value):
    """What was written into Dataverse, and when the journey was started there."""

    contact_id: str
    contact_created: bool
    consent_ids: tuple[str, ...]
    written_at: AwareDatetime
    journey_row: str | None = None
    triggered_at: AwareDatetime | None = None

    @property
    def note(self) -> Promotion:
        """As the record has it."""
        return Promotion(**self.model_dump())


class WithdrawalShown(Value):
    """The person took the consent back, and when Dataverse had it."""

    at: AwareDatetime
    one_click: bool
    opted_out_at: AwareDatetime | None = None
    consent_ids: tuple[str, ...] = ()

    @property
    def note(self) -> WithdrawalNote:
        """As the record has it."""
        return WithdrawalNote(**self.model_dump())


class RegistrationShown(Value):
    """What one person asked for through one form, once, and what came of it."""

    registration_id: str
    form: str
    email: str
    locale: str
    asked_at: AwareDatetime
    consents: tuple[GivenConsent, ...]
    privacy_policy_url: str
    privacy_policy_version: str | None = None
    source: Source
    lead: LeadSnapshot | None = None
    mails: tuple[MailShown, ...] = ()
    confirmation: ConfirmationShown | None = None
    hand_over: HandOverShown | None = None
    withdrawals: tuple[WithdrawalShown, ...] = ()
    origins: Mapping[str, OriginShown] = {}
    chain: Chain


class ErasedShown(Value):
    """What is left of a registration whose person asked to be forgotten: that, and when.

    `address` is a digest that only the installation can make, `until` when this, too, is deleted.
    The chain's entries have no facts.
    """

    registration_id: str
    form: str
    address: str
    asked_at: AwareDatetime
    confirmed_at: AwareDatetime | None = None
    erased_at: AwareDatetime
    until: AwareDatetime
    chain: Chain


class Installation(Value):
    """Whose evidence it is: the address of the app, and the key that it signs with (PEM)."""

    url: str
    public_key: str
    fingerprint: str


class Evidence(Value):
    """The whole file. `made_with` names the programs that `evidence.pdf` was drawn with."""

    format: Literal["headless-double-opt-in evidence"]
    version: Literal[1]
    made_at: AwareDatetime
    made_with: str
    language: Language
    address: str
    installation: Installation
    registrations: tuple[RegistrationShown, ...]
    erased: tuple[ErasedShown, ...] = ()

    def to_bytes(self) -> bytes:
        """For people to read, too."""
        values = self.model_dump(mode="json", by_alias=True, exclude_none=True)
        return f"{json.dumps(values, ensure_ascii=False, indent=2)}\n".encode()
