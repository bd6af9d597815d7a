"""Reads the forms of a folder. `python -m shared.form_files` writes the JSON Schema beside them.

`%FORM_NAME%` in any text of a form stands for the setting of that name, as Azure Functions
writes settings in bindings: GUIDs and trigger names differ between test and production. Only
settings that begin with FORM_ can be named, so that no form can publish a secret.
A `%` before two hexadecimal digits is part of a web address (`/f%C3%BCr`) and is left alone.
"""

import contextlib
import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from shared.broken_form import BrokenForm, mistakes_in, pointer_to
from shared.values.form import Form, State

_SETTING = re.compile(r"%(?![0-9A-Fa-f]{2})([A-Za-z_][A-Za-z0-9_]*)%")
_ANY_SETTING = "^%FORM_[A-Za-z0-9_]+%$"
SCHEMA_FILE = "form.schema.json"


@dataclass(frozen=True, kw_only=True)
class LoadedForms:
    """The forms by id, and the files that are broken."""

    forms: Mapping[str, Form]
    broken: tuple[BrokenForm, ...]


class FormUnreadable(ValueError):
    """A form file that cannot be used; `mistakes` lists why."""

    def __init__(self, mistakes: list[BrokenForm]) -> None:
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = mistakes


def load_forms(
    folder: Path, settings: Mapping[str, str], languages: Collection[str]
) -> LoadedForms:
    """Every `*.json` of the folder but the schema, with settings filled in.

    `languages` are those that the app's own texts exist in.
    """
    forms: dict[str, Form] = {}
    broken: list[BrokenForm] = []
    for file in sorted(folder.glob("*.json")):
        if file.name == SCHEMA_FILE:
            continue
        try:
            forms[file.stem] = read_form(file, settings, languages)
        except FormUnreadable as unreadable:
            broken += unreadable.mistakes
    for mistake in _lead_forms_claimed_twice(forms):
        broken.append(mistake)
        forms.pop(Path(mistake.file).stem, None)
    return LoadedForms(forms=MappingProxyType(forms), broken=tuple(broken))


def _lead_forms_claimed_twice(forms: Mapping[str, Form]) -> list[BrokenForm]:
    """A lead of LinkedIn becomes one registration, so its form can lead to one of ours."""
    claimed: dict[str, str] = {}
    broken = []
    published = {name: form for name, form in forms.items() if form.state is State.PUBLISHED}
    for name, form in published.items():
        for index, mapping in enumerate(form.linked_in.forms if form.linked_in else ()):
            first = claimed.setdefault(mapping.id, name)
            if first != name:
                broken.append(
                    BrokenForm(
                        file=f"{name}.json",
                        pointer=f"/linkedIn/forms/{index}/id",
                        reason=f"lead form {mapping.id} leads to '{first}' already",
                    )
                )
    return broken


def read_form(file: Path, settings: Mapping[str, str], languages: Collection[str]) -> Form:
    """One form. Raises FormUnreadable, with a place and a reason for each mistake.

    What must hold between the parts is looked at once each part is right.
    """

    def mistake(pointer: str, reason: str) -> BrokenForm:
        return BrokenForm(file=file.name, pointer=pointer, reason=reason)

    try:
        definition = json.loads(file.read_bytes(), object_pairs_hook=_without_repeated_keys)
    except (OSError, ValueError) as error:
        raise FormUnreadable([mistake("", f"is not readable JSON: {error}")]) from error
    missing: dict[str, str] = {}
    definition = _filled_in(definition, settings, "", missing)
    # A setting that is missing is told once, at the first of its places.
    places = {reason: pointer for pointer, reason in reversed(missing.items())}
    broken = [mistake(pointer, reason) for reason, pointer in reversed(places.items())]
    try:
        form = Form.model_validate(definition)
    except ValidationError as error:
        found = mistakes_in(file.name, definition, error)
        broken += [each for each in found if each.pointer not in missing]
        raise FormUnreadable(broken) from error
    if form.id != file.stem:
        broken.append(mistake("/id", f"is '{form.id}', but the file is called '{file.name}'"))
    spoken = {tag.partition("-")[0] for tag in languages}  # German serves a form in de-AT
    if unknown := [tag for tag in form.languages if tag.partition("-")[0] not in spoken]:
        known = ", ".join(sorted(languages))
        reason = f"no texts in {', '.join(unknown)}; there are {known}"
        broken.append(mistake("/languages", reason))
    if broken:
        raise FormUnreadable(broken)
    return form


def _without_repeated_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """JSON keeps the last of two equal keys, and somebody's text is gone without a word."""
    keys = [key for key, _ in pairs]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise ValueError(f"an object has the same key twice: {', '.join(twice)}")
    return dict(pairs)


def _filled_in(
    value: Any, settings: Mapping[str, str], pointer: str, missing: dict[str, str]
) -> Any:
    """With settings in place of their names; where one cannot be, `missing` gets the reason."""
    if isinstance(value, dict):
        return {
            key: _filled_in(inner, settings, pointer + pointer_to(key), missing)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [
            _filled_in(inner, settings, f"{pointer}/{index}", missing)
            for index, inner in enumerate(value)
        ]
    if not isinstance(value, str):
        return value

    def setting(match: re.Match[str]) -> str:
        name = match[1]
        if not name.startswith("FORM_"):
            missing[pointer] = f"%{name}%: only settings that begin with FORM_ go here"
        elif not settings.get(name):
            missing[pointer] = f"the setting {name} is missing"
        else:
            return settings[name]
        return match[0]

    return _SETTING.sub(setting, value)


def settings_in(folder: Path) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Which settings the forms of the folder name, and where: form → JSON pointer → names.

    Files that cannot be read are left out: loading them says why.
    """
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for file in sorted(folder.glob("*.json")):
        if file.name != SCHEMA_FILE:
            with contextlib.suppress(OSError, ValueError):
                found[file.stem] = dict(_settings_named(json.loads(file.read_bytes()), ""))
    return MappingProxyType(found)


def _settings_named(value: Any, pointer: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _settings_named(inner, pointer + pointer_to(key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _settings_named(inner, f"{pointer}/{index}")
    elif isinstance(value, str) and (names := tuple(_SETTING.findall(value))):
        yield pointer, names


def form_schema() -> str:
    """The JSON Schema of a form file, for editors: completion and checks while typing."""
    schema = _or_setting(Form.model_json_schema(by_alias=True))
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _or_setting(schema: Any) -> Any:
    """Wherever a text has a pattern, `%FORM_NAME%` will do as well: an editor sees it unfilled."""
    if isinstance(schema, list):
        return [_or_setting(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    wider = {name: _or_setting(part) for name, part in schema.items()}
    pattern = schema.get("pattern")
    if isinstance(pattern, str) and not re.search(pattern, "%FORM_NAME%"):
        wider["pattern"] = f"{pattern}|{_ANY_SETTING}"
    return wider


if __name__ == "__main__":
    (Path(__file__).parents[1] / "forms" / SCHEMA_FILE).write_text(form_schema(), encoding="utf-8")
