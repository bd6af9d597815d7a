"""What a deployment of main.bicep would make, worked out without Azure.

What only Azure knows (host names, ids of identities) is made up in the form that Azure gives it.
"""

from __future__ import annotations

from collections import ChainMap
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from local.infrastructure.templates import MAIN
from local.infrastructure.values import Expression, Value
from tests.infra.bicep_functions import GROUP
from tests.infra.expressions import Scope, work_out

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from local.infrastructure.files import Block, Declaration, Decorator
    from local.infrastructure.templates import Templates

ENDPOINTS = {
    "Microsoft.Cdn/profiles/afdEndpoints": "doi-app.z01.azurefd.net",
    "Microsoft.Communication/communicationServices": "doi.communication.azure.com",
}
MANAGED_DOMAIN = "10000000-0000-0000-0000-00000000000d.azurecomm.net"
_MADE_UP: Mapping[str, Any] = {
    "clientId": "10000000-0000-0000-0000-00000000000c",
    "ConnectionString": "InstrumentationKey=0;IngestionEndpoint=https://westeurope.example/",
    "defaultHostName": "doi-app.azurewebsites.net",
    "frontDoorId": "10000000-0000-0000-0000-00000000000f",
    "principalId": "10000000-0000-0000-0000-00000000000e",
    "validationProperties": {"validationToken": "a-token"},
    "verificationRecords": {"Domain": {"type": "TXT"}},
    "verificationStates": {"Domain": {"status": "NotStarted"}},
}


@dataclass(kw_only=True)
class Deployed:
    """Bodies of the resources by `file: symbol`, as lists; the outputs of main.bicep."""

    resources: dict[str, Any] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)

    def body(self, key: str) -> dict[str, Any]:
        """Of a resource that is made once. Raises ValueError where it is not."""
        (body,) = self.resources[key]
        found: dict[str, Any] = body
        return found


def deploy(templates: Templates, parameters: Mapping[str, Any]) -> Deployed:
    """Raises DeploymentFailed with the text of `fail()`, ValueError for values not allowed."""
    deployed = Deployed()
    deployed.outputs = _run(templates, MAIN, parameters, deployed)
    return deployed


def variable(templates: Templates, path: str, name: str, parameters: Mapping[str, Any]) -> Any:
    """Of one file, which gets these parameters. Raises likewise, and AssertionError."""
    return _Symbols(templates, path, parameters, Deployed())[name]


def _run(
    templates: Templates, path: str, parameters: Mapping[str, Any], deployed: Deployed
) -> dict[str, Any]:
    file = templates.files[path]
    symbols = _Symbols(templates, path, parameters, deployed)
    for name in (*file.resources, *file.modules):
        symbols[name]
    return {name: _value(output.value, symbols) for name, output in file.outputs.items()}


class _Symbols(dict[str, Any]):
    """The symbols of one file, each worked out when it is first asked for."""

    def __init__(
        self, templates: Templates, path: str, parameters: Mapping[str, Any], deployed: Deployed
    ) -> None:
        super().__init__()
        self._templates, self._path = templates, path
        self._given, self._deployed = parameters, deployed
        self["loadTextContent"] = self._text

    def __missing__(self, name: str) -> Any:
        file = self._templates.files[self._path]
        if name in file.parameters:
            self[name] = self._parameter(file.parameters[name])
        elif name in file.variables:
            self[name] = _value(file.variables[name].value, self)
        elif name in file.resources:
            self[name] = self._each(file.resources[name], self._resource)
        else:
            self[name] = self._each(file.modules[name], self._module)
        return self[name]

    def _text(self, path: str) -> str:
        folder = self._templates.files[self._path].path.parent
        return (folder / path).read_text(encoding="utf-8")

    def _parameter(self, parameter: Declaration) -> Any:
        given = self._given.get(parameter.name, parameter.value)
        value = _value(given, self)
        missing = parameter.name not in self._given and not parameter.has_value
        if missing or not _fits(value, parameter.decorators):
            raise ValueError(f"the value for the parameter '{parameter.name}' is not valid")
        return value

    def _each(self, block: Block, make: Callable[[Block, Scope], Any]) -> Any:
        items = work_out(block.loop, self) if block.loop else [None]
        scopes = [ChainMap({block.item: item}, self) for item in items]
        made = [
            make(block, scope)
            for scope in scopes
            if not block.condition or work_out(block.condition, scope)
        ]
        return made if block.loop else next(iter(made), None)

    def _resource(self, block: Block, scope: Scope) -> dict[str, Any]:
        body = _value(block.body, scope)
        if not block.existing:
            key = f"{self._path}: {block.name}"
            self._deployed.resources.setdefault(key, []).append(body)
        kind, name = block.of.split("@")[0], body["name"]
        of_azure = {
            **_MADE_UP,
            "hostName": ENDPOINTS.get(kind, ""),
            "mailFromSenderDomain": MANAGED_DOMAIN if name == "AzureManagedDomain" else name,
        }
        properties = {**body.get("properties", {}), **of_azure}
        return {**body, "id": f"{GROUP}/providers/{kind}/{name}", "properties": properties}

    def _module(self, block: Block, scope: Scope) -> dict[str, Any]:
        called = self._templates.path_of(self._templates.files[self._path], block)
        parameters = _value(block.body["params"], scope)
        return {"outputs": _run(self._templates, called, parameters, self._deployed)}


def _fits(value: Any, decorators: Mapping[str, Decorator]) -> bool:
    """Whether a value keeps to @allowed, @minValue and so on."""
    for name, decorator in decorators.items():
        limit: Any = next(iter(decorator.arguments), None)
        match name:
            case "allowed" if value not in limit:
                return False
            case "minValue" if value < limit:
                return False
            case "maxValue" if value > limit:
                return False
            case "minLength" if len(value) < limit:
                return False
            case "maxLength" if len(value) > limit:
                return False
    return True


def _value(value: Value, scope: Scope) -> Any:
    match value:
        case Expression():
            return work_out(value.text, scope)
        case dict():
            return {work_out(f"'{key}'", scope): _value(each, scope) for key, each in value.items()}
        case list():
            return [_value(each, scope) for each in value]
    return value
