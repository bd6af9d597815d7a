"""A function as the host sees it: a name, one trigger, outputs."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from local.functions_host.load_failure import LoadFailure

_TRIGGERS = ("httpTrigger", "queueTrigger", "timerTrigger")
_OUTPUTS = ("http", "queue")


@dataclass(frozen=True, kw_only=True)
class Binding:
    """One binding; `properties` are those of function.json, such as `route` or `queueName`."""

    type: str
    name: str
    properties: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Function:
    """One function of the app. An output is named after its parameter, or `$return`."""

    name: str
    trigger: Binding
    outputs: tuple[Binding, ...]


def parse_function(name: str, raw_bindings: Iterable[str]) -> Function:
    """Reads the JSON that the app hands to the host; raises LoadFailure for unknown bindings."""
    triggers, outputs = [], []
    for raw in raw_bindings:
        properties = json.loads(raw)
        binding = Binding(type=properties["type"], name=properties["name"], properties=properties)
        if binding.type in _TRIGGERS:
            triggers.append(binding)
        elif binding.type in _OUTPUTS and properties["direction"] == "OUT":
            outputs.append(binding)
        else:
            raise LoadFailure(f"{name}: this host has no binding {binding.type!r}")
    if len(triggers) != 1:
        raise LoadFailure(f"{name}: a function has exactly one trigger")
    return Function(name=name, trigger=triggers[0], outputs=tuple(outputs))
