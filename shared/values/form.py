"""A sign-up form's definition: what is asked, consented to, mailed and handed to CIJ."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

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


def _in_lower_case(guid: Any) -> Any:
    return guid.lower() if isinstance(guid, str) else guid


Guid = Annotated[
    str,
    BeforeValidator(_in_lower_case),
    StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"),
]
Address = Annotated[str, StringConstraints(pattern=r"^[^@\s<>\"]+@[^@\s<>\"]+$", max_length=254)]

# All consent texts travel in each queue message, beside the answers.
CONSENTS_LENGTH = 5000
# Names that a plain HTML form post uses beside the form's own fields.
RESERVED_NAMES = frozenset({"consent", "locale", "pageUrl", "campaign", "token"})


def _is_web_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"https", "http"} or not parts.hostname or parts.username:
        raise ValueError("is not a web address such as https://www.contoso.com/thanks")
    return url


def _is_origin(url: str) -> str:
    parts = urlsplit(_is_web_url(url))
    # Browsers send it in lower case: any other spelling would never match.
    if url != f"{parts.scheme}://{parts.netloc}".lower():
        raise ValueError(
            "is not an origin: scheme and host only, in lower case, such as https://www.contoso.com"
        )
    return url


WebUrl = Annotated[
    str, StringConstraints(max_length=2000, pattern=r"^[!-~]+$"), AfterValidator(_is_web_url)
]
Origin = Annotated[str, AfterValidator(_is_origin)]
LocalisedUrl = Annotated[Mapping[LanguageTag, WebUrl], Field(min_length=1)]


def _is_iso_8601(duration: Any) -> Any:
    # A bare number would be taken for seconds, and nobody means a link that lives 3 seconds.
    if not isinstance(duration, timedelta) and not str(duration).startswith("P"):
        raise ValueError("is not an ISO 8601 duration such as P3D (three days) or PT12H")
    return duration


Duration = Annotated[timedelta, BeforeValidator(_is_iso_8601)]


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
    expired: WebUrl | None = Field(
        default=None,
        description="the page gets ?token=… and posts it to /api/renew to ask for a fresh mail",
    )
    gone: WebUrl | None = Field(default=None, description="forgotten: sign up again there")


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
    link_lifetime: Duration = Field(default=timedelta(days=3), gt=timedelta(0))
    forgotten_after: Duration = Field(
        default=timedelta(days=7),
        le=timedelta(days=365),
        description="an unconfirmed record is deleted after this",
    )
    reminder_after: Duration | None = Field(
        default=None, gt=timedelta(0), description="one reminder, this long after the mail"
    )
    redirects: Redirects = Redirects()
    trigger: Trigger

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        self._names_differ()
        self._speaks_every_language()
        self._fits_into_a_message()
        self._times_are_in_order()
        emails = [field for field in self.fields if isinstance(field, EmailField)]
        if len(emails) != 1 or not emails[0].required:
            raise _mistake(
                "/fields", "exactly one field of kind 'email', with 'required': true, is needed"
            )
        if missing := self.trigger.fields() - {field.id for field in self.fields}:
            raise _mistake("/trigger/attributes", f"unknown fields: {', '.join(sorted(missing))}")
        return self

    def _names_differ(self) -> None:
        names = [field.id for field in self.fields] + [self.honeypot]
        if twice := {name for name in names if names.count(name) > 1}:
            raise _mistake(
                "/fields", f"used twice as a field or honeypot: {', '.join(sorted(twice))}"
            )
        if reserved := RESERVED_NAMES.intersection(names):
            raise _mistake(
                "/fields", f"reserved, choose another field id: {', '.join(sorted(reserved))}"
            )
        columns = [field.column for field in self.fields if field.column]
        if shared := {column for column in columns if columns.count(column) > 1}:
            raise _mistake("/fields", f"two fields write to the column {', '.join(sorted(shared))}")
        if len({consent.id for consent in self.consents}) != len(self.consents):
            raise _mistake("/consents", "two consents have the same id")

    def _fits_into_a_message(self) -> None:
        for tag in self.languages:
            if sum(len(consent.text[tag]) for consent in self.consents) > CONSENTS_LENGTH:
                raise _mistake(
                    "/consents", f"the texts in {tag} exceed {CONSENTS_LENGTH} characters"
                )

    def _times_are_in_order(self) -> None:
        if self.link_lifetime > self.forgotten_after:
            raise _mistake("/linkLifetime", "is longer than forgottenAfter")
        if self.reminder_after and self.reminder_after >= self.forgotten_after:
            raise _mistake("/reminderAfter", "is not shorter than forgottenAfter")

    def _speaks_every_language(self) -> None:
        wanted = set(self.languages)
        for pointer, texts in _localised(self, ""):
            if set(texts) != wanted:
                given = ", ".join(sorted(texts))
                raise _mistake(pointer, f"has {given}; needs {', '.join(self.languages)}")

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


def _mistake(pointer: str, reason: str) -> PydanticCustomError:
    """A rule about several parts is broken; the pointer says where to mend it."""
    return PydanticCustomError("form", "{reason}", {"pointer": pointer, "reason": reason})


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
