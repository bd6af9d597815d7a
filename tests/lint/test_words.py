"""The word lists: what they find, in all its forms, and what they leave alone."""

import json
from typing import Any

import pytest

from cli.lint import rules_words
from cli.lint.lint import broken_rules
from cli.lint.rule import Mode
from cli.lint.words import FOLDER, Words, found_in, plain, sentences, words_in
from tests.examples import ROOT
from tests.lint.mails import saying, with_imprint
from tests.words.samples import LANGUAGES

TEXTS = ROOT / "tests" / "lint" / "texts"
WORD_RULES = {
    "advertising-words", "price", "slogan", "welcome", "contact-invitation", "urgency",
    "exclamation", "word-list",
}  # fmt: skip


def texts(language: str) -> Any:
    return json.loads((TEXTS / f"{language}.json").read_bytes())


def each(kind: str) -> list[tuple[str, str]]:
    return [(language, text) for language in LANGUAGES for text in texts(language)[kind]]


def lists_of(language: str) -> Words:
    words = words_in(language)
    assert words
    return words


LISTS = [(language, name) for language in LANGUAGES for name in Words.model_fields]


def test_every_language_of_the_app_has_lists_and_texts() -> None:
    assert {file.stem for file in FOLDER.glob("*.json")} == set(LANGUAGES)
    assert {file.stem for file in TEXTS.glob("*.json")} == set(LANGUAGES)
    assert words_in("tlh") is None
    assert words_in("de-AT") == words_in("de")


@pytest.mark.parametrize(("language", "text"), each("neutral"))
def test_neutral_and_legal_sentences_are_let_pass(language: str, text: str) -> None:
    broken = broken_rules(saying(text, language), Mode.STRICT)
    assert [(rule.id, hit.words) for rule, hit in broken if rule.id in WORD_RULES] == []


@pytest.mark.parametrize(("language", "text"), each("imprints"))
def test_imprints_are_let_pass(language: str, text: str) -> None:
    broken = broken_rules(with_imprint(text, language), Mode.STRICT)
    broken_ids = [(rule.id, hit.words) for rule, hit in broken if rule.id in WORD_RULES]
    assert broken_ids == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_advertising_is_found_whatever_its_form(language: str) -> None:
    for text, expected in texts(language)["advertising"].items():
        found = {hit.words for hit in rules_words.advertising_words(saying(text, language))}
        assert found >= {plain(each) for each in expected}, text


@pytest.mark.parametrize("language", LANGUAGES)
def test_slogans_are_found_whatever_their_form(language: str) -> None:
    for text, expected in texts(language)["slogans"].items():
        found = {hit.words for hit in rules_words.slogans(saying(text, language))}
        assert found == {plain(each) for each in expected}, text


@pytest.mark.parametrize(("language", "name"), LISTS)
def test_every_entry_can_be_found_and_stands_there_once(language: str, name: str) -> None:
    listed = getattr(lists_of(language), name)
    assert len(listed) == len(set(listed))
    for entry in listed:
        assert entry == entry.lower()
        written = plain(entry.replace("*", ""))
        assert list(found_in(f"x {written.title()} x", [entry])), entry
        assert not list(found_in(f"x{written}x", [written])), entry


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_list_finds_anything_in_the_app_s_own_texts(language: str) -> None:
    catalogue = json.loads((ROOT / "shared" / "texts" / f"{language}.json").read_bytes())
    words = lists_of(language)
    for sentence in catalogue["mail"].values():
        for name in ("advertising", "ambiguous", "slogans", "urgency", "welcome", "contact"):
            assert list(found_in(plain(sentence), getattr(words, name))) == []


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        ("*rabatt*", ["Sommerrabatte"]),
        ("rabatt*", []),
        ("follow us", ["Follow\N{NO-BREAK SPACE}us", "follow-us"]),
        ("don't miss", ["Don\N{RIGHT SINGLE QUOTATION MARK}t miss"]),
    ],
)
def test_entries_match_whole_words(entry: str, found: list[str]) -> None:
    text = (
        "Sommerrabatte: Follow\N{NO-BREAK SPACE}us, follow-us, unfollow us. "
        "Don\N{RIGHT SINGLE QUOTATION MARK}t miss."
    )
    assert list(found_in(plain(text), [plain(entry)])) == [plain(each) for each in found]


def test_sentences_end_before_white_space() -> None:
    assert sentences("It is 3.5 km. Really? Yes") == ["It is 3.5 km.", "Really?", "Yes"]
