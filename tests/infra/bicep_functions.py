"""The functions of Bicep that our templates call.

https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-functions
"""

from __future__ import annotations

import hashlib
import uuid
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000001"
GROUP = f"{SUBSCRIPTION}/resourceGroups/doi"


class NotUnderstood(ValueError):
    """A call that is not what it looks like, or that these functions do not know."""


class DeploymentFailed(Exception):
    """What `fail()` raises: Azure refuses the deployment with this text."""


def _fail(message: str) -> Any:
    raise DeploymentFailed(message)


def _unique(*parts: str) -> str:
    """13 letters and digits that follow from the parts; Azure's are others."""
    return hashlib.sha256("-".join(parts).encode()).hexdigest()[:13]


def _replace(text: str, old: str, new: str) -> str:
    """Bicep says nothing where there is nothing to replace, and deploys the text as it was.

    A character may be there or not; a phrase is meant to be there.
    """
    assert len(old) == 1 or text.count(old) == 1, f"'{old}' has to be there, once"
    return text.replace(old, new)


def _union(*parts: Mapping[str, Any]) -> dict[str, Any]:
    if not all(isinstance(part, dict) for part in parts):
        raise NotUnderstood("union of anything but objects: it would drop what is there twice")
    return {key: value for part in parts for key, value in part.items()}


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "concat": lambda *lists: [item for each in lists for item in each],
    "contains": lambda whole, part: part in whole,
    "empty": lambda value: not value,
    "endsWith": str.endswith,
    "environment": lambda: {"suffixes": {"storage": "core.windows.net"}},
    "fail": _fail,
    "first": lambda items: items[0],
    "guid": lambda *parts: str(uuid.uuid5(uuid.NAMESPACE_URL, "|".join(parts))),
    "join": lambda items, between: between.join(items),
    "newGuid": lambda: str(uuid.uuid4()),
    "replace": _replace,
    "resourceGroup": lambda: {"id": GROUP},
    "startsWith": str.startswith,
    "string": lambda value: str(value).lower() if isinstance(value, bool) else str(value),
    "subscriptionResourceId": lambda kind, name: f"{SUBSCRIPTION}/providers/{kind}/{name}",
    "take": lambda text, count: text[:count],
    "tenant": lambda: {"tenantId": str(uuid.UUID(int=2))},
    "toLower": str.lower,
    "trim": str.strip,
    "union": _union,
    "uniqueString": _unique,
}
