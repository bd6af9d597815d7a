import json
import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from shared.texts.catalogue import (
    ERROR_CODES,
    PAGES,
    PAGES_WITH_BUTTON,
    PAGES_WITH_LABEL,
    catalogue,
    direction,
)
from shared.texts.languages import FOLDER, languages
from tests.examples import ROOT
from tests.words.samples import LANGUAGES, placeholders, sentences, write_arabic_catalogue

OTHERS = [language for language in LANGUAGES if language != "en"]

# Familiar forms of address, which no company should use towards a stranger.
FAMILIAR = {
    "de": r"du|dir|dich|dein\w*|euch|euer",
    "fr": r"tu|toi|ton|ta|tes",
    "es": r"tú|tu|tus|te|ti",
    "it": r"tu|tuo|tua|tuoi|tue|ti",
    "nl": r"jij|je|jou|jouw",
}


def texts_of(language: str) -> dict[str, str]:
    return sentences(json.loads((FOLDER / f"{language}.json").read_bytes()))


def test_there_are_the_six_languages_and_english_is_the_fallback() -> None:
    assert set(languages()) == set(LANGUAGES)
    assert languages()[0] == "en"
    assert catalogue("xx") is catalogue("en")
    assert catalogue("de-AT") is catalogue("de")


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_says_the_same_things_with_the_same_placeholders(language: str) -> None:
    english, other = texts_of("en"), texts_of(language)
    assert english.keys() == other.keys()
    assert {p: placeholders(s) for p, s in english.items()} == {
        p: placeholders(s) for p, s in other.items()
    }


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_was_left_in_english(language: str) -> None:
    english, other = texts_of("en"), texts_of(language)
    assert [pointer for pointer in english if english[pointer] == other[pointer]] == []


@pytest.mark.parametrize("language", OTHERS)
def test_people_are_addressed_politely(language: str) -> None:
    familiar = re.compile(rf"\b(?:{FAMILIAR[language]})\b", re.IGNORECASE)
    assert [s for s in texts_of(language).values() if familiar.search(s)] == []


def test_each_placeholder_is_one_that_is_filled_in() -> None:
    allowed = {"/mail/asked": {"date", "time", "host"}, "/mail/validUntil": {"date", "time"}}
    allowed["/mail/code"] = {"code"}
    allowed |= {f"/errors/{code}": {"limit"} for code in ("too_long", "too_short")}
    used = {p: placeholders(s) for p, s in texts_of("en").items() if placeholders(s)}
    assert used == allowed


def test_each_error_code_of_the_program_has_a_sentence_and_no_other() -> None:
    code = re.compile(r"""(?:AnswerRefused\(|\bcode=)\s*"(\w+)\"""")
    raised = {
        match
        for file in (ROOT / "shared").rglob("*.py")
        for match in code.findall(file.read_text(encoding="utf-8"))
    }
    assert raised == ERROR_CODES


def damaged(change: str) -> dict[str, Any]:
    texts: dict[str, Any] = json.loads((FOLDER / "en.json").read_bytes())
    match change:
        case "page missing":
            del texts["pages"]["gone"]
        case "page unknown":
            texts["pages"]["welcome"] = texts["pages"]["gone"]
        case "button missing":
            del texts["pages"]["confirm"]["button"]
        case "button too many":
            texts["pages"]["confirmed"]["button"] = "Buy now"
        case "label missing":
            del texts["pages"]["enterCode"]["label"]
        case "sentence missing":
            del texts["mail"]["ignore"]
        case "sentence unknown":
            texts["mail"]["greeting"] = "Dear customer"
        case "sentence empty":
            texts["mail"]["ignore"] = ""
        case "error missing":
            del texts["errors"]["required"]
    return texts


@pytest.mark.parametrize(
    "change",
    [
        "page missing",
        "page unknown",
        "button missing",
        "button too many",
        "label missing",
        "sentence missing",
        "sentence unknown",
        "sentence empty",
        "error missing",
    ],
)
def test_an_incomplete_catalogue_is_refused(change: str, tmp_path: Path) -> None:
    (tmp_path / "en.json").write_text(json.dumps(damaged(change)), encoding="utf-8")
    with pytest.raises(ValidationError):
        catalogue("en", tmp_path)


def test_a_company_can_add_a_language(tmp_path: Path) -> None:
    folder = write_arabic_catalogue(tmp_path)
    assert languages(folder) == ("ar",)
    texts = catalogue("ar", folder)
    assert set(texts.pages) == PAGES
    assert {name for name, page in texts.pages.items() if page.button} == PAGES_WITH_BUTTON
    assert {name for name, page in texts.pages.items() if page.label} == PAGES_WITH_LABEL


@pytest.mark.parametrize(
    ("language", "expected"),
    [("ar", "rtl"), ("he", "rtl"), ("fa-IR", "rtl"), ("de", "ltr"), ("pt-BR", "ltr")],
)
def test_direction_is_that_of_the_script(language: str, expected: str) -> None:
    assert direction(language) == expected
