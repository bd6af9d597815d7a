"""Tables, columns, keys, lookups and triggers as an environment defines them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from shared.values.dataverse.depth import Depth

CONTACT = "contact"


class KeyStatus(StrEnum):
    """`EntityKeyIndexStatus`: only an active key can address a row.

    https://learn.microsoft.com/power-apps/developer/data-platform/define-alternate-keys-entity
    """

    PENDING = "Pending"
    IN_PROGRESS = "InProgress"
    ACTIVE = "Active"
    FAILED = "Failed"


@dataclass(frozen=True, kw_only=True)
class PrivilegeDefinition:
    """One privilege, and the depths that a role can give it with."""

    id: str
    name: str
    right: str
    depths: frozenset[Depth]


@dataclass(frozen=True, kw_only=True)
class ColumnDefinition:
    """`kind` is the attribute's type, such as "String"; `options` are of choices.

    `date_only`: a day without a time. `can_be_written`: valid for create and for update.
    `secured`: column-level security is on.
    """

    name: str
    kind: str
    max_length: int | None = None
    options: frozenset[int] = frozenset()
    date_only: bool = False
    can_be_written: bool = True
    secured: bool = False


@dataclass(frozen=True, kw_only=True)
class KeyDefinition:
    """An alternate key."""

    name: str
    columns: tuple[str, ...]
    status: KeyStatus


@dataclass(frozen=True, kw_only=True)
class LookupDefinition:
    """A lookup column, and the navigation property that binds it."""

    column: str
    navigation: str
    target: str


@dataclass(frozen=True, kw_only=True)
class TableDefinition:
    """A table without its columns."""

    name: str
    entity_set: str
    primary_id: str
    primary_name: str
    keys: tuple[KeyDefinition, ...] = ()
    lookups: tuple[LookupDefinition, ...] = ()

    def key_of(self, column: str) -> KeyDefinition | None:
        """The alternate key that consists of this column alone."""
        return next((key for key in self.keys if key.columns == (column,)), None)

    def lookup_by(self, navigation: str) -> LookupDefinition | None:
        """The lookup that this navigation property binds; upper and lower case count."""
        return next((one for one in self.lookups if one.navigation == navigation), None)


@dataclass(frozen=True, kw_only=True)
class Purpose:
    """A purpose of CIJ (`msdynmkt_purpose`)."""

    id: str
    name: str
    active: bool


@dataclass(frozen=True, kw_only=True)
class Topic:
    """A topic of CIJ (`msdynmkt_topic`)."""

    id: str
    name: str
    active: bool
    purpose_id: str | None


class ParameterType(IntEnum):
    """Column `type` of table customapirequestparameter.

    https://learn.microsoft.com/power-apps/developer/data-platform/customapirequestparameter-table-columns
    """

    BOOLEAN = 0
    DATE_TIME = 1
    DECIMAL = 2
    ENTITY = 3
    ENTITY_COLLECTION = 4
    ENTITY_REFERENCE = 5
    FLOAT = 6
    INTEGER = 7
    MONEY = 8
    PICKLIST = 9
    STRING = 10
    STRING_ARRAY = 11
    GUID = 12

    @property
    def in_words(self) -> str:
        """Such as "entity reference"."""
        return self.name.replace("_", " ").lower()


@dataclass(frozen=True, kw_only=True)
class TriggerParameter:
    """`type` is None for one that this app does not know."""

    type: ParameterType | None
    optional: bool


@dataclass(frozen=True, kw_only=True)
class TriggerDefinition:
    """A published custom trigger, which is a custom API."""

    name: str
    is_action: bool
    execute_privilege: str | None = None
    parameters: Mapping[str, TriggerParameter] = field(default_factory=dict)
