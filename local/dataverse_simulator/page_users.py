"""Who may call, as the page tells it."""

from dataclasses import dataclass

from local.dataverse_simulator.security import privileges_of_role, roles_of
from local.dataverse_simulator.seed import ADMINISTRATOR
from local.dataverse_simulator.store import Row, Store


@dataclass(frozen=True, kw_only=True)
class UserCard:
    name: str
    application_id: str
    state: str
    roles: tuple[str, ...]


def user_cards(store: Store) -> list[UserCard]:
    """The application users but for the administrator's."""
    rows = store.rows(store.tables.by_logical_name["systemuser"])
    return [
        _card(store, row)
        for row in rows
        if row.values.get("applicationid") not in (None, ADMINISTRATOR.application_id)
    ]


def _card(store: Store, user: Row) -> UserCard:
    return UserCard(
        name=str(user.values["fullname"]),
        application_id=str(user.values["applicationid"]),
        state="Deactivated" if user.values.get("isdisabled") else "Active",
        roles=tuple(
            f"{role.values['name']}: {len(privileges_of_role(store, role))} privileges"
            for role in roles_of(store, user.id)
        ),
    )
