"""What one person asked for through one form, once."""

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import AwareDatetime, StringConstraints

from shared.values.about import About, door_of
from shared.values.answers import Answer
from shared.values.base import Value
from shared.values.form import FormConsent
from shared.values.lead_snapshot import LeadSnapshot

RegistrationId = Annotated[
    str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
]


class Source(Value):
    """Where the registration came from, as the website says."""

    page_url: str | None = None
    campaign: str | None = None


class GivenConsent(Value):
    """A box that was ticked, with the very text that stood beside it.

    Purpose and topic are those that the form opted in to at that time; None in records that are
    older than the note of it.
    """

    id: str
    language: str
    text: str
    version: str
    purpose_id: str | None = None
    topic_id: str | None = None

    @classmethod
    def of(cls, consent: FormConsent, language: str) -> Self:
        """Of a form's own box, as it is shown in that language."""
        return cls(
            id=consent.id,
            language=language,
            text=consent.text[language],
            version=consent.version(language),
            purpose_id=consent.purpose_id,
            topic_id=consent.topic_id,
        )


class Registration(Value):
    """Everything that the queue function needs; it reads no form to know what was asked."""

    id: RegistrationId
    form: str
    email: str
    locale: str
    answers: Mapping[str, Answer]
    consents: tuple[GivenConsent, ...]
    privacy_policy_url: str
    privacy_policy_version: str | None = None
    source: Source
    asked_at: AwareDatetime
    asked_from: str | None = None
    user_agent: str | None = None
    lead: LeadSnapshot | None = None

    @property
    def about(self) -> About:
        """What its events tell of it."""
        return About(registration=self.id, form=self.form, source=door_of(self.lead))
