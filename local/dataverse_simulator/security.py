"""Who calls, and what they may do: https://learn.microsoft.com/power-platform/admin/
how-record-access-determined.

First the privilege is checked, then its depth against the row's owner; sharing, teams and
hierarchies are not simulated. Who may not read a row does not find it in a list either. A role that
a child business unit inherited has the privileges of its root. Messages: "is missing … privilege"
and "does not have ReadAccess right(s)" are those of https://learn.microsoft.com/troubleshoot/
power-platform/dataverse/user-permissions/client-errors; who is no user at all gets 403 0x80072560,
a disabled one 403 0x80040225.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from local.dataverse_simulator.definitions import Table, Value
from local.dataverse_simulator.errors import DataverseError
from local.dataverse_simulator.privileges import (
    BASIC,
    DEEP,
    GLOBAL,
    LOCAL,
    privilege_id,
    privilege_name,
    privileges_of,
)
from local.dataverse_simulator.security_seed import role_id
from local.dataverse_simulator.seed import SYSTEM_ADMINISTRATOR
from local.dataverse_simulator.store import Row, Store


@dataclass(frozen=True, kw_only=True)
class Caller:
    """An enabled user of the environment."""

    id: str
    business_unit: str


def caller_of(store: Store, application_id: str) -> Caller:
    """Raise DataverseError (403) for who is no user, or a disabled one."""
    users = store.tables.by_logical_name["systemuser"]
    row = next(iter(store.find(users, {"applicationid": application_id})), None)
    if row is None or not application_id:
        raise DataverseError(403, "0x80072560", "The user is not a member of the organization.")
    if row.values.get("isdisabled"):
        raise DataverseError(
            403,
            "0x80040225",
            f"The user with SystemUserId={row.id} in OrganizationContext is disabled. Disabled "
            "users cannot access the system. Consider enabling this user.",
        )
    return Caller(id=row.id, business_unit=str(row.values["businessunitid"]))


class Access:
    """What one caller may do, as the roles say at this moment."""

    def __init__(self, store: Store, caller: Caller) -> None:
        self._store = store
        self.caller = caller
        self._roles = frozenset(_root_roles(store, caller.id))

    @property
    def is_administrator(self) -> bool:
        return role_id(SYSTEM_ADMINISTRATOR) in self._roles

    def depth(self, privilege: str) -> int:
        """The widest depth of the privilege by any of the roles, as a mask; 0 without it."""
        if self.is_administrator:
            return GLOBAL
        held = self._store.tables.by_logical_name["roleprivileges"]
        masks = [
            row.values["privilegedepthmask"]
            for role in self._roles
            for row in self._store.find(
                held, {"roleid": role, "privilegeid": privilege_id(privilege)}
            )
        ]
        return max((mask for mask in masks if isinstance(mask, int)), default=0)

    def demand(self, verb: str, table: Table) -> None:
        """Raise DataverseError (403) without the privilege."""
        if table.unsecured and verb == "Read":
            return
        name = privilege_name(verb, table)
        if table.read_only and verb != "Read":
            raise self._missing(name, table)
        if not self.depth(name):
            raise self._missing(name, table)

    def demand_privilege(self, name: str) -> None:
        """For what concerns no table: definitions, executions. Raise DataverseError (403)."""
        if not self.depth(name):
            raise DataverseError(
                403,
                "0x80040220",
                f"SecLib::CheckPrivilege failed. User: {self.caller.id}, PrivilegeName: {name}, "
                f"PrivilegeId: {privilege_id(name)}, Required Depth: Basic, "
                f"BusinessUnitId: {self.caller.business_unit}",
            )

    def demand_for_row(self, verb: str, table: Table, row: Row) -> None:
        """Raise DataverseError (403) where the privilege is missing or does not reach the row."""
        self.demand(verb, table)
        if not self.reaches(verb, table, row):
            raise DataverseError(
                403,
                "0x80048306",
                f"Principal with ID {self.caller.id} does not have {verb}Access right(s) for "
                f"record with ID {row.id} of entity {table.logical_name}.",
            )

    def reaches(self, verb: str, table: Table, row: Row) -> bool:
        """Whether the privilege's depth reaches this row."""
        if table.unsecured:
            return True
        depth = self.depth(privilege_name(verb, table))
        if depth == GLOBAL or table.ownership == "OrganizationOwned":
            return depth > 0
        owner = row.values.get("ownerid")
        if depth >= BASIC and owner == self.caller.id:
            return True
        unit = self._unit_of(owner)
        if depth >= LOCAL and unit == self.caller.business_unit:
            return True
        below = descendants(self._store, self.caller.business_unit)
        return depth >= DEEP and unit in [*below]

    def _unit_of(self, owner: Value) -> str | None:
        users = self._store.tables.by_logical_name["systemuser"]
        row = self._store.get(users, str(owner))
        return str(row.values["businessunitid"]) if row else None

    def _missing(self, name: str, table: Table) -> DataverseError:
        return DataverseError(
            403,
            "0x80040220",
            f"Principal user (Id={self.caller.id}, type=8, roleCount={len(self._roles)}), is "
            f"missing {name} privilege (Id={privilege_id(name)}) on OTC for entity "
            f"'{table.logical_name}' (LocalizedName='{table.label or table.logical_name}'). "
            f"context.Caller={self.caller.id}. Consider adding missed privilege to one of the "
            "principal (user/team) roles.",
        )


def know_privileges(store: Store, table: Table) -> None:
    """Make the privileges of a new table."""
    privileges = store.tables.by_logical_name["privilege"]
    for privilege in privileges_of(table):
        store.put(privileges, privilege_id(privilege.name), privilege.row)


def descendants(store: Store, unit: str) -> Iterator[str]:
    """The business units below `unit`, at any depth."""
    units = store.tables.by_logical_name["businessunit"]
    for row in store.rows(units):
        if row.values.get("parentbusinessunitid") == unit:
            yield row.id
            yield from descendants(store, row.id)


def roles_of(store: Store, user_id: str) -> Iterator[Row]:
    """The roles that were assigned to the user."""
    links = store.tables.by_logical_name["systemuserroles"]
    roles = store.tables.by_logical_name["role"]
    found = (
        store.get(roles, str(link.values["roleid"]))
        for link in store.find(links, {"systemuserid": user_id})
    )
    return (role for role in found if role)


def root_of(role: Row) -> str:
    """The id of the role that this one was inherited from, or its own."""
    return str(role.values.get("parentrootroleid") or role.id)


def privileges_of_role(store: Store, role: Row) -> Mapping[str, int]:
    """Depth masks by the id of the privilege."""
    held = store.tables.by_logical_name["roleprivileges"]
    if role.values["name"] == SYSTEM_ADMINISTRATOR:
        known: Iterable[Row] = store.rows(store.tables.by_logical_name["privilege"])
        return {row.id: GLOBAL for row in known}
    rows = store.find(held, {"roleid": root_of(role)})
    return {
        str(row.values["privilegeid"]): mask
        for row in rows
        if isinstance(mask := row.values["privilegedepthmask"], int)
    }


def _root_roles(store: Store, user_id: str) -> Iterator[str]:
    return (root_of(role) for role in roles_of(store, user_id))
