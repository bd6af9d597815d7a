"""Which privileges there are: eight for each table, and those for definitions and executions.

Names are "prv" + verb + schema name (https://learn.microsoft.com/power-apps/developer/data-platform/
security-access-coding); a user's privileges end in `User`, not `SystemUser`. Tables of the
organisation know no owners, so theirs reach everything or nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from uuid import uuid5

from local.dataverse_simulator.definitions import Table, Value
from local.dataverse_simulator.seed import NAMESPACE

BASIC, LOCAL, DEEP, GLOBAL = 1, 2, 4, 8
"""Bits of `privilegedepthmask`: own rows, those of the business unit, of its children, all."""

DEPTHS: Mapping[str, int] = {"Basic": BASIC, "Local": LOCAL, "Deep": DEEP, "Global": GLOBAL}
# Values of `accessright`, as an environment shows them; no page lists them.
RIGHTS: Mapping[str, int] = {
    "Read": 1,
    "Write": 2,
    "Append": 4,
    "AppendTo": 16,
    "Create": 32,
    "Delete": 65536,
    "Share": 262144,
    "Assign": 524288,
}
ONLY_WITH_OWNER = ("Share", "Assign")
# Definitions are read and made by these: https://learn.microsoft.com/dynamics365/
# customer-insights/journeys/role-permissions-baseline lists them by their names without "prvRead".
DEFINITIONS = tuple(
    f"prv{verb}{kind}"
    for kind in ("Entity", "Attribute", "EntityKey", "Relationship", "OptionSet")
    for verb in ("Read", "Create", "Write", "Delete")
)
OTHERS = ("prvAssignRole", "prvPublishCustomization")


@dataclass(frozen=True, kw_only=True)
class Privilege:
    """`right` is 0 for what is not about the rows of a table."""

    name: str
    right: int
    has_owner: bool

    @property
    def kind(self) -> str:
        """As the definition of a table names it."""
        return next((name for name, right in RIGHTS.items() if right == self.right), "None")

    def can_be(self, mask: int) -> bool:
        return mask == GLOBAL or self.has_owner

    @property
    def row(self) -> dict[str, Value]:
        """A row of table `privilege`."""
        return {
            "privilegeid": privilege_id(self.name),
            "name": self.name,
            "accessright": self.right,
            "canbebasic": self.can_be(BASIC),
            "canbelocal": self.can_be(LOCAL),
            "canbedeep": self.can_be(DEEP),
            "canbeglobal": True,
        }


@cache
def privilege_id(name: str) -> str:
    return str(uuid5(NAMESPACE, f"privilege {name}"))


def privilege_name(verb: str, table: Table) -> str:
    return f"prv{verb}{'User' if table.logical_name == 'systemuser' else table.cased_name}"


def privileges_of(table: Table) -> tuple[Privilege, ...]:
    """None for tables whose rows nobody can be kept from."""
    if table.unsecured:
        return ()
    has_owner = table.ownership == "UserOwned"
    return tuple(
        Privilege(name=privilege_name(verb, table), right=right, has_owner=has_owner)
        for verb, right in RIGHTS.items()
        if has_owner or verb not in ONLY_WITH_OWNER
    )


def all_privileges(tables: Iterable[Table], executions: Iterable[str]) -> dict[str, Privilege]:
    """By name. `executions` are the names that custom APIs demand."""
    known = {one.name: one for table in tables for one in privileges_of(table)}
    for name in (*DEFINITIONS, *OTHERS, *executions):
        known.setdefault(name, Privilege(name=name, right=0, has_owner=False))
    return known
