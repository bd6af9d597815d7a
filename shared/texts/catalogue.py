"""The texts that people read: one file per language, beside this module.

A company that wants another language adds its file; nothing else has to change.
"""

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from shared.texts.languages import FOLDER, languages
from shared.values.base import Value
from shared.values.link_view import LinkState
from shared.values.localised import choose_language

ACCEPTED = "accepted"
UNAVAILABLE = "unavailable"
REJECTED = "rejected"
PAGES = frozenset({*LinkState, ACCEPTED, UNAVAILABLE, REJECTED})
PAGES_WITH_BUTTON = frozenset(
    {
        LinkState.CONFIRM,
        LinkState.ENTER_CODE,
        LinkState.WRONG_CODE,
        LinkState.TOO_MANY_CODES,
        LinkState.DECLINE,
        LinkState.EXPIRED,
        LinkState.GONE,
        LinkState.WITHDRAW,
        UNAVAILABLE,
        REJECTED,
    }
)
PAGES_WITH_LABEL = frozenset({LinkState.ENTER_CODE, LinkState.WRONG_CODE})
ERROR_CODES = frozenset(
    {
        "required",
        "too_long",
        "too_short",
        "pattern",
        "line_break",
        "control_character",
        "url",
        "markup",
        "wrong_type",
        "not_an_option",
        "not_a_date",
        "out_of_range",
        "invalid_email",
        "invalid_phone",
        "unknown_field",
        "repeated",
        "consent_required",
        "unknown_consent",
        "proof_missing",
        "proof_invalid",
        "proof_expired",
        "proof_reused",
    }
)

Sentence = Annotated[str, StringConstraints(min_length=1, pattern=r"^[^\r\n]+$")]


class MailText(Value):
    """The sentences of the mail that are the same for every form.

    `asked` takes {date}, {time} and {host}; `valid_until` takes {date} and {time}; `code` takes
    {code}.
    """

    renewal: Sentence
    reminder: Sentence
    asked: Sentence
    declares: Sentence
    to_confirm: Sentence
    confirm: Sentence
    valid_until: Sentence
    code: Sentence
    ignore: Sentence
    to_decline: Sentence
    decline: Sentence


class PageText(Value):
    """One page; `button` is the text of its button, or of the link that looks like one.

    `label` says what to type where there is something to type.
    """

    title: Sentence
    heading: Sentence
    paragraphs: tuple[Sentence, ...] = Field(min_length=1)
    label: Sentence | None = None
    button: Sentence | None = None


class FrameText(Value):
    """What stands around every page."""

    back_to_website: Sentence
    privacy_policy: Sentence


class Catalogue(Value):
    """All texts in one language. A sentence in `errors` may take {limit}."""

    mail: MailText
    pages: Mapping[str, PageText]
    frame: FrameText
    errors: Mapping[str, Sentence]

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        _same("pages", set(self.pages), PAGES)
        _same("errors", set(self.errors), ERROR_CODES)
        buttons = {name for name, page in self.pages.items() if page.button}
        _same("pages with a button", buttons, PAGES_WITH_BUTTON)
        labels = {name for name, page in self.pages.items() if page.label}
        _same("pages with a label", labels, PAGES_WITH_LABEL)
        return self


def _same(what: str, given: set[str], wanted: frozenset[str]) -> None:
    if given != wanted:
        missing, surplus = sorted(wanted - given), sorted(given - wanted)
        raise ValueError(f"{what}: missing {missing}, not known {surplus}")


def catalogue(language: str, folder: Path = FOLDER) -> Catalogue:
    """The texts in the language nearest to `language` (a BCP 47 tag).

    Raises pydantic.ValidationError when the file is not a whole catalogue.
    """
    return _read(choose_language(language, languages(folder)), folder)


@functools.cache
def _read(language: str, folder: Path) -> Catalogue:
    return Catalogue.model_validate_json((folder / f"{language}.json").read_bytes())


@functools.cache
def direction(language: str) -> Literal["ltr", "rtl"]:
    """The direction of a language's script, for HTML's `dir`."""
    # Babel is large, and most endpoints write no page.
    from babel import Locale  # noqa: PLC0415 - see above

    return "rtl" if Locale.parse(language, sep="-").text_direction == "rtl" else "ltr"
