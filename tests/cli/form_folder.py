"""`doi` about a folder of forms, without anything outside."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli.app import app
from tests.examples import FORM_SETTINGS, ROOT
from tests.words.samples import PUBLIC_URL

Doi = Callable[..., Result]


def doi_on(folder: Path, monkeypatch: pytest.MonkeyPatch, **settings: str) -> Doi:
    """Runs `doi` with the settings of these forms and no others."""
    monkeypatch.setenv("COLUMNS", "200")
    named = {**FORM_SETTINGS, "DOI_PUBLIC_URL": PUBLIC_URL, "DOI_FORMS_FOLDER": str(folder)}

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(app, [*arguments], env={**named, **settings})

    return run


def definition(name: str = "newsletter") -> dict[str, Any]:
    """A form that the repository ships, as its file has it."""
    content: dict[str, Any] = json.loads((ROOT / "forms" / f"{name}.json").read_bytes())
    return content


def write(folder: Path, form: dict[str, Any], name: str | None = None) -> Path:
    """The form as a file that a person could have written."""
    file = folder / f"{name or form['id']}.json"
    file.write_text(json.dumps(form, indent=2, ensure_ascii=False), encoding="utf-8")
    return file
