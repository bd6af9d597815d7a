"""Log queries as Microsoft's parser sees them (npm's @kusto/language-service-next)."""

import json
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from local.stack.prerequisites import find_node
from tests.examples import ROOT

QUERIES = ROOT / "infra" / "queries"
_PARSER = ROOT / "local" / "node" / "node_modules" / "@kusto" / "language-service-next"
_SCRIPT = Path(__file__).with_name("analyse_kql.cjs")


class Scope(StrEnum):
    """What a query is run on: the Application Insights resource, or the workspace beneath it."""

    COMPONENT = "component"
    WORKSPACE = "workspace"


# The columns that every table of Application Insights has.
# https://learn.microsoft.com/azure/azure-monitor/app/data-model-complete
_ALL = (
    "timestamp: datetime, itemType: string, customDimensions: dynamic, "
    "customMeasurements: dynamic, "
    "operation_Name: string, operation_Id: string, operation_ParentId: string, "
    "operation_SyntheticSource: string, session_Id: string, user_Id: string, "
    "application_Version: string, client_Type: string, client_IP: string, cloud_RoleName: string, "
    "cloud_RoleInstance: string, appId: string, appName: string, iKey: string, sdkVersion: string, "
    "itemId: string, itemCount: int, _ResourceId: string"
)
TABLES: Mapping[Scope, Mapping[str, str]] = {
    Scope.COMPONENT: {
        "traces": f"({_ALL}, message: string, severityLevel: int)",
        "requests": f"({_ALL}, id: string, source: string, name: string, url: string, "
        "success: string, resultCode: string, duration: real, performanceBucket: string)",
        "exceptions": f"({_ALL}, problemId: string, type: string, message: string, "
        "method: string, assembly: string, outerType: string, outerMessage: string, "
        "innermostType: string, innermostMessage: string, severityLevel: int, details: dynamic)",
    },
    # https://learn.microsoft.com/azure/azure-monitor/logs/monitor-workspace#columns
    Scope.WORKSPACE: {
        "_LogOperation": "(TimeGenerated: datetime, Category: string, Operation: string, "
        "Level: string, Detail: string, _ResourceId: string, Computer: string, "
        "CorrelationId: string)",
    },
}


class Query(NamedTuple):
    """A log query, by the name that a failure is to say."""

    name: str
    text: str
    scope: Scope = Scope.COMPONENT


class Analysis(NamedTuple):
    """`wrong` is one line for each diagnostic; `columns` are the types of the result, by name."""

    query: Query
    wrong: tuple[str, ...]
    columns: Mapping[str, str]
    tokens: Sequence[str]


def query_files() -> list[Query]:
    """All of infra/queries."""
    return [
        Query(
            name=file.name,
            text=file.read_text(encoding="utf-8"),
            scope=Scope.WORKSPACE if file.stem == "alert_logs_lost" else Scope.COMPONENT,
        )
        for file in sorted(QUERIES.glob("*.kql"))
    ]


def analysed(queries: Iterable[Query]) -> list[Analysis]:
    """In their order."""
    asked = list(queries)
    question = {"tables": TABLES, "queries": [each._asdict() for each in asked]}
    answer = subprocess.run(  # noqa: S603 - our own script
        [find_node().node, str(_SCRIPT), str(_PARSER)],
        input=json.dumps(question),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    # The end of it: Node shows the whole minified line where something was thrown.
    assert answer.returncode == 0, answer.stderr[-1000:]
    return [
        Analysis(
            query=query,
            wrong=tuple(_sentences(query, found["diagnostics"])),
            columns={column["name"]: column["type"] for column in found["columns"]},
            tokens=found["tokens"],
        )
        for query, found in zip(asked, json.loads(answer.stdout), strict=True)
    ]


def _sentences(query: Query, diagnostics: list[dict[str, Any]]) -> Iterator[str]:
    for each in diagnostics:
        place = f"{query.name}:{each['line']}:{each['column']}"
        yield f"{place} {each['severity']}: {each['message']}"


def events_named(tokens: Sequence[str]) -> set[str]:
    """Names that the query compares `event` with, or that a line has to begin with."""
    found = set()
    for index, token in enumerate(tokens):
        if token.startswith('\'{"event":"'):
            name, closed, _ = token[len('\'{"event":"') :].partition('"')
            found |= {name} if closed else set()
        if token == "event":
            found |= set(_compared(tokens[index + 1 :]))
    return found


def _compared(tokens: Sequence[str]) -> Iterator[str]:
    if tokens[:1] in (["=="], ["!="]) and tokens[1][0] in "\"'":
        yield tokens[1][1:-1]
    elif tokens[:1] in (["in"], ["!in"]):
        for token in tokens[2:]:
            if token == ")":
                return
            if token[0] in "\"'":
                yield token[1:-1]


def facts_read(tokens: Sequence[str], of: str = "e") -> set[str]:
    """Members of the parsed line that the query reads: `e.seconds`, `e["count"]`."""
    found = set()
    for index, token in enumerate(tokens[:-2]):
        if token != of:
            continue
        if tokens[index + 1] == ".":
            found.add(tokens[index + 2])
        elif tokens[index + 1] == "[":
            found.add(tokens[index + 2][1:-1])
    return found
