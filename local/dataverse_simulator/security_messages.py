"""The messages about privileges and roles, as the Web API has them.

https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/: the functions
RetrieveUserSetOfPrivilegesByNames (bound to a user) and RetrieveRolePrivilegesRole (unbound), the
actions AddPrivilegesRole and RemovePrivilegeRole (bound to a role). A name that is no privilege is
not held by anybody. A new role begins empty; a real one has some privileges of the platform.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4

from local.dataverse_simulator.column_values import parse_guid
from local.dataverse_simulator.definitions import Value
from local.dataverse_simulator.errors import DataverseError, bad_payload, bad_query
from local.dataverse_simulator.exchange import Answer, Operation
from local.dataverse_simulator.odata_path import Segment
from local.dataverse_simulator.privileges import DEPTHS, privilege_id
from local.dataverse_simulator.security import (
    Access,
    Caller,
    descendants,
    privileges_of_role,
    root_of,
)
from local.dataverse_simulator.store import Row, Store

Found = Sequence[tuple[Row, int]]
"""Privileges with their depth masks."""
Values = dict[str, Value]
NAMES = {mask: name for name, mask in DEPTHS.items()}
NUMBERS = dict(enumerate(DEPTHS))  # PrivilegeDepth: Basic 0, Local 1, Deep 2, Global 3


def privileges_by_names(store: Store, user: Row, segment: Segment, operation: Operation) -> Answer:
    """`…/systemusers(id)/Microsoft.Dynamics.CRM.RetrieveUserSetOfPrivilegesByNames(…=@p)?@p=[…]`."""
    names = _text_array(segment, operation)
    unit = str(user.values["businessunitid"])
    access = Access(store, Caller(id=user.id, business_unit=unit))
    table = store.tables.by_logical_name["privilege"]
    rows = (store.get(table, privilege_id(name)) for name in names)
    found = [(row, access.depth(str(row.values["name"]))) for row in rows if row]
    return _answer(operation, "RetrieveUserSetOfPrivilegesByNames", found, unit)


def privileges_of(store: Store, role: Row, operation: Operation) -> Answer:
    """`RetrieveRolePrivilegesRole(RoleId=…)`."""
    table = store.tables.by_logical_name["privilege"]
    rows = ((store.get(table, one), mask) for one, mask in privileges_of_role(store, role).items())
    found = [(row, mask) for row, mask in rows if row]
    unit = str(role.values["businessunitid"])
    return _answer(operation, "RetrieveRolePrivilegesRole", found, unit)


def role_argument(segment: Segment) -> str:
    """The id in `(RoleId=…)`. Raise DataverseError (400)."""
    name, _, text = (segment.argument or "").partition("=")
    role = parse_guid(text.strip())
    if name.strip() != "RoleId" or role is None:
        raise bad_query(f"The parameter 'RoleId' is missing in '{segment.argument}'.")
    return role


def add_privileges(store: Store, role: Row, payload: Mapping[str, Any]) -> Answer:
    """Give the role the privileges that the payload lists. Raise DataverseError (400, 404)."""
    given = payload.get("Privileges")
    if set(payload) != {"Privileges"} or not isinstance(given, list):
        raise bad_payload("roles", 'The body has to be {"Privileges": […]}.')
    checked = [_role_privilege(store, one) for one in given]
    for privilege, mask in checked:
        _give(store, role, privilege, mask)
    return Answer(status=204)


def remove_privilege(store: Store, role: Row, payload: Mapping[str, Any]) -> Answer:
    """Take one privilege from the role. Raise DataverseError (400, 404)."""
    privilege = _privilege(store, payload.get("PrivilegeId"))
    links = store.tables.by_logical_name["roleprivileges"]
    for link in store.find(links, {"roleid": root_of(role), "privilegeid": privilege.id}):
        store.remove(links, link.id)
    return Answer(status=204)


def inherit(store: Store, role: Row, now: str) -> Row:
    """A new role, and its copies in all business units below its own."""
    table = store.tables.by_logical_name["role"]
    kept: Values = {**role.values, "parentrootroleid": role.id}
    for unit in descendants(store, str(role.values["businessunitid"])):
        copy = {**kept, "roleid": str(uuid4()), "businessunitid": unit, "parentroleid": role.id}
        store.put(table, str(copy["roleid"]), {**copy, "createdon": now, "modifiedon": now})
    return store.put(table, role.id, kept)


def _give(store: Store, role: Row, privilege: Row, mask: int) -> None:
    links = store.tables.by_logical_name["roleprivileges"]
    wanted: Values = {"roleid": root_of(role), "privilegeid": privilege.id}
    link = next(iter(store.find(links, wanted)), None)
    own_id = link.id if link else str(uuid4())
    values = {**wanted, "roleprivilegeid": own_id, "privilegedepthmask": mask}
    store.put(links, own_id, values)


def _role_privilege(store: Store, given: Any) -> tuple[Row, int]:
    """Depth as a name, a number, or a number in quotes. Raise DataverseError."""
    if not isinstance(given, dict):
        raise bad_payload("roles", "A RolePrivilege is an object.")
    privilege = _privilege(store, given.get("PrivilegeId"))
    depth = str(given.get("Depth"))
    name = NUMBERS.get(int(depth), "") if depth.isdigit() else depth
    if name not in DEPTHS:
        raise bad_payload("roles", f"'{depth}' is no Microsoft.Dynamics.CRM.PrivilegeDepth.")
    if not privilege.values[f"canbe{name.lower()}"]:
        raise DataverseError(
            400,
            "0x80040203",
            f"Invalid privilege depth {name} for privilege {privilege.values['name']}.",
        )
    return privilege, DEPTHS[name]


def _privilege(store: Store, given: Any) -> Row:
    row_id = parse_guid(given) if isinstance(given, str) else None
    row = store.get(store.tables.by_logical_name["privilege"], row_id or "")
    if row is None:
        raise DataverseError(
            404, "0x80040217", f"Entity 'Privilege' With Id = {given} Does Not Exist"
        )
    return row


def _text_array(segment: Segment, operation: Operation) -> list[str]:
    """The value of the parameter alias, as JSON. Raise DataverseError (400)."""
    name, _, alias = (segment.argument or "").partition("=")
    text = parse_qs(operation.query).get(alias.strip(), [""])[0]
    try:
        names = json.loads(text)
    except ValueError:
        names = None
    if name.strip() != "PrivilegeNames" or not isinstance(names, list):
        raise bad_query(f"The parameter 'PrivilegeNames' is missing in '{segment.argument}'.")
    return [str(one) for one in names]


def _answer(operation: Operation, message: str, found: Found, unit: str) -> Answer:
    privileges = [
        {
            "Depth": NAMES[mask],
            "PrivilegeId": row.id,
            "BusinessUnitId": unit,
            "PrivilegeName": row.values["name"],
        }
        for row, mask in found
        if mask
    ]
    context = f"{operation.service_root}$metadata#Microsoft.Dynamics.CRM.{message}Response"
    return Answer(status=200, body={"@odata.context": context, "RolePrivileges": privileges})
