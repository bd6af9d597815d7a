"""The app's security role: what it must give, and giving it. Nothing is ever taken away."""

from collections.abc import Iterable
from dataclasses import dataclass

from shared.dataverse.failures import NotThere
from shared.dataverse.needed import (
    in_use,
    names_of,
    names_or_documented,
    needed_by,
    needed_to_erase_by,
    not_there,
)
from shared.dataverse.ports import DataverseAdministration, OutsideWithDataverse
from shared.dataverse.sight import SECONDS, Sight
from shared.failures import PermanentFailure
from shared.ports import Deadline
from shared.values.dataverse.needed_privileges import NamedPrivilege, Needed
from shared.values.dataverse.users import SecurityRole

USUAL_NAME = "Headless double opt-in"
ERASING = "Headless double opt-in: erasing"


@dataclass(frozen=True, kw_only=True)
class RolePlan:
    """`role` is None where the environment has none of this name yet."""

    name: str
    privileges: tuple[NamedPrivilege, ...]
    role: SecurityRole | None

    @property
    def lacking(self) -> tuple[NamedPrivilege, ...]:
        """What the role does not give, or not deep enough."""
        return tuple(one for one in self.privileges if not self.has(one))

    def has(self, wanted: NamedPrivilege) -> bool:
        """Whether the role gives it already."""
        depth = self.role.depths.get(wanted.id or "") if self.role else None
        return depth is not None and depth.reaches(wanted.depth)


def needed_privileges(
    outside: OutsideWithDataverse, *, to_erase: bool = False
) -> tuple[NamedPrivilege, ...]:
    """What the forms need; or, `to_erase`, a person who erases people.

    Raises TemporaryFailure and PermanentFailure.
    """
    sight = Sight(outside.dataverse)
    return names_of(_needed(outside, sight, to_erase=to_erase), sight)


def documented_privileges(
    outside: OutsideWithDataverse, *, to_erase: bool = False
) -> tuple[NamedPrivilege, ...]:
    """The same, with the names that are documented where nothing could be asked."""
    sight = Sight(outside.dataverse)
    return names_or_documented(_needed(outside, sight, to_erase=to_erase), sight)


def _needed(outside: OutsideWithDataverse, sight: Sight, *, to_erase: bool) -> tuple[Needed, ...]:
    if to_erase:
        return needed_to_erase_by(outside.forms.values(), sight)
    return needed_by(in_use(outside.forms.values()), sight)


def unknown_yet(outside: OutsideWithDataverse) -> tuple[str, ...]:
    """Triggers and entity sets that are to come: what they need is known when they are there.

    Raises TemporaryFailure and PermanentFailure.
    """
    forms, sight = in_use(outside.forms.values()), Sight(outside.dataverse)
    return tuple(dict.fromkeys(not_there(forms, sight)))


def plan_role(
    name: str, privileges: Iterable[NamedPrivilege], administration: DataverseAdministration
) -> RolePlan:
    """Raises TemporaryFailure and PermanentFailure."""
    role = administration.role(name, Deadline(SECONDS))
    return RolePlan(name=name, privileges=tuple(privileges), role=role)


def complete_role(plan: RolePlan, administration: DataverseAdministration) -> SecurityRole:
    """The role with all that it lacked, made first if it has to be.

    Raises TemporaryFailure; PermanentFailure also where the environment lacks a privilege.
    """
    unknown = [one.name for one in plan.privileges if one.id is None]
    if unknown:
        raise PermanentFailure(
            f"the environment has no privilege {', '.join(unknown)}: Customer Insights - Journeys"
            " has to be installed, and tables and triggers of the forms have to be there"
        )
    role = plan.role or administration.create_role(plan.name, Deadline(SECONDS))
    made = RolePlan(name=plan.name, privileges=plan.privileges, role=role)
    depths = {one.id: one.depth for one in made.lacking if one.id}
    if depths:
        administration.add_privileges(role.id, depths, Deadline(SECONDS))
    return role


def assign_role(
    role: SecurityRole, application_id: str, administration: DataverseAdministration
) -> bool:
    """Assign it to the application user; False where the user had it.

    Raises NotThere without such a user, TemporaryFailure and PermanentFailure.
    """
    deadline = Deadline(SECONDS)
    user = administration.application_user(application_id, deadline)
    if user is None:
        raise NotThere(f"the environment has no application user with ID {application_id}")
    own = administration.inherited(role.id, user.business_unit_id, deadline)
    if own is None:
        raise NotThere(f"the business unit of {user.name} has not inherited the role {role.name}")
    if own in user.role_ids:
        return False
    administration.assign(user.id, own, deadline)
    return True
