"""Who calls Dataverse, and what an administrator sees of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.values.dataverse.depth import Depth


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Whose token it is: an application's (its Application ID), or a person's login."""

    credential: str
    application_id: str | None
    is_person: bool


@dataclass(frozen=True, kw_only=True)
class DataverseUser:
    """Whom the environment takes the caller for."""

    id: str
    business_unit_id: str
    organization_id: str


@dataclass(frozen=True, kw_only=True)
class ApplicationUser:
    """An application user, with the ids of its roles."""

    id: str
    name: str
    business_unit_id: str
    role_ids: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class SecurityRole:
    """A role of the root business unit; depths by the id of the privilege."""

    id: str
    name: str
    depths: Mapping[str, Depth]
