"""Who may do what to which resource, as the Bicep files say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from local.infrastructure.origins import Origin, origin_of
from local.infrastructure.values import Expression, Value

if TYPE_CHECKING:
    from local.infrastructure.files import Block
    from local.infrastructure.templates import Templates

TYPE = "Microsoft.Authorization/roleAssignments"
_ROLE = re.compile(r"subscriptionResourceId\('Microsoft.Authorization/roleDefinitions', (.+)\)")


@dataclass(frozen=True, kw_only=True)
class RoleAssignment:
    """`scope` is the resource as it is made, `scope_type` what exactly of it is given."""

    path: str
    name: str
    principal: Origin
    role_id: str
    scope: Origin
    scope_type: str
    scope_name: str  # of a queue, say; empty where only a deployment knows it


def role_assignments(templates: Templates) -> list[RoleAssignment]:
    """All of them. Raises ValueError where one cannot be followed to its ends."""
    return [
        _read(templates, path, resource)
        for path, resource in templates.resources()
        if resource.of.split("@")[0] == TYPE
    ]


def _read(templates: Templates, path: str, resource: Block) -> RoleAssignment:
    properties = resource.body["properties"]
    role = _ROLE.fullmatch(str(properties["roleDefinitionId"]))
    scope = resource.body.get("scope")
    if role is None or not isinstance(scope, Expression):
        raise ValueError(f"{path}: {resource.name} has no role or no scope")
    given = templates.files[path].resources[scope.text]
    named = Expression(text=role[1], names=frozenset())
    return RoleAssignment(
        path=path,
        name=resource.name,
        principal=origin_of(templates, path, properties["principalId"]),
        role_id=origin_of(templates, path, named).rest,
        scope=_made(templates, path, given),
        scope_type=given.of.split("@")[0],
        scope_name=_written(templates, path, given.body["name"]) if "parent" in given.body else "",
    )


def _made(templates: Templates, path: str, resource: Block) -> Origin:
    """The resource, or the one that its outermost parent refers to, where it is made."""
    while "parent" in resource.body:
        resource = templates.files[path].resources[str(resource.body["parent"])]
    if not resource.existing:
        return Origin(path=path, symbol=resource.name, rest="")
    return origin_of(templates, path, resource.body["name"])


def _written(templates: Templates, path: str, name: Value) -> str:
    return origin_of(templates, path, name).rest
