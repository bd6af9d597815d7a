"""`forms/form.schema.json` is what the model says, and what editors check form files with."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from shared.form_files import SCHEMA_FILE, form_schema
from tests.examples import FORM_SETTINGS, ROOT, sample_forms
from tests.values.form_definitions import whitepaper

FORMS = ROOT / "forms"
SCHEMA: dict[str, Any] = json.loads((FORMS / SCHEMA_FILE).read_bytes())


def mistakes(definition: Any) -> list[str]:
    return [error.json_path for error in Draft202012Validator(SCHEMA).iter_errors(definition)]


def test_the_file_is_what_the_model_says() -> None:
    assert (FORMS / SCHEMA_FILE).read_text(encoding="utf-8") == form_schema(), (
        "run: python -m shared.form_files"
    )


def test_it_is_a_json_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", sorted(sample_forms()))
def test_an_editor_finds_nothing_wrong_with_the_sample_forms(name: str) -> None:
    text = (FORMS / f"{name}.json").read_text(encoding="utf-8")
    assert mistakes(json.loads(text)) == []
    for setting, value in FORM_SETTINGS.items():
        text = text.replace(f"%{setting}%", value)
    assert mistakes(json.loads(text)) == []


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"surprise": 1}, "$"),
        ({"state": "live"}, "$.state"),
        ({"id": "White Paper"}, "$.id"),
        ({"fields": []}, "$.fields"),
        ({"honeypot": "%DOI_PEPPER%"}, "$.honeypot"),
    ],
)
def test_an_editor_finds_mistakes(change: dict[str, Any], place: str) -> None:
    assert mistakes(whitepaper() | change) == [place]


def test_an_editor_offers_help() -> None:
    text_field = SCHEMA["$defs"]["TextField"]["properties"]
    assert text_field["column"]["description"] == (
        "where the answer goes; without it, it reaches only the trigger"
    )
    assert SCHEMA["properties"]["$schema"]
