"""Parameters and outputs: described, used, and passed where they are needed."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from local.infrastructure.document import INFRASTRUCTURE
from local.infrastructure.files import read_bicep
from local.infrastructure.templates import MAIN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.infrastructure.templates import Templates
    from tests.infra.conftest import Break

SAMPLES = sorted(file.name for file in INFRASTRUCTURE.glob("*.bicepparam"))
AZD = INFRASTRUCTURE / "main.parameters.json"
# azd's own; all others are called after their parameter.
AZD_NAMES = {"location": "AZURE_LOCATION", "environmentName": "AZURE_ENV_NAME"}


def undescribed(templates: Templates) -> list[str]:
    return [
        f"{path}: {declared.name}"
        for path, file in templates.files.items()
        for declared in (*file.parameters.values(), *file.outputs.values())
        if not declared.description
    ]


def unused(templates: Templates) -> list[str]:
    return [
        f"{path}: {name}"
        for path, file in templates.files.items()
        for name in (*file.parameters, *file.variables)
        if name not in file.names_used()
    ]


def unused_outputs(templates: Templates) -> list[str]:
    """Of modules; what main.bicep gives out is for people."""
    asked = {
        (templates.path_of(file, file.modules[name]), output)
        for file in templates.files.values()
        for name, output in re.findall(
            r"(\w+)!?\.outputs\.(\w+)", file.path.read_text(encoding="utf-8")
        )
    }
    return [
        f"{path}: {output}"
        for path, file in templates.files.items()
        for output in file.outputs
        if path != MAIN and (path, output) not in asked
    ]


def wrong_calls(templates: Templates) -> Iterator[str]:
    called = {MAIN}
    for path, module, target in templates.calls():
        called.add(target)
        if target not in templates.files:
            yield f"{path}: {module.name} calls {target}, which is not there"
            continue
        parameters, given = templates.files[target].parameters, module.body["params"]
        needed = {name for name, parameter in parameters.items() if not parameter.has_value}
        yield from (f"{path}: {module.name} lacks {name}" for name in sorted(needed - given.keys()))
        yield from (
            f"{path}: {module.name} gives {name}, which {target} does not have"
            for name in sorted(given.keys() - parameters.keys())
        )
    yield from (f"{path} is called by nobody" for path in templates.files.keys() - called)


def test_everything_is_described(templates: Templates) -> None:
    assert undescribed(templates) == []


def test_everything_is_used(templates: Templates) -> None:
    assert unused(templates) == []
    assert unused_outputs(templates) == []


def test_every_call_gives_what_the_module_needs_and_nothing_else(templates: Templates) -> None:
    assert list(wrong_calls(templates)) == []


@pytest.mark.parametrize("name", SAMPLES)
def test_the_samples_give_what_is_needed_and_nothing_unknown(
    templates: Templates, name: str
) -> None:
    parameters = templates.main.parameters
    given = read_bicep(INFRASTRUCTURE / name).variables
    assert {each for each, parameter in parameters.items() if not parameter.has_value} <= set(given)
    assert set(given) <= set(parameters)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_values_of_the_samples_are_allowed(templates: Templates, name: str) -> None:
    for given in read_bicep(INFRASTRUCTURE / name).variables.values():
        decorators = templates.main.parameters[given.name].decorators
        if "allowed" in decorators:
            assert given.value in decorators["allowed"].arguments[0]
        if "minValue" in decorators:
            assert given.value >= decorators["minValue"].arguments[0]
        if "maxLength" in decorators:
            assert len(given.value) <= decorators["maxLength"].arguments[0]


def test_the_defaults_are_allowed(templates: Templates) -> None:
    for parameter in templates.main.parameters.values():
        allowed = parameter.decorators.get("allowed")
        if allowed and parameter.has_value:
            assert parameter.value in allowed.arguments[0]


def test_azd_can_give_every_parameter(templates: Templates) -> None:
    parameters = json.loads(AZD.read_bytes())["parameters"]
    assert set(parameters) == set(templates.main.parameters) - {"tags"}
    for name, given in parameters.items():
        snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).upper()
        assert given == {"value": f"${{{AZD_NAMES.get(name, snake)}}}"}


def test_each_sentence_about_a_mistake_begins_with_its_parameter(templates: Templates) -> None:
    sentences = [str(each) for each in templates.main.variables["mistakes"].value]
    named = [re.findall(r"'(\w+): ", sentence) for sentence in sentences]
    assert len(sentences) == 10
    assert all(len(names) == 1 and names[0] in templates.main.parameters for names in named)


def test_a_mistake_stops_everything(templates: Templates) -> None:
    """All places come from the variable that fails."""
    main = templates.main
    assert str(main.variables["place"].value) == "empty(mistake) ? location : fail(mistake)"
    placed = [main.resources["identity"].body, *(m.body["params"] for m in main.modules.values())]
    places = {str(body["location"]) for body in placed if "location" in body}
    assert places == {"place"}


def test_the_region_is_one_of_a_list_and_says_where_the_list_comes_from(
    templates: Templates,
) -> None:
    location = templates.main.parameters["location"]
    regions = location.decorators["allowed"].arguments[0]
    assert len(regions) == len(set(regions)) == 31
    assert "az functionapp list-flexconsumption-locations" in location.description


def test_a_missing_description_is_found(broken: Break) -> None:
    templates = broken("vault.bicep", "@description('Name of the vault.')\nparam", "param")

    assert undescribed(templates) == ["vault.bicep: name"]


def test_what_is_unused_is_found(broken: Break) -> None:
    templates = broken("vault.bicep", "workspaceId: workspaceId", "workspaceId: 'x'")

    assert unused(templates) == ["vault.bicep: workspaceId"]


def test_an_unused_output_is_found(broken: Break) -> None:
    templates = broken("main.bicep", "storageAccountId: storage.outputs.id", "storageAccountId: ''")

    assert unused_outputs(templates) == ["storage.bicep: id"]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("    recover: recoverKeyVault\n", "", "main.bicep: vault lacks recover"),
        (
            "    recover: recoverKeyVault\n",
            "    recover: recoverKeyVault\n    restore: true\n",
            "main.bicep: vault gives restore, which vault.bicep does not have",
        ),
        ("'vault.bicep'", "'safe.bicep'", "main.bicep: vault calls safe.bicep, which is not there"),
    ],
)
def test_a_wrong_call_is_found(broken: Break, old: str, new: str, complaint: str) -> None:
    assert complaint in list(wrong_calls(broken("main.bicep", old, new)))
