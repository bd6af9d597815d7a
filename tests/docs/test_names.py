"""Parameters, settings, events and other names in the documentation are those of the code."""

import json
import re
from functools import cache

import pytest

from local.infrastructure.document import INFRASTRUCTURE
from local.infrastructure.templates import read_templates
from shared.settings import Settings
from shared.values.event_catalogue import Event, Facts
from tests.docs.documents import ALL, Document
from tests.examples import FORM_SETTINGS, ROOT

_CAMEL = re.compile(r"[a-z]+(?:[A-Z][A-Za-z0-9]*)+")
_SNAKE = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)+")
_SETTING = re.compile(r"\b(?:DOI|LINKEDIN|SMTP|ACS|DATAVERSE|FORM)_[A-Z0-9_]*[A-Z0-9]\b")
_OF_THE_COMMAND_LINE = {"DOI_FUNCTION_KEY"}
# https://learn.microsoft.com/azure/azure-functions/functions-host-json; what `az storage` prints.
_OF_AZURE = {"enableQueryStringTracing", "nextMarker"}
_PRIVILEGE = re.compile(r"prv[A-Z]\w+")  # of Dataverse: tests/dataverse_setup looks at them


@cache
def parameters() -> frozenset[str]:
    """Of a deployment."""
    return frozenset(read_templates(INFRASTRUCTURE).main.parameters)


@cache
def azd_names() -> frozenset[str]:
    given = json.loads((INFRASTRUCTURE / "main.parameters.json").read_text(encoding="utf-8"))
    values = json.dumps(given["parameters"])
    return frozenset(re.findall(r"\$\{(\w+)\}", values))


@cache
def words_of_the_code() -> frozenset[str]:
    """Every word in what is deployed, what deploys it, and the files that both read."""
    files = [
        *(ROOT / "infra").rglob("*.bicep"),
        *(ROOT / "infra" / "queries").glob("*.kql"),
        *(ROOT / "shared").rglob("*.py"),
        *(ROOT / "functions").glob("*.py"),
        *(ROOT / "forms").glob("*.json"),
        *(ROOT / "shared" / "web").glob("*.json"),
        ROOT / "host.json",
    ]
    words = set()
    for file in files:
        words |= set(re.findall(r"\w+", file.read_text(encoding="utf-8")))
    camel = {re.sub(r"_([a-z0-9])", lambda found: found[1].upper(), word) for word in words}
    return frozenset(words | camel)


def deployed_with(each: Document) -> set[str]:
    """Names that are given a value, as `mailDomain = 'news.contoso.com'`."""
    inline = [found[1] for code in each.inline_code if (found := re.match(r"(\w+) = ", code))]
    files = [block.code for block in each.blocks if block.language in {"bicep", "bicepparam"}]
    return {*inline, *re.findall(r"^param (\w+) =", "\n".join(files), re.MULTILINE)}


def unknown_names(each: Document) -> set[str]:
    """In camel case: of parameters, outputs, form files, columns …"""
    named = {code for code in each.inline_code if _CAMEL.fullmatch(code)}
    named = {name for name in named if not _PRIVILEGE.fullmatch(name)}
    return named - words_of_the_code() - _OF_AZURE


def unknown_settings(each: Document) -> set[str]:
    known = {str(field.alias) for field in Settings.model_fields.values()}
    known |= set(FORM_SETTINGS) | _OF_THE_COMMAND_LINE | azd_names()
    return set(_SETTING.findall(each.text)) - known


@pytest.mark.parametrize("name", ALL)
def test_what_is_deployed_with_is_a_parameter(name: str) -> None:
    assert deployed_with(ALL[name]) - parameters() == set()


@pytest.mark.parametrize("name", ALL)
def test_names_are_words_of_the_code(name: str) -> None:
    assert unknown_names(ALL[name]) == set()


@pytest.mark.parametrize("name", ALL)
def test_settings_are_the_apps(name: str) -> None:
    assert unknown_settings(ALL[name]) == set()


@pytest.mark.parametrize("name", ALL)
def test_azd_is_told_what_it_hands_on(name: str) -> None:
    assert set(re.findall(r"azd env set (\w+)", ALL[name].text)) <= azd_names()


@pytest.mark.parametrize("name", ["docs/operations.md", "docs/first-day.md"])
def test_the_runbooks_name_events_facts_and_functions(name: str) -> None:
    each = ALL[name]
    named = {code for code in each.inline_code if _SNAKE.fullmatch(code)}
    named = {name for name in named if not name.startswith("msdynmkt_")}
    functions = re.findall(
        r'function_name\("(\w+)"\)',
        "".join(path.read_text(encoding="utf-8") for path in (ROOT / "functions").glob("*.py")),
    )
    assert named - {*Event, *Facts.__annotations__, *functions} == set()


def test_slips_are_found() -> None:
    text = (
        "Deploy with `mailDomian = 'a'` and `mailDomain`; `mailDomian` and `DOI_PEPER`.\n\n"
        "```bicep\nparam mailSendr = 'a'\n```\n"
    )
    each = Document(name="a.md", text=text)
    assert deployed_with(each) - parameters() == {"mailDomian", "mailSendr"}
    assert unknown_names(each) == {"mailDomian"}
    assert unknown_settings(each) == {"DOI_PEPER"}
