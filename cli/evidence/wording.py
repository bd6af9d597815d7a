"""The sentences of the PDF, one file per language in `words/`, and how it writes a time."""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

FOLDER = Path(__file__).parent / "words"


class Language(StrEnum):
    """Of the PDF. What people wrote stays in theirs."""

    ENGLISH = "en"
    GERMAN = "de"


@dataclass(frozen=True, kw_only=True)
class Wording:
    """Sentences by their names."""

    language: Language
    sentences: Mapping[str, str]

    def __call__(self, name: str, **values: object) -> str:
        """The sentence with values in its places. Raises KeyError for a name that is not there."""
        return self.sentences[name].format(**values)

    def time(self, at: datetime) -> str:
        """Such as "22 November 2026, 12:00:00 UTC": to the second, since a proof without the time
        of day has been held to prove nothing (AG Düsseldorf, 23 C 3876/13).
        """
        from babel.dates import format_date  # noqa: PLC0415 - only where a PDF is made

        in_utc = at.astimezone(UTC)
        date = format_date(in_utc.date(), "long", locale=_LOCALES[self.language])
        return self("time", date=date, time=f"{in_utc:%H:%M:%S}")


# A court outside of the United States reads 11/12 otherwise than one there.
_LOCALES = {Language.ENGLISH: "en_GB", Language.GERMAN: "de_DE"}


@functools.cache
def wording(language: Language) -> Wording:
    """The sentences of a language."""
    text = (FOLDER / f"{language}.json").read_text(encoding="utf-8")
    return Wording(language=language, sentences=json.loads(text))
