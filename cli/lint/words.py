"""The word lists, one file per language in `words/`, and how a text is searched for them.

An entry is one word or several; `*` stands for any letters, also none, so that inflections and
compounds are found. It is looked for from word boundary to word boundary, whatever the case.
Between two words of an entry any white space or hyphen will do.
"""

import functools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints

from shared.values.base import Value

FOLDER = Path(__file__).parent / "words"

Entry = Annotated[str, StringConstraints(min_length=2, pattern=r"^\S+( \S+)*$")]
Entries = Annotated[tuple[Entry, ...], Field(min_length=1)]
# Written, but not seen: they must not keep a word from being found.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_APOSTROPHES = re.compile("[\u2018\u2019\u02bc\u2032]")


class Words(Value):
    """The lists of one language.

    `advertising` is refused anywhere. `ambiguous` is refused unless its sentence has a word of
    `legal`: a withdrawal is free of charge, too. `safe` phrases are cut out before anything is
    looked for. `confirmation` is what a subject has to speak of; `greetings` begin a letter.
    """

    safe: tuple[Entry, ...] = ()
    advertising: Entries
    ambiguous: Entries
    legal: Entries
    slogans: Entries
    urgency: Entries
    welcome: Entries
    contact: Entries
    greetings: Entries
    confirmation: Entries


@functools.cache
def words_in(language: str, folder: Path = FOLDER) -> Words | None:
    """The lists for a BCP 47 tag ("de" serves "de-AT"); None for a language without any.

    Raises pydantic.ValidationError for a file that is no whole list.
    """
    file = folder / f"{language.partition('-')[0]}.json"
    return Words.model_validate_json(file.read_bytes()) if file.is_file() else None


def plain(text: str) -> str:
    """As it is read: without invisible characters, fancy letters as ordinary ones (NFKC)."""
    seen = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return _APOSTROPHES.sub("'", seen)


def without(text: str, phrases: Sequence[str]) -> str:
    """The text with every occurrence of a phrase cut out."""
    return _pattern(tuple(phrases)).sub(" ", text) if phrases else text


def found_in(text: str, entries: Sequence[str]) -> Iterator[str]:
    """What of a plain text an entry matches, from left to right."""
    return (match.group() for match in _pattern(tuple(entries)).finditer(text))


def sentences(text: str) -> list[str]:
    """The text cut at full stops, question and exclamation marks that white space follows."""
    return [each for each in re.split(r"(?<=[.!?])\s+", text) if each]


@functools.cache
def _pattern(entries: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(entries, key=len, reverse=True)
    return re.compile("|".join(f"(?:{_expression(each)})" for each in longest_first), re.IGNORECASE)


def _expression(entry: str) -> str:
    words = (re.escape(word).replace(r"\*", r"\w*") for word in plain(entry).split(" "))
    return r"(?<!\w)" + r"[\s\-\u2010-\u2015]+".join(words) + r"(?!\w)"
