"""The workbook: what infra/queries asks, with charts that have the columns that they draw."""

import copy
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from local.monitoring.workbook import CHOSEN, RESOURCE, workbook_json
from tests.monitoring.alert_rules import MONITORING, SOURCE
from tests.monitoring.kql import QUERIES, Analysis, Query, analysed, query_files

TEXT = (MONITORING / "workbook.json").read_text(encoding="utf-8")
WORKBOOK: dict[str, Any] = json.loads(TEXT)
FILES = {query.name: query.text for query in query_files()}
TEXT_ITEM, QUERY_ITEM, PARAMETERS_ITEM, LINKS_ITEM = 1, 3, 9, 11
# What a visitor of the workbook may have chosen.
CHOSEN_VALUES = {"Form": "newsletter", "Source": "*", "Registration": "<unset>", "Clicked": "4f0c"}
CHARTS = {item["name"]: item["content"] for item in WORKBOOK["items"] if item["type"] == QUERY_ITEM}
_NUMBERS = {"int", "long", "real"}


def parameters(workbook: dict[str, Any]) -> list[dict[str, Any]]:
    rows = [item for item in workbook["items"] if item["type"] == PARAMETERS_ITEM]
    return [each for item in rows for each in item["content"]["parameters"]]


def filled_in(text: str) -> str:
    """As Azure does: only names of parameters are replaced, and JSON's braces are left alone."""
    return re.sub(r"\{(\w+)\}", lambda found: CHOSEN_VALUES[found[1]], text)


def mistakes(workbook: dict[str, Any]) -> Iterator[str]:
    """What Azure would show as an empty chart, or not at all."""
    items = workbook["items"]
    names = [item["name"] for item in items]
    yield from (f"{name}: two of that name" for name in names if names.count(name) > 1)
    tabs, known = tabs_of(items), settable(workbook)
    for item in items:
        name, content = item["name"], item["content"]
        if item["type"] not in {TEXT_ITEM, QUERY_ITEM, PARAMETERS_ITEM, LINKS_ITEM}:
            yield f"{name}: type {item['type']} is unknown"
        if "conditionalVisibility" in item and item["conditionalVisibility"]["value"] not in tabs:
            yield f"{name}: no tab {item['conditionalVisibility']['value']}"
        asked = re.findall(r"\{(\w+)\}", json.dumps(content))
        yield from (f"{name}: no parameter {each}" for each in asked if each not in known)
        if content.get("timeContextFromParameter", "TimeRange") not in known:
            yield f"{name}: no time"


def tabs_of(items: list[dict[str, Any]]) -> set[str]:
    rows = [item["content"]["links"] for item in items if item["type"] == LINKS_ITEM]
    return {link["subTarget"] for row in rows for link in row}


def settable(workbook: dict[str, Any]) -> set[str]:
    """Parameters that somebody sets: by choosing, or by clicking a row."""
    clicked = {item["content"].get("exportParameterName") for item in workbook["items"]}
    return {each["name"] for each in parameters(workbook)} | (clicked - {None})


@pytest.fixture(scope="module")
def analyses() -> Mapping[str, Analysis]:
    """What Microsoft's parser says of each query as the workbook sends it."""
    asked = {each["name"]: each["query"] for each in parameters(WORKBOOK) if "query" in each}
    asked |= {name: content["query"] for name, content in CHARTS.items()}
    queries = [Query(name, filled_in(text)) for name, text in asked.items()]
    return {each.query.name: each for each in analysed(queries)}


def test_it_is_what_the_queries_make() -> None:
    assert workbook_json(FILES) == TEXT, "run python -m local.monitoring"


def test_a_stale_workbook_is_noticed() -> None:
    changed = FILES | {"funnel.kql": FILES["funnel.kql"] + "| take 1\n"}
    assert workbook_json(changed) != TEXT


def test_every_query_is_shown_and_is_that_of_its_file() -> None:
    """But for alerts' queries, and for what one chooses in the workbook."""
    shown = {each["query"] for each in CHARTS.values()}
    shown |= {each["query"] for each in parameters(WORKBOOK) if "query" in each}
    plain = set()
    for text in shown:
        for default, chosen in CHOSEN.items():
            text = text.replace(chosen, default)  # noqa: PLW2901 - one after the other
        plain.add(text)
    assert plain == {text for name, text in FILES.items() if not name.startswith("alert_")}


def test_what_can_be_chosen_is_asked_for_in_each_query_that_can() -> None:
    for name, content in CHARTS.items():
        file = (QUERIES / f"{name}.kql").read_text(encoding="utf-8")
        for default, chosen in CHOSEN.items():
            assert (default in file) == (chosen in content["query"]), name


def test_nothing_in_it_leads_nowhere() -> None:
    assert list(mistakes(WORKBOOK)) == []


@pytest.mark.parametrize(
    ("where", "value", "said"),
    [
        (("items", 3, "conditionalVisibility", "value"), "tunnel", "funnel: no tab tunnel"),
        (("items", 3, "content", "query"), "{Fomr}", "funnel: no parameter Fomr"),
        (("items", 3, "name"), "poison", "poison: two of that name"),
        (("items", 3, "type"), 33, "funnel: type 33 is unknown"),
        (("items", 3, "content", "timeContextFromParameter"), "Time", "funnel: no time"),
    ],
)
def test_what_leads_nowhere_is_noticed(where: tuple[Any, ...], value: Any, said: str) -> None:
    changed: Any = copy.deepcopy(WORKBOOK)
    part = changed
    for step in where[:-1]:
        part = part[step]
    part[where[-1]] = value
    assert said in list(mistakes(changed))


@pytest.mark.parametrize("name", [*CHARTS, "Form"])
def test_microsofts_parser_has_nothing_against_what_is_sent(
    name: str, analyses: Mapping[str, Analysis]
) -> None:
    assert analyses[name].wrong == ()


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_has_the_columns_that_it_draws(name: str, analyses: Mapping[str, Analysis]) -> None:
    content, columns = CHARTS[name], analyses[name].columns
    kinds = list(columns.values())
    match content["visualization"]:
        case "timechart":
            assert kinds.count("datetime") == 1
            assert _NUMBERS & set(kinds)
        case "piechart":
            assert kinds[0] == "string"
            assert _NUMBERS & set(kinds)
        case shown:
            assert shown == "table"
    formatters = content.get("gridSettings", {}).get("formatters", [])
    assert {each["columnMatch"] for each in formatters} <= set(columns)
    assert content.get("exportFieldName", next(iter(columns))) in columns


def test_a_choice_has_value_label_and_default(analyses: Mapping[str, Analysis]) -> None:
    """https://learn.microsoft.com/azure/azure-monitor/visualize/workbooks-dropdowns."""
    assert list(analyses["Form"].columns) == ["value", "label", "selected"]


def test_the_deployment_says_whose_telemetry_it_shows() -> None:
    assert TEXT.count(RESOURCE) == 1
    assert WORKBOOK["fallbackResourceIds"] == [RESOURCE]
    assert (
        f"replace(loadTextContent('workbook.json'), '{RESOURCE}', applicationInsightsId)" in SOURCE
    )
