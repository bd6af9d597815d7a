"""The privileges that the app needs, why, and how far each has to reach.

Microsoft documents no minimum for a caller of custom triggers. The list follows from the calls that
the app makes (customer_insights.py, dataverse_inspection.py), and from the role "Marketing
Professional - Business": https://learn.microsoft.com/dynamics365/customer-insights/journeys/
role-permissions-baseline, whose tables also give the exact spelling of the names.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from shared.values.dataverse.definitions import PrivilegeDefinition
from shared.values.dataverse.depth import Depth

CONSENT = "msdynmkt_contactpointconsent4"
OWN, ALL = Depth.BASIC, Depth.GLOBAL
# Schema names where they are not the logical ones.
_SCHEMA_NAMES: Mapping[str, str] = {
    "contact": "Contact",
    "customapi": "CustomAPI",
    "customapirequestparameter": "CustomAPIRequestParameter",
    "sdkmessage": "SdkMessage",
    "catalog": "Catalog",
    "catalogassignment": "CatalogAssignment",
}


@dataclass(frozen=True, kw_only=True)
class Needed:
    """A right on a table's rows; or, where `table` is empty, the privilege named `right`."""

    table: str
    right: str
    depth: Depth
    why: str

    @property
    def usual_name(self) -> str:
        """As documented: "prv" + right + the table's schema name."""
        if not self.table:
            return self.right
        return f"prv{self.right}{_SCHEMA_NAMES.get(self.table, self.table)}"


@dataclass(frozen=True, kw_only=True)
class NamedPrivilege:
    """A needed privilege as the environment calls it; `id` is None where it could not be asked."""

    name: str
    depth: Depth
    why: str
    id: str | None = None


_ALWAYS = (
    Needed(table="contact", right="Create", depth=OWN, why="makes the contact of a new person"),
    Needed(table="contact", right="Read", depth=ALL, why="looks whether the address is known"),
    Needed(table="contact", right="Write", depth=ALL, why="writes the answers to a known contact"),
    Needed(table="contact", right="Append", depth=OWN, why="links the new contact, as CIJ does"),
    Needed(table="contact", right="AppendTo", depth=ALL, why="links the row that starts a journey"),
    Needed(table=CONSENT, right="Create", depth=OWN, why="opts in, or out of what has no row"),
    Needed(table=CONSENT, right="Read", depth=ALL, why="looks for consents of the address"),
    Needed(table=CONSENT, right="Write", depth=ALL, why="opts in again, or out"),
    Needed(table=CONSENT, right="Append", depth=OWN, why="links the consent to purpose and topic"),
    Needed(table=CONSENT, right="AppendTo", depth=OWN, why="lets CIJ link its rows to the consent"),
    *(
        Needed(table=f"msdynmkt_{name}", right=right, depth=ALL, why=why)
        for name, what in (
            ("purpose", "purpose"),
            ("topic", "topic"),
            ("compliancesettings4", "compliance profile"),
        )
        for right, why in (
            ("Read", f"finds the {what} of a consent"),
            ("AppendTo", f"links consents to their {what}"),
        )
    ),
    *(
        Needed(table=table, right="Read", depth=ALL, why=why)
        for table, why in (
            ("customapi", "finds the trigger and calls it"),
            ("customapirequestparameter", "compares the trigger's parameters with the form"),
            ("sdkmessage", "calls the trigger"),
            ("catalog", "calls the trigger"),
            ("catalogassignment", "calls the trigger"),
        )
    ),
    *(
        Needed(table="", right=f"prvRead{kind}", depth=ALL, why=why)
        for kind, why in (
            ("Entity", "looks at definitions of tables"),
            ("Attribute", "compares columns with the form"),
            ("EntityKey", "looks whether the alternate key is active"),
            ("Relationship", "asks how lookups are bound, before the first consent"),
            ("OptionSet", "compares options with the form"),
        )
    ),
)


def always_needed() -> tuple[Needed, ...]:
    """Whatever the forms are."""
    return _ALWAYS


def needed_for_row(table: str) -> tuple[Needed, ...]:
    """For a form with a journeyRow in this table."""
    reasons = {
        "Create": (OWN, "makes the row that starts the journey"),
        "Read": (ALL, "looks whether the row is there"),
        "Append": (OWN, "links the row to its contact"),
    }
    return tuple(
        Needed(table=table, right=right, depth=depth, why=why)
        for right, (depth, why) in reasons.items()
    )


def needed_to_erase(journey_tables: Iterable[str]) -> tuple[Needed, ...]:
    """By a person who answers and erases people; never by the app."""
    tables = {
        "contact": "the contact",
        CONSENT: "consents of the address",
        **dict.fromkeys(journey_tables, "the row that started the journey"),
    }
    return tuple(
        Needed(table=table, right=right, depth=ALL, why=f"{does} {what}")
        for table, what in tables.items()
        for right, does in (("Read", "finds"), ("Delete", "deletes"))
    )


def needed_for_trigger(name: str, execute_privilege: str | None) -> tuple[Needed, ...]:
    """What the trigger itself demands of its callers, if anything."""
    if execute_privilege is None:
        return ()
    return (Needed(table="", right=execute_privilege, depth=OWN, why=f"calls {name}"),)


def named(
    needed: Iterable[Needed],
    of_tables: Mapping[str, tuple[PrivilegeDefinition, ...]],
    others: Mapping[str, PrivilegeDefinition],
) -> Iterator[NamedPrivilege]:
    """As the environment calls them; as documented where it did not say.

    A depth that a privilege cannot have becomes the next one that reaches as far.
    """
    for one in needed:
        known = of_tables.get(one.table, ())
        found = next((each for each in known if each.right == one.right), None)
        found = found or others.get(one.usual_name)
        if found is None:
            yield NamedPrivilege(name=one.usual_name, depth=one.depth, why=one.why)
        else:
            depth = _possible(one.depth, found.depths)
            yield NamedPrivilege(name=found.name, depth=depth, why=one.why, id=found.id)


def _possible(wanted: Depth, depths: frozenset[Depth]) -> Depth:
    enough = [depth for depth in Depth if depth in depths and depth.reaches(wanted)]
    return enough[0] if enough else Depth.GLOBAL
