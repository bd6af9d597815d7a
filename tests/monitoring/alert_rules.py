"""The alert rules of infra/monitoring/main.bicep, as a deployment would make them."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from tests.examples import ROOT
from tests.monitoring.bicep_values import parameters_of, variables_of
from tests.monitoring.kql import Scope

MONITORING = ROOT / "infra" / "monitoring"
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
    values = variables_of(source, MONITORING, {**_GIVEN, **(changed or {})})
    return [Rule(**rule) for rule in values["wantedRules"]]


def thresholds() -> dict[str, int]:
    """The defaults of the parameters that are numbers."""
    return {name: value for name, value in parameters_of(SOURCE).items() if isinstance(value, int)}
