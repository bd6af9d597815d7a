"""The parts that an Azure Workbook is made of, as its JSON wants them.

https://learn.microsoft.com/azure/azure-monitor/visualize/workbooks-overview; Microsoft's schema
(microsoft/Application-Insights-Workbooks, schema/workbook.json) says little about their contents.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Item = dict[str, Any]
COMPONENT = "microsoft.insights/components"
TIME = "TimeRange"
TAB = "Tab"
_DAY = 24 * 60 * 60 * 1000
_PARAMETERS, _TEXT, _QUERY, _LINKS = 9, 1, 3, 11


def text(name: str, markdown: str, tab: str | None = None) -> Item:
    """A paragraph."""
    return _on(tab, {"type": _TEXT, "content": {"json": markdown}, "name": name})


def tabs(labels: Mapping[str, str]) -> Item:
    """Which part of the workbook is shown; the first one at first."""
    links = [
        {
            "id": _id(f"tab {value}"),
            "cellValue": TAB,
            "linkTarget": "parameter",
            "linkLabel": label,
            "subTarget": value,
            "style": "link",
        }
        for value, label in labels.items()
    ]
    content = {"version": "LinkItem/1.0", "style": "tabs", "links": links}
    return {"type": _LINKS, "content": content, "name": "tabs"}


def parameters(name: str, given: Sequence[Item], tab: str | None = None) -> Item:
    """A row of things to choose."""
    content = {
        "version": "KqlParameterItem/1.0",
        "parameters": list(given),
        "style": "pills",
        "queryType": 0,
        "resourceType": COMPONENT,
    }
    return _on(tab, {"type": _PARAMETERS, "content": content, "name": name})


def time_range(label: str, days: Sequence[int], default: int) -> Item:
    """How far back."""
    return _parameter(TIME, label) | {
        "type": 4,
        "isRequired": True,
        "typeSettings": {
            "selectableValues": [{"durationMs": each * _DAY} for each in days],
            "allowCustom": True,
        },
        "value": {"durationMs": default * _DAY},
    }


def choice_of_query(name: str, label: str, query: str) -> Item:
    """One of what a query returns: columns value, label, selected."""
    return _choice(name, label) | {
        "query": query,
        "timeContextFromParameter": TIME,
        "queryType": 0,
        "resourceType": COMPONENT,
    }


def choice_of(name: str, label: str, values: Mapping[str, str]) -> Item:
    """One of these values."""
    data = [{"value": value, "label": shown} for value, shown in values.items()]
    return _choice(name, label) | {"jsonData": json.dumps(data)}


def typed(name: str, label: str, description: str) -> Item:
    """Something to type."""
    return _parameter(name, label) | {"type": 1, "description": description, "value": ""}


@dataclass(frozen=True, kw_only=True)
class Chart:
    """How an answer is shown. `shown_as` is Azure's word for it; `width` is in percent."""

    title: str
    shown_as: str
    width: int
    empty: str
    more: Mapping[str, Any]


def query(name: str, asked: str, chart: Chart, tab: str) -> Item:
    """A table or chart of what a query answers."""
    content = {
        "version": "KqlItem/1.0",
        "query": asked,
        "size": 0,
        "title": chart.title,
        "noDataMessage": chart.empty,
        "timeContextFromParameter": TIME,
        "showExportToExcel": chart.shown_as == "table",
        "queryType": 0,
        "resourceType": COMPONENT,
        "visualization": chart.shown_as,
        **chart.more,
    }
    item = {"type": _QUERY, "content": content, "customWidth": str(chart.width), "name": name}
    return _on(tab, item)


def bars(*columns: str) -> dict[str, Any]:
    """Numbers of these columns are drawn as bars."""
    bar = {"formatter": 3, "formatOptions": {"palette": "blue"}}
    return {"gridSettings": {"formatters": [{"columnMatch": each, **bar} for each in columns]}}


def picks(column: str, parameter: str) -> dict[str, Any]:
    """Whoever clicks a row sets the parameter."""
    return {
        "exportFieldName": column,
        "exportParameterName": parameter,
        "exportDefaultValue": "",
        "gridSettings": {"filter": True},
    }


def workbook(items: Sequence[Item], resource: str) -> Item:
    """The whole of it; `resource` is asked when nobody has chosen another."""
    return {
        "version": "Notebook/1.0",
        "items": list(items),
        "fallbackResourceIds": [resource],
        "$schema": "https://github.com/Microsoft/Application-Insights-Workbooks/blob/master/"
        "schema/workbook.json",
    }


def _choice(name: str, label: str) -> Item:
    return _parameter(name, label) | {
        "type": 2,
        "isRequired": True,
        "typeSettings": {"additionalResourceOptions": [], "showDefault": False},
        "value": "*",
    }


def _parameter(name: str, label: str) -> Item:
    identity = {"id": _id(f"parameter {name}"), "version": "KqlParameterItem/1.0"}
    return identity | {"name": name, "label": label}


def _on(tab: str | None, item: Item) -> Item:
    if tab is None:
        return item
    shown = {"parameterName": TAB, "comparison": "isEqualTo", "value": tab}
    return item | {"conditionalVisibility": shown}


def _id(what: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"double-opt-in/workbook/{what}"))
