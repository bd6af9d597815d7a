"""What the chain says of each thing that happened.

The entries refer to what the record keeps rather than repeat it: a consent's text by its version,
a lead by its digest. Each of these functions makes the same facts from the record again, so that
whoever verifies can compare; sealing adds `salt` and, where there is one, `origin`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from shared.values.evidence.canonical_json import Json, digest_of
from shared.values.evidence.entry import Facts, utc_text
from shared.values.lead_snapshot import LeadSnapshot
from shared.values.record_notes import Click, MailNote, Promotion, WithdrawalNote
from shared.values.registration import GivenConsent, Source

# Added to all facts when they are sealed: random, so that no facts can be guessed by their digest.
SALT = "salt"
# The digest (SHA-256, hex) of the sealed origin.
ORIGIN = "origin"


class Asked(Protocol):
    """A registration, or the record of one."""

    @property
    def form(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def locale(self) -> str: ...
    @property
    def consents(self) -> tuple[GivenConsent, ...]: ...
    @property
    def privacy_policy_url(self) -> str: ...
    @property
    def privacy_policy_version(self) -> str | None: ...
    @property
    def source(self) -> Source: ...
    @property
    def lead(self) -> LeadSnapshot | None: ...


def asked_facts(registration_id: str, asked: Asked) -> Facts:
    """The person asked: who, for what, with which texts, and where."""
    return _known(
        registration=registration_id,
        form=asked.form,
        email=asked.email,
        locale=asked.locale,
        consents=[_consent(consent) for consent in asked.consents],
        privacyPolicyUrl=asked.privacy_policy_url,
        privacyPolicyVersion=asked.privacy_policy_version,
        pageUrl=asked.source.page_url,
        campaign=asked.source.campaign,
        lead=lead_digest(asked.lead) if asked.lead else None,
    )


def lead_digest(lead: LeadSnapshot) -> str:
    """SHA-256 (hex) of the canonical JSON of what LinkedIn said.

    Without what it did not say: a later version of the app may know of more.
    """
    return digest_of(lead.model_dump(mode="json", by_alias=True, exclude_none=True))


def mailed_facts(note: MailNote) -> Facts:
    """A mail left."""
    return _known(
        number=note.number,
        kind=note.kind.value,
        composedAt=utc_text(note.text_of),
        provider=note.provider,
        messageId=note.message_id,
        text=note.text_digest,
        mime=note.mime_digest,
        frame=note.frame,
    )


def reported_facts(number: int, status: str) -> Facts:
    """The provider said what became of a mail."""
    return _known(number=number, status=status)


def confirmed_facts(click: Click) -> Facts:
    """The person pressed the button."""
    return _known(codeGiven=click.code_given)


def written_facts(promotion: Promotion) -> Facts:
    """Contact and consents are in Dataverse."""
    return _known(
        contact=promotion.contact_id,
        created=promotion.contact_created,
        consents=list(promotion.consent_ids),
    )


def triggered_facts(promotion: Promotion) -> Facts:
    """The journey was started, by a trigger or by a row."""
    return _known(by="row" if promotion.journey_row else "trigger", row=promotion.journey_row)


def withdrawn_facts(note: WithdrawalNote) -> Facts:
    """The person took the consent back."""
    return _known(oneClick=note.one_click)


def opted_out_facts(withdrawn_at: datetime, consent_ids: Sequence[str]) -> Facts:
    """Dataverse has it."""
    return _known(withdrawnAt=utc_text(withdrawn_at), consents=list(consent_ids))


def _consent(consent: GivenConsent) -> Json:
    return _known(
        id=consent.id,
        language=consent.language,
        version=consent.version,
        purpose=consent.purpose_id,
        topic=consent.topic_id,
    )


def _known(**facts: Json) -> Facts:
    return {name: fact for name, fact in facts.items() if fact is not None}
