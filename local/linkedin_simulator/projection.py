"""`fields`: the part of an entity that the caller asked for."""

from collections.abc import Collection, Mapping
from typing import Any

from local.linkedin_simulator.errors import invalid_param
from local.linkedin_simulator.restli import Projection


def projected(entity: Mapping[str, Any], wanted: Projection) -> dict[str, Any]:
    """Wanted fields that have a value."""
    return {name: _inside(entity[name], inner) for name, inner in wanted.items() if name in entity}


def _inside(value: Any, inner: Projection | None) -> Any:
    if inner is None:
        return value
    if isinstance(value, list):
        return [_inside(each, inner) for each in value]
    return projected(value, inner) if isinstance(value, dict) else value


def known_fields(wanted: Projection | None, known: Collection[str]) -> Projection | None:
    """As given. Raise LinkedInError for a field that the entity cannot have."""
    for name in wanted or {}:
        if name not in known:
            raise invalid_param("fields", f"there is no field '{name}'")
    return wanted
