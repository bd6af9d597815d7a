"""Locales in their written form, and the choice of a text."""

import pytest

from shared.values.linkedin.locale import Locale, MultiLocaleString


@pytest.mark.parametrize(
    ("key", "language", "country", "variant", "tag"),
    [
        ("en", "en", None, None, "en"),
        ("de_DE", "de", "DE", None, "de-DE"),
        ("en_US_WIN", "en", "US", "WIN", "en-US"),
        ("de__POSIX", "de", None, "POSIX", "de"),
        ("fr__MAC", "fr", None, "MAC", "fr"),
        ("es_ES_Traditional_WIN", "es", "ES", "Traditional_WIN", "es-ES"),
    ],
)
def test_the_written_form(
    key: str, language: str, country: str | None, variant: str | None, tag: str
) -> None:
    locale = Locale.model_validate(key)
    assert (locale.language, locale.country, locale.variant) == (language, country, variant)
    assert locale.key == key
    assert locale.tag == tag


def test_the_object_of_the_samples_and_its_case() -> None:
    assert Locale.model_validate({"country": "US", "language": "en"}).key == "en_US"
    assert Locale.model_validate({"country": "us", "language": "EN"}).key == "en_US"
    assert Locale.model_validate({"country": "", "language": "en"}).key == "en"


@pytest.mark.parametrize(
    ("texts", "creation_locale", "chosen"),
    [
        ({"en_US": "a", "de_DE": "b"}, "de_DE", "b"),
        ({"en_US": "a", "DE_de": "b"}, "de_DE", "b"),
        ({"en_US": "a", "de_CH": "b", "de": "c"}, "de", "c"),
        ({"en_US": "a", "de_CH": "b"}, "de_DE", "b"),
        ({"en_US": "a", "de_CH": "b"}, "fr_FR", "a"),
        ({"en_US": "a"}, None, "a"),
        ({"": "a", "de": "b"}, "de", "b"),
        ({"_DE": "a", "de_DE": "b"}, "de_DE", "b"),
        ({"_DE": "a"}, "de_DE", "a"),
        ({}, "de", ""),
    ],
)
def test_the_creation_locale_then_its_language_then_the_first(
    texts: dict[str, str], creation_locale: str | None, chosen: str
) -> None:
    locale = None if creation_locale is None else Locale.model_validate(creation_locale)
    assert MultiLocaleString(localized=texts).text(locale) == chosen


def test_what_leaked_into_a_text_is_text() -> None:
    leaked = "{localized={en_US=Mario}, preferredLocale={country=US, language=en}}"
    given = {"localized": {"en_US": leaked}, "preferredLocale": {"country": "DE"}}
    assert MultiLocaleString.model_validate(given).text(None) == leaked


def test_a_plain_string_of_the_older_api_is_read() -> None:
    assert MultiLocaleString.model_validate("Why?").text(Locale(language="en")) == "Why?"
