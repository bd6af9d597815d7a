"""Switches: what an administrator does elsewhere, and how an environment takes its time.

Set with `PATCH /_simulator/environment` (those that the body names); `GET` shows them all.
"""

from typing import Literal

from pydantic import Field

from local.dataverse_simulator.security_seed import user_id, user_role_rows, user_row
from local.dataverse_simulator.seed import User
from local.dataverse_simulator.store import Store
from local.simulator.switches import Switches

UserState = Literal["enabled", "disabled", "missing"]


class Settings(Switches):
    application_user: UserState = "enabled"
    """Made anew with the roles of the seed, or deactivated, or deleted, as in the admin center."""
    key_index_seconds: float = Field(default=1, ge=0)
    """How long a new alternate key is not active yet."""


def state_of(store: Store, user: User) -> UserState:
    row = store.get(store.tables.by_logical_name["systemuser"], user_id(user))
    if row is None:
        return "missing"
    return "disabled" if row.values.get("isdisabled") else "enabled"


def set_application_user(store: Store, user: User, state: UserState) -> None:
    """Roles that were assigned in the meantime stay, unless the user was deleted."""
    users = store.tables.by_logical_name["systemuser"]
    links = store.tables.by_logical_name["systemuserroles"]
    row = store.get(users, user_id(user))
    if state == "missing":
        for link in store.find(links, {"systemuserid": user_id(user)}):
            store.remove(links, link.id)
        if row is not None:
            store.remove(users, row.id)
        return
    if row is None:
        for link_values in user_role_rows(user):
            store.put(links, str(link_values["systemuserroleid"]), link_values)
    kept = dict(row.values) if row else user_row(user)
    store.put(users, user_id(user), {**kept, "isdisabled": state == "disabled"})
