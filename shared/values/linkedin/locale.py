"""Locales, and texts in several of them, as LinkedIn writes both."""

import contextlib
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError, field_validator, model_validator

from shared.values.linkedin.base import LinkedInValue

_UNDETERMINED = "und"  # BCP 47: a text whose language nobody says


class Locale(LinkedInValue):
    """Language in lower case (ISO 639-1), country in upper case (ISO 3166).

    LinkedIn's table describes them the other way round; its samples do not. Also reads the
    written form: `en`, `de_DE`, `en_US_WIN`, `de__POSIX`.
    """

    language: str
    country: str | None = None
    variant: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _read_key(cls, given: Any) -> Any:
        if not isinstance(given, str):
            return given
        parts = given.strip().split("_", maxsplit=2)
        names = ("language", "country", "variant")
        return {name: part for name, part in zip(names, parts, strict=False) if part}

    @field_validator("language")
    @classmethod
    def _lower(cls, language: str) -> str:
        return language.lower()

    @field_validator("country")
    @classmethod
    def _upper(cls, country: str | None) -> str | None:
        return (country or "").upper() or None

    @property
    def key(self) -> str:
        """As in MultiLocaleString: parts with underscores, an empty country kept."""
        parts = [self.language, self.country or "", self.variant or ""]
        return "_".join(parts).rstrip("_")

    @property
    def tag(self) -> str:
        """As BCP 47 language tag, without the variant, which is none there: "de-DE"."""
        return f"{self.language}-{self.country}" if self.country else self.language


class MultiLocaleString(LinkedInValue):
    """One text in several locales. What stands in the text is never interpreted."""

    localized: Mapping[str, str]

    @model_validator(mode="before")
    @classmethod
    def _read_plain_text(cls, given: Any) -> Any:
        # Forms of the older API have a string here.
        return {"localized": {_UNDETERMINED: given}} if isinstance(given, str) else given

    def text(self, creation_locale: Locale | None) -> str:
        """In the form's creation locale, else in its language, else the first; "" when empty.

        https://learn.microsoft.com/linkedin/shared/references/v2/object-types#multilocalestring
        """
        if creation_locale is not None:
            keys = _readable(self.localized)
            for key, locale in keys.items():
                if locale.key == creation_locale.key:
                    return self.localized[key]
            for key, locale in keys.items():
                if locale.language == creation_locale.language:
                    return self.localized[key]
        return next(iter(self.localized.values()), "")


def _readable(keys: Iterable[str]) -> dict[str, Locale]:
    """Without those that name no language: their texts can only be the first of all."""
    found = {}
    for key in keys:
        with contextlib.suppress(ValidationError):
            found[key] = Locale.model_validate(key)
    return found
