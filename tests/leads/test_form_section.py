"""The section `linkedIn` of a form file: each rule broken once, with its place and reason."""

import json
from pathlib import Path
from typing import Any

import pytest

from shared.form_files import load_forms
from shared.texts.languages import languages
from tests.examples import FORM_SETTINGS, ROOT, sample_forms

Definition = dict[str, Any]


def newsletter(**section: Any) -> Definition:
    """The sample form, with a section that has some keys of its first lead form changed."""
    form: Definition = json.loads((ROOT / "forms" / "newsletter.json").read_bytes())
    mapping = form["linkedIn"]["forms"][0]
    form["linkedIn"]["forms"] = [{**mapping, **section}]
    return form


def broken(folder: Path, *forms: Definition) -> list[tuple[str, str, str]]:
    for form in forms:
        (folder / f"{form['id']}.json").write_text(json.dumps(form), encoding="utf-8")
    loaded = load_forms(folder, FORM_SETTINGS, languages())
    return [(mistake.file, mistake.pointer, mistake.reason) for mistake in loaded.broken]


def test_the_sample_has_one() -> None:
    section = sample_forms()["newsletter"].linked_in
    assert section is not None
    assert [mapping.id for mapping in section.forms] == ["7236142859205541889", "3162"]
    assert section.columns == {"new_signupsource": "LinkedIn"}


def test_an_unbroken_one(tmp_path: Path) -> None:
    assert broken(tmp_path, newsletter(versions=[1, 2])) == []


@pytest.mark.parametrize(
    ("section", "pointer", "words"),
    [
        ({"id": 7236142859205541889}, "/linkedIn/forms/0/id", "string"),
        ({"id": "urn:li:leadGenForm:1"}, "/linkedIn/forms/0/id", "pattern"),
        ({"fields": {"shoeSize": {"label": "x"}}}, "/linkedIn/forms/0/fields", "shoeSize"),
        ({"consents": {}}, "/linkedIn/forms/0/consents", "newsletter"),
        ({"consents": {"newsletter": 1, "other": 2}}, "/linkedIn/forms/0/consents", "other"),
        ({"versions": [0]}, "/linkedIn/forms/0/versions/0", "greater"),
        (
            {"fields": {"firstName": {"predefinedField": "SHOE_SIZE"}}},
            "/linkedIn/forms/0/fields/firstName/predefinedField",
            "FIRST_NAME",
        ),
        (
            {"fields": {"firstName": {"predefinedField": "FIRST_NAME", "label": "x"}}},
            "/linkedIn/forms/0/fields/firstName",
            "not both",
        ),
        ({"fields": {"firstName": {}}}, "/linkedIn/forms/0/fields/firstName", "'label'"),
        ({"colour": "blue"}, "/linkedIn/forms/0/colour", ""),
    ],
)
def test_a_mistake_is_told_with_its_place(
    tmp_path: Path, section: Definition, pointer: str, words: str
) -> None:
    [(file, where, reason)] = broken(tmp_path, newsletter(**section))
    assert (file, where) == ("newsletter.json", pointer)
    assert words in reason


def test_required_fields_need_a_question(tmp_path: Path) -> None:
    form = newsletter(fields={})
    form["fields"][1]["required"] = True
    [(_, pointer, reason)] = broken(tmp_path, form)
    assert pointer == "/linkedIn/forms/0/fields"
    assert "firstName" in reason


def test_a_column_has_one_source(tmp_path: Path) -> None:
    form = newsletter()
    form["linkedIn"]["columns"] = {"firstname": "LinkedIn"}
    [(_, pointer, reason)] = broken(tmp_path, form)
    assert pointer == "/linkedIn/columns"
    assert "firstname" in reason


def test_one_checkbox_for_each_consent(tmp_path: Path) -> None:
    form = newsletter(consents={"newsletter": 1, "more": 1})
    form["consents"].append(form["consents"][0] | {"id": "more", "required": False})
    [(_, pointer, reason)] = broken(tmp_path, form)
    assert pointer == "/linkedIn/forms/0/consents"
    assert "same checkbox" in reason


def test_a_lead_form_leads_to_one_published_form(tmp_path: Path) -> None:
    other = newsletter() | {"id": "other"}
    [(file, pointer, reason)] = broken(tmp_path, newsletter(), other)
    assert (file, pointer) == ("other.json", "/linkedIn/forms/0/id")
    assert "'newsletter'" in reason
    assert set(load_forms(tmp_path, FORM_SETTINGS, languages()).forms) == {"newsletter"}


def test_a_draft_may_name_it_too(tmp_path: Path) -> None:
    draft = newsletter() | {"id": "a-draft", "state": "draft"}
    assert broken(tmp_path, newsletter(), draft) == []


def test_twice_in_one_form(tmp_path: Path) -> None:
    form = newsletter()
    form["linkedIn"]["forms"] *= 2
    [(_, pointer, reason)] = broken(tmp_path, form)
    assert pointer == "/linkedIn/forms"
    assert "7236142859205541889" in reason
