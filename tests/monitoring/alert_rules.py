"""The alert rules of infra/monitoring/main.bicep, as a deployment would make them."""

import functools
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from local.infrastructure.document import INFRASTRUCTURE
from local.infrastructure.files import Declaration
from local.infrastructure.templates import Templates, read_templates
from tests.infra.deployment import variable
from tests.monitoring.kql import Scope

MODULE = "monitoring/main.bicep"
MONITORING = INFRASTRUCTURE / "monitoring"
SOURCE = (MONITORING / "main.bicep").read_text(encoding="utf-8")
COMPONENT_ID, WORKSPACE_ID = "the component", "the workspace"
_GIVEN: Mapping[str, Any] = {
    "location": "westeurope",
    "tags": {},
    "namePrefix": "doi-test",
    "applicationInsightsId": COMPONENT_ID,
    "logAnalyticsWorkspaceId": WORKSPACE_ID,
    "alertEmails": ["ops@contoso.example"],
    "linkedInEnabled": True,
    "mailProvider": "acs",
}


class Rule(NamedTuple):
    """A rule as data; `query` is its text with the thresholds in it."""

    name: str
    title: str
    severity: int
    text: str
    query: str
    scope: str
    frequency: str
    window: str
    mute: str
    dimensions: list[dict[str, Any]]

    @property
    def runs_on(self) -> Scope:
        """What its query may ask."""
        return {COMPONENT_ID: Scope.COMPONENT, WORKSPACE_ID: Scope.WORKSPACE}[self.scope]

    @property
    def columns(self) -> list[str]:
        """By which its alerts are split."""
        return [each["name"] for each in self.dimensions]


def rules(changed: Mapping[str, Any] | None = None, source: str = SOURCE) -> list[Rule]:
    """Those that are deployed with these parameters, and the defaults of the others."""
    given = {**_GIVEN, **(changed or {})}
    if source == SOURCE:
        return _rules(_templates(), given)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "infra"
        shutil.copytree(INFRASTRUCTURE, copy)
        (copy / MODULE).write_text(source, encoding="utf-8")
        return _rules(read_templates(copy), given)


def _rules(templates: Templates, given: Mapping[str, Any]) -> list[Rule]:
    return [Rule(**rule) for rule in variable(templates, MODULE, "wantedRules", given)]


@functools.cache
def _templates() -> Templates:
    return read_templates(INFRASTRUCTURE)


def parameters() -> Mapping[str, Declaration]:
    """Of the module, in their order."""
    return _templates().files[MODULE].parameters


def thresholds() -> dict[str, int]:
    """The defaults of the parameters that are numbers."""
    return {name: each.value for name, each in parameters().items() if isinstance(each.value, int)}
