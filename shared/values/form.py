"""A sign-up form's definition: what is asked, consented to, mailed and handed to CIJ."""

from datetime import timedelta
from enum import StrEnum
from typing import Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from shared.values.base import Value
from shared.values.consent_text import version_of
from shared.values.form_fields import Column, EmailField, FieldId, FormField
from shared.values.form_journey_row import JourneyRow
from shared.values.form_linkedin import LinkedIn
from shared.values.form_rules import broken_rules
from shared.values.form_scalars import (
    Duration,
    EmailAddress,
    FormId,
    Guid,
    LocalisedUrl,
    Origin,
    WebUrl,
)
from shared.values.form_trigger import Trigger
from shared.values.localised import LanguageTag, LocalisedLine, LocalisedText
from shared.values.localised import SingleLine as Line
from shared.values.proof_of_work import ProofOfWork


class State(StrEnum):
    """Only a published form takes registrations; an archived one still honours its mails."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class FormConsent(Value):
    """One box to tick: the text, and the CIJ purpose (and topic) that it opts in to."""

    id: FieldId
    text: LocalisedText
    required: bool = True
    purpose_id: Guid = Field(description="msdynmkt_purpose of the compliance profile")
    topic_id: Guid | None = Field(default=None, description="msdynmkt_topic of that purpose")

    def version(self, language: str) -> str:
        """The version of the text: SHA-256 (hex) of the exact text."""
        return version_of(self.text[language])


class Company(Value):
    """Who asks: shown on pages and in the mail."""

    name: Line
    website: WebUrl
    imprint: LocalisedText = Field(description="who is responsible, with postal address")
    colour: str = Field(default="#1a56a8", pattern=r"^#[0-9a-fA-F]{6}$")


class MailTexts(Value):
    """The confirmation mail. The law wants it free of advertising, so there is little to say."""

    sender: EmailAddress
    sender_name: Line | None = None
    reply_to: EmailAddress | None = None
    subject: LocalisedLine
    text: LocalisedText = Field(description="one sentence: what the person is about to confirm")


class Redirects(Value):
    """Where the person goes after each outcome; without a URL the app shows its own page."""

    accepted: WebUrl | None = Field(default=None, description="'check your inbox'")
    confirmed: WebUrl | None = None
    declined: WebUrl | None = None
    renewed: WebUrl | None = Field(default=None, description="a fresh mail is on its way")
    expired: WebUrl | None = Field(
        default=None,
        description="the page gets ?token=… and posts it to /api/renew to ask for a fresh mail",
    )
    gone: WebUrl | None = Field(default=None, description="forgotten: sign up again there")
    withdrawn: WebUrl | None = Field(default=None, description="the consent was taken back")


class Form(Value):
    """A form, as `forms/<id>.json` defines it."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["trigger"]}, {"required": ["journeyRow"]}]}
    )

    schema_: str | None = Field(default=None, alias="$schema")
    id: FormId
    state: State
    languages: tuple[LanguageTag, ...] = Field(
        min_length=1, description="every text is given in each; the first is the fallback"
    )
    title: LocalisedLine
    company: Company
    privacy_policy_url: LocalisedUrl
    privacy_policy_version: Line | None = Field(
        default=None,
        description="which edition the person reads there, such as its date; kept as evidence",
    )
    allowed_origins: tuple[Origin, ...] = Field(
        default=(), description="websites whose pages may post; none = only other servers"
    )
    fields: tuple[FormField, ...] = Field(min_length=1, max_length=50)
    consents: tuple[FormConsent, ...] = Field(min_length=1, max_length=10)
    honeypot: FieldId = Field(
        default="homepage", description="a field no person sees; filled in, the post is dropped"
    )
    proof_of_work: ProofOfWork | None = Field(
        default=None, description="what a post costs in computing time; {} for the usual amount"
    )
    mail: MailTexts
    link_lifetime: Duration = Field(default=timedelta(days=3), gt=timedelta(0))
    forgotten_after: Duration = Field(
        default=timedelta(days=7),
        le=timedelta(days=365),
        description="an unconfirmed record is deleted after this",
    )
    reminder_after: Duration | None = Field(
        default=None, gt=timedelta(0), description="one reminder, this long after the mail"
    )
    daily_ceiling: int | None = Field(
        default=None,
        ge=1,
        description="registrations a day after which somebody is alarmed; nobody is stopped",
    )
    redirects: Redirects = Field(default_factory=Redirects)
    trigger: Trigger | None = Field(
        default=None, description="the CIJ custom trigger that starts the journey"
    )
    journey_row: JourneyRow | None = Field(
        default=None, description="instead of a trigger: the Dataverse row that starts it"
    )
    withdraw_link: Column | None = Field(
        default=None,
        description="column of the contact that gets the link to withdraw, for CIJ's own mails",
    )
    linked_in: LinkedIn | None = Field(
        default=None,
        description="LinkedIn lead forms whose leads become registrations of this form",
    )

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        if broken := tuple(broken_rules(self)):
            pointer, reason = broken[0]
            context = {"pointer": pointer, "reason": reason, "further": broken[1:]}
            raise PydanticCustomError("form", "{reason}", context)
        return self

    @property
    def email_field(self) -> EmailField:
        """The one field that holds the address."""
        return next(field for field in self.fields if isinstance(field, EmailField))

    def consent(self, consent_id: str) -> FormConsent:
        """The consent with this id. Raises KeyError when the form has none."""
        for consent in self.consents:
            if consent.id == consent_id:
                return consent
        raise KeyError(consent_id)
