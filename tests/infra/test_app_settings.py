"""Every setting that the app reads is given by the templates, and no other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from local.infrastructure.document import DOCUMENT, INFRASTRUCTURE
from local.infrastructure.files import read_bicep
from tests.infra.app_settings import (
    LOCALLY_ONLY,
    NEVER_ON_FLEX,
    OF_AZURE_FUNCTIONS,
    given_by,
    of_the_app,
    of_the_sample_forms,
)

if TYPE_CHECKING:
    from local.infrastructure.templates import Templates
    from tests.infra.conftest import Break

SAMPLES = sorted(file.name for file in INFRASTRUCTURE.glob("*.bicepparam"))


def missing(templates: Templates) -> set[str]:
    return of_the_app() - LOCALLY_ONLY - set(given_by(templates))


def nobody_reads(templates: Templates) -> set[str]:
    read = of_the_app() | OF_AZURE_FUNCTIONS | of_the_sample_forms()
    return set(given_by(templates)) - (read - LOCALLY_ONLY)


def forbidden(templates: Templates) -> list[str]:
    return [name for name in given_by(templates) if NEVER_ON_FLEX.fullmatch(name)]


def test_every_setting_is_given(templates: Templates) -> None:
    assert missing(templates) == set()


def test_no_setting_is_given_that_nobody_reads(templates: Templates) -> None:
    assert nobody_reads(templates) == set()


def test_no_setting_is_given_that_flex_consumption_forbids(templates: Templates) -> None:
    assert forbidden(templates) == []


def test_no_setting_is_both_a_default_and_made_from_parameters(templates: Templates) -> None:
    variables = templates.files["app-settings.bicep"].variables
    assert not set(variables["defaults"].value) & set(variables["given"].value)


def test_what_follows_from_parameters_wins(templates: Templates) -> None:
    """Or a form's settings could replace the pepper."""
    settings = templates.files["app-settings.bicep"].resources["settings"]
    order = "union(defaults, formSettings, furtherSettings, given)"
    assert str(settings.body["properties"]) == order


@pytest.mark.parametrize("name", SAMPLES)
def test_the_samples_give_what_the_sample_forms_need(templates: Templates, name: str) -> None:
    given = read_bicep(INFRASTRUCTURE / name).variables
    by_the_template = {each for each in given_by(templates) if each.startswith("FORM_")}
    assert set(given["formSettings"].value) == of_the_sample_forms() - by_the_template


@pytest.mark.parametrize("name", SAMPLES)
def test_further_settings_of_the_samples_exist_and_are_not_made_from_parameters(
    templates: Templates, name: str
) -> None:
    further = read_bicep(INFRASTRUCTURE / name).variables.get("furtherSettings")
    defaults = templates.files["app-settings.bicep"].variables["defaults"].value
    assert set(further.value if further else ()) <= set(defaults)


def test_the_docs_name_every_secret_with_its_setting(templates: Templates) -> None:
    made = templates.files["secrets.bicep"].resources
    names = {"pepper": made["pepperSecret"], "tokenKeys": made["tokenKeysSecret"]}
    secrets = {}
    for setting, value in given_by(templates).items():
        for symbol in re.findall(r"\$\{vaultReference\}\$\{secretNames\.(\w+)\}\)", value):
            secrets[names[symbol].body["name"]] = setting
        for name in re.findall(r"\$\{vaultReference\}([a-z-]+)\)", value):
            secrets[name] = setting
    text = DOCUMENT.read_text(encoding="utf-8").split("\n## Secrets\n")[1].split("\n## ")[0]
    documented = dict(re.findall(r"^\| `([a-z-]+)` \| `(\w+)` \|", text, re.MULTILINE))
    assert documented == secrets
    assert len(secrets) == 7


def test_a_forgotten_setting_is_found(broken: Break) -> None:
    templates = broken("app-settings.bicep", "  DOI_CLAIM_SECONDS: ''\n", "")

    assert missing(templates) == {"DOI_CLAIM_SECONDS"}


def test_a_misspelled_setting_is_found(broken: Break) -> None:
    templates = broken("app-settings.bicep", "DATAVERSE_URL:", "DATAVERSE_URI:")

    assert missing(templates) == {"DATAVERSE_URL"}
    assert nobody_reads(templates) == {"DATAVERSE_URI"}


@pytest.mark.parametrize(
    "name", ["FUNCTIONS_WORKER_RUNTIME", "SCM_DO_BUILD_DURING_DEPLOYMENT", "WEBSITE_CONTENTSHARE"]
)
def test_a_forbidden_setting_is_found(broken: Break, name: str) -> None:
    templates = broken("app-settings.bicep", "  DOI_CLAIM_SECONDS: ''\n", f"  {name}: ''\n")

    assert forbidden(templates) == [name]


def test_a_connection_string_for_storage_is_found(broken: Break) -> None:
    templates = broken(
        "app-settings.bicep", "AzureWebJobsStorage__clientId: ", "AzureWebJobsStorage: "
    )

    assert nobody_reads(templates) == {"AzureWebJobsStorage"}
