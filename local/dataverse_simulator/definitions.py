"""What the environment knows: tables with their columns and keys, and custom APIs.

The same shapes describe the built-in tables (`standard_tables.json`) and what a seed file adds.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

Value = str | int | float | bool | None
"""A stored column value: dates, times, ids and multiple choices are strings."""

Kind = Literal[
    "String",
    "Memo",
    "Picklist",
    "MultiSelectPicklist",
    "State",
    "Status",
    "Boolean",
    "Integer",
    "DateTime",
    "DateOnly",
    "Lookup",
    "Uniqueidentifier",
]
OPTION_KINDS = ("Picklist", "MultiSelectPicklist", "State", "Status")


class Definition(BaseModel):
    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
    )


class Column(Definition):
    """`navigation` is the lookup's navigation property, in the exact case that clients must use.

    `required`: the server demands it; `requirement`: forms in the app do.
    `secured`: column-level security is on; only an administrator may then write it.
    """

    name: str
    schema_name: str = ""
    type: Kind
    label: str = ""
    max_length: int = 100
    options: Mapping[int, str] = Field(default_factory=dict)
    required: bool = False
    read_only: bool = False
    indexed: bool = False
    default: Value = None
    computed_from: tuple[str, ...] = ()
    target: str = ""
    navigation: str = ""
    secured: bool = False
    requirement: Literal["None", "Recommended", "ApplicationRequired"] = "None"

    @property
    def cased_name(self) -> str:
        return self.schema_name or self.name

    @property
    def property_name(self) -> str:
        """The name in `$select`, `$filter` and answers; lookups are `_name_value` there."""
        return f"_{self.name}_value" if self.type == "Lookup" else self.name


class Key(Definition):
    """An alternate key. `active_from` is when its index will be built; empty: it is.

    `failed`: it could not be built, because rows had the same values.
    """

    name: str
    schema_name: str = ""
    columns: tuple[str, ...]
    active_from: str = ""
    failed: bool = False

    @property
    def status(self) -> Literal["Pending", "Active", "Failed"]:
        """`EntityKeyIndexStatus`; a real one is `InProgress` for a while, too."""
        if self.failed:
            return "Failed"
        return "Pending" if self.active_from else "Active"


class Collection(Definition):
    """A collection-valued navigation property: rows of `table` whose `lookup` points here."""

    table: str
    lookup: str


class Association(Definition):
    """A many-to-many navigation property: rows of `table`, by the intersect table `through`.

    Its columns `own` and `other` hold the ids of the row here and of the row there.
    """

    table: str
    through: str
    own: str
    other: str


class DataverseTrigger(Definition):
    """CIJ starts a journey when a row is created, for the contact that `audience` points to.

    https://learn.microsoft.com/dynamics365/customer-insights/journeys/
    real-time-marketing-dataverse-trigger
    """

    name: str
    audience: str


class Table(Definition):
    """`read_only`: nobody writes it by itself, and its rows are always the seed's.

    `keeps_seed`: seeded rows cannot be deleted, so that those of a newer seed appear. `unsecured`:
    no privilege is needed to read it.
    """

    logical_name: str
    schema_name: str = ""
    entity_set_name: str
    primary_id: str
    primary_name: str
    label: str = ""
    ownership: Literal["UserOwned", "OrganizationOwned"] = "UserOwned"
    read_only: bool = False
    keeps_seed: bool = False
    unsecured: bool = False
    custom: bool = False
    columns: tuple[Column, ...] = ()
    keys: tuple[Key, ...] = ()
    collections: Mapping[str, Collection] = Field(default_factory=dict)
    associations: Mapping[str, Association] = Field(default_factory=dict)
    created_triggers: tuple[DataverseTrigger, ...] = ()

    @property
    def cased_name(self) -> str:
        return self.schema_name or self.logical_name

    def changed(self, **changes: object) -> Self:
        """A copy that looks up its columns anew."""
        kept = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self).model_validate(kept | changes)

    def navigates_to(self, navigation: str) -> str | None:
        """The logical name of the table at the end of a navigation property."""
        if column := self.by_navigation.get(navigation):
            return column.target
        found = self.collections.get(navigation) or self.associations.get(navigation)
        return found.table if found else None

    @cached_property
    def by_name(self) -> Mapping[str, Column]:
        return {column.name: column for column in self.columns}

    @cached_property
    def by_property(self) -> Mapping[str, Column]:
        return {column.property_name: column for column in self.columns}

    @cached_property
    def by_navigation(self) -> Mapping[str, Column]:
        return {column.navigation: column for column in self.columns if column.navigation}


class Tables:
    """All tables, found by either of their two names. Never changed in place."""

    def __init__(self, tables: tuple[Table, ...]) -> None:
        self.all = tables
        self.by_entity_set = {table.entity_set_name: table for table in tables}
        self.by_logical_name = {table.logical_name: table for table in tables}

    def replaced(self, table: Table) -> "Tables":
        """These tables, with `table` added or in the place of the one with its name."""
        if table.logical_name not in self.by_logical_name:
            return Tables((*self.all, table))
        return Tables(
            tuple(table if one.logical_name == table.logical_name else one for one in self.all)
        )


SYSTEM_COLUMNS = (
    Column(name="createdon", type="DateTime", label="Created On", read_only=True),
    Column(name="modifiedon", type="DateTime", label="Modified On", read_only=True),
    Column(
        name="statecode",
        type="State",
        label="Status",
        options={0: "Active", 1: "Inactive"},
        default=0,
    ),
    Column(
        name="statuscode",
        type="Status",
        label="Status Reason",
        options={1: "Active", 2: "Inactive"},
        default=1,
    ),
)
OWNER = Column(
    name="ownerid", type="Lookup", label="Owner", target="systemuser", navigation="ownerid"
)
