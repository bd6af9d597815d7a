"""Form files to break: a complete definition, and a folder to write it to."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from shared.form_files import load_forms, read_form
from shared.texts.languages import languages
from shared.values.form import Form
from tests.examples import FORM_SETTINGS, ROOT

Definition = dict[str, Any]
Change = Callable[[Definition], Any]


def whitepaper() -> Definition:
    """The sample form with every kind of field, as its file has it."""
    definition: Definition = json.loads((ROOT / "forms" / "whitepaper.json").read_bytes())
    return definition


def write(folder: Path, change: Change | None = None, name: str = "whitepaper") -> Path:
    """The sample form, changed, as a file."""
    definition = whitepaper() | {"id": name}
    if change:
        change(definition)
    file = folder / f"{name}.json"
    file.write_text(json.dumps(definition), encoding="utf-8")
    return file


def changed(folder: Path, change: Change | None = None) -> Form:
    """The sample form after a change."""
    return read_form(write(folder, change), FORM_SETTINGS, languages())


def mistakes(folder: Path, change: Change) -> list[tuple[str, str]]:
    """Pointer and reason of each mistake that the change made."""
    write(folder, change)
    broken = load_forms(folder, FORM_SETTINGS, languages()).broken
    assert {mistake.file for mistake in broken} <= {"whitepaper.json"}
    return [(mistake.pointer, mistake.reason) for mistake in broken]
