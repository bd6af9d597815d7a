"""A sign-up form's definition: what is asked, consented to, mailed and handed to CIJ."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from shared.values.base import Value
from shared.values.consent_text import version_of
from shared.values.form_fields import EmailField, FieldId, FormField
from shared.values.form_trigger import Trigger
from shared.values.localised import LanguageTag, LocalisedLine, LocalisedText
from shared.values.localised import SingleLine as Line

FormId = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,49}$"),
    Field(description="the form's name in URLs; the file's name without .json"),
]
Guid = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", to_lower=True),
]
Address = Annotated[str, StringConstraints(pattern=r"^[^@\s<>\"]+@[^@\s<>\"]+$", max_length=254)]

# Names that a plain HTML form post uses beside the form's own fields.
RESERVED_NAMES = frozenset({"consent", "locale", "pageUrl", "campaign", "token"})


def _is_web_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"https", "http"} or not parts.hostname or parts.username:
        raise ValueError("is not a web address such as https://www.contoso.com/thanks")
    return url


def _is_origin(url: str) -> str:
    parts = urlsplit(_is_web_url(url))
    if url != f"{parts.scheme}://{parts.netloc}":
        raise ValueError("is not an origin: scheme and host only, such as https://www.contoso.com")
    return url


WebUrl = Annotated[
    str, StringConstraints(max_length=2000, pattern=r"^[!-~]+$"), AfterValidator(_is_web_url)
]
Origin = Annotated[str, AfterValidator(_is_origin)]
LocalisedUrl = Annotated[Mapping[LanguageTag, WebUrl], Field(min_length=1)]


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

    sender: Address
    sender_name: Line | None = None
    reply_to: Address | None = None
    subject: LocalisedLine
    text: LocalisedText = Field(description="one sentence: what the person is about to confirm")


class Redirects(Value):
    """Where the person goes after each outcome; without a URL the app shows its own page."""

    accepted: WebUrl | None = Field(default=None, description="'check your inbox'")
    confirmed: WebUrl | None = None
    declined: WebUrl | None = None
    renewed: WebUrl | None = Field(default=None, description="a fresh mail is on its way")


class Form(Value):
    """A form, as `forms/<id>.json` defines it."""

    schema_: str | None = Field(default=None, alias="$schema")
    id: FormId
    state: State
    languages: tuple[LanguageTag, ...] = Field(
        min_length=1, description="every text is given in each; the first is the fallback"
    )
    title: LocalisedLine
    company: Company
    privacy_policy_url: LocalisedUrl
    allowed_origins: tuple[Origin, ...] = Field(
        default=(), description="websites whose pages may post; none = only other servers"
    )
    fields: tuple[FormField, ...] = Field(min_length=1, max_length=50)
    consents: tuple[FormConsent, ...] = Field(min_length=1, max_length=10)
    honeypot: FieldId = Field(
        default="homepage", description="a field no person sees; filled in, the post is dropped"
    )
    mail: MailTexts
    link_lifetime: timedelta = Field(default=timedelta(days=3), gt=timedelta(0))
    forgotten_after: timedelta = Field(
        default=timedelta(days=7), description="an unconfirmed record is deleted after this"
    )
    reminder_after: timedelta | None = Field(
        default=None, gt=timedelta(0), description="one reminder, this long after the mail"
    )
    redirects: Redirects = Redirects()
    trigger: Trigger

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        names = [field.id for field in self.fields] + [self.honeypot]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"used twice as a field or honeypot: {', '.join(sorted(twice))}")
        if reserved := RESERVED_NAMES.intersection(names):
            raise ValueError(f"reserved, choose another field id: {', '.join(sorted(reserved))}")
        if len({consent.id for consent in self.consents}) != len(self.consents):
            raise ValueError("two consents have the same id")
        emails = [field for field in self.fields if isinstance(field, EmailField)]
        if len(emails) != 1 or not emails[0].required:
            raise ValueError("exactly one field of kind 'email', with 'required': true, is needed")
        if self.link_lifetime > self.forgotten_after:
            raise ValueError("linkLifetime is longer than forgottenAfter")
        if self.reminder_after and self.reminder_after >= self.forgotten_after:
            raise ValueError("reminderAfter is not shorter than forgottenAfter")
        if missing := self.trigger.fields() - {field.id for field in self.fields}:
            raise ValueError(f"trigger names unknown fields: {', '.join(sorted(missing))}")
        self._speaks_every_language()
        return self

    def _speaks_every_language(self) -> None:
        wanted = set(self.languages)
        for pointer, texts in _localised(self, ""):
            if set(texts) != wanted:
                given = ", ".join(sorted(texts))
                raise ValueError(f"{pointer} has {given}; needs {', '.join(self.languages)}")

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


def _localised(value: Value, pointer: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every text-per-language below `value`, with its JSON pointer."""
    for name, info in type(value).model_fields.items():
        inner = getattr(value, name)
        here = f"{pointer}/{info.alias or name}"
        if isinstance(inner, Value):
            yield from _localised(inner, here)
        elif isinstance(inner, tuple):
            for index, item in enumerate(inner):
                if isinstance(item, Value):
                    yield from _localised(item, f"{here}/{index}")
        elif isinstance(inner, Mapping) and name != "attributes":
            yield here, inner
