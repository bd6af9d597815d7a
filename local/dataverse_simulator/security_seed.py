"""The organisation, its users and their roles, as rows that exist before anyone called."""

from collections.abc import Iterator, Mapping
from uuid import uuid5

from local.dataverse_simulator.definitions import Value
from local.dataverse_simulator.privileges import DEPTHS, privilege_id
from local.dataverse_simulator.seed import (
    ADMINISTRATOR,
    ADMINISTRATOR_ID,
    BUSINESS_UNIT_ID,
    NAMESPACE,
    ORGANIZATION_ID,
    SYSTEM_ADMINISTRATOR,
    Security,
    User,
)

ENGLISH = 1033
Rows = dict[str, list[Mapping[str, Value]]]


def security_rows(security: Security) -> Rows:
    """By entity set."""
    return {
        "organizations": [
            {"organizationid": ORGANIZATION_ID, "name": "contoso", "languagecode": ENGLISH}
        ],
        "businessunits": [{"businessunitid": BUSINESS_UNIT_ID, "name": "contoso"}],
        "systemusers": [user_row(user) for user in _users(security)],
        "roles": [_role_row(name) for name in (SYSTEM_ADMINISTRATOR, *security.roles)],
        "roleprivilegescollection": list(_role_privileges(security)),
        "systemuserrolescollection": [
            row for user in _users(security) for row in user_role_rows(user)
        ],
        "publishers": [
            {
                "publisherid": _id("publisher"),
                "uniquename": "DefaultPublishercontoso",
                "friendlyname": "Default Publisher for contoso",
                "customizationprefix": "new",
            }
        ],
        "solutions": [
            {
                "solutionid": _id("solution"),
                "uniquename": "Default",
                "friendlyname": "Default Solution",
                "publisherid": _id("publisher"),
            }
        ],
    }


def user_id(user: User) -> str:
    return ADMINISTRATOR_ID if user == ADMINISTRATOR else _id(f"user {user.application_id}")


def user_row(user: User) -> dict[str, Value]:
    return {
        "systemuserid": user_id(user),
        "fullname": user.full_name,
        "applicationid": user.application_id,
        "businessunitid": BUSINESS_UNIT_ID,
    }


def user_role_rows(user: User) -> list[Mapping[str, Value]]:
    return [
        {
            "systemuserroleid": _id(f"{user.application_id} has {role}"),
            "systemuserid": user_id(user),
            "roleid": role_id(role),
        }
        for role in user.roles
    ]


def role_id(name: str) -> str:
    return _id(f"role {name}")


def _users(security: Security) -> tuple[User, ...]:
    return (ADMINISTRATOR, *security.users)


def _role_row(name: str) -> dict[str, Value]:
    return {
        "roleid": role_id(name),
        "name": name,
        "businessunitid": BUSINESS_UNIT_ID,
        "parentrootroleid": role_id(name),
    }


def _role_privileges(security: Security) -> Iterator[Mapping[str, Value]]:
    for role, privileges in security.roles.items():
        for name, depth in privileges.items():
            yield {
                "roleprivilegeid": _id(f"{role} may {name}"),
                "roleid": role_id(role),
                "privilegeid": privilege_id(name),
                "privilegedepthmask": DEPTHS[depth],
            }


def _id(name: str) -> str:
    return str(uuid5(NAMESPACE, name))
