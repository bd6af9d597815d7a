"""An environment in memory: what it has, and what an administrator makes of it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from uuid import uuid4

from shared.dataverse.failures import NotAMember, PrivilegeMissing, UserDisabled
from shared.failures import PermanentFailure, TemporaryFailure
from shared.ports import Deadline
from shared.values.dataverse.definitions import (
    ColumnDefinition,
    KeyDefinition,
    KeyStatus,
    LookupDefinition,
    ParameterType,
    PrivilegeDefinition,
    Purpose,
    TableDefinition,
    Topic,
    TriggerDefinition,
    TriggerParameter,
)
from shared.values.dataverse.depth import Depth
from shared.values.dataverse.needed_privileges import always_needed, needed_to_erase
from shared.values.dataverse.registration_table import NewColumn, NewTable
from shared.values.dataverse.users import (
    ApplicationUser,
    DataverseUser,
    Identity,
    SecurityRole,
)
from shared.values.form_trigger import SYSTEM_PARAMETERS

APPLICATION_ID = "a1b2c3d4-0000-4000-8000-000000000001"
UNIT = "00000000-0000-0000-0000-0000000000b1"
COMMERCIAL = "10000000-0000-0000-0000-000000000003"
OTHER_PURPOSE = "5f0e7f5e-8d0b-4f0a-9a55-3b6c2f1d7a10"
PRODUCT_NEWS = "20000000-0000-0000-0000-000000000001"
RIGHTS = ("Create", "Read", "Write", "Delete", "Append", "AppendTo")
ANY_DEPTH = frozenset(Depth)
_SIZES = frozenset({100000000, 100000001, 100000002})


def text(name: str, length: int = 100) -> ColumnDefinition:
    """A text column."""
    return ColumnDefinition(name=name, kind="String", max_length=length)


def trigger(name: str, *attributes: str) -> TriggerDefinition:
    """A trigger as CIJ publishes it: its attributes are texts, the binding is optional."""
    times = {"msdynmkt_signaltimestamp", "msdynmkt_signalingestiontimestamp"}
    return TriggerDefinition(
        name=name,
        is_action=True,
        parameters={
            one: TriggerParameter(
                type=ParameterType.DATE_TIME if one in times else ParameterType.STRING,
                optional=one == "msdynmkt_bindingid",
            )
            for one in (*SYSTEM_PARAMETERS, *(f"msdynmkt_{one}" for one in attributes))
        },
    )


def _contact_columns() -> dict[str, ColumnDefinition]:
    columns = (
        text("firstname", 50),
        text("lastname", 50),
        text("jobtitle"),
        text("emailaddress1"),
        text("telephone1", 50),
        replace(text("fullname", 160), can_be_written=False),
        ColumnDefinition(name="description", kind="Memo", max_length=2000),
        ColumnDefinition(name="birthdate", kind="DateTime", date_only=True),
        ColumnDefinition(name="donotbulkemail", kind="Boolean"),
        text("new_newsletterlanguage", 10),
        text("new_assetid"),
        text("new_companyname", 160),
        text("new_signupsource"),
        text("new_withdrawlink", 400),
        ColumnDefinition(name="new_projectstart", kind="DateTime", date_only=True),
        ColumnDefinition(name="new_existingcustomer", kind="Boolean"),
        ColumnDefinition(name="new_companysize", kind="Picklist", options=_SIZES),
        ColumnDefinition(name="new_interests", kind="MultiSelectPicklist", options=_SIZES),
    )
    return {column.name: column for column in columns}


def _tables() -> dict[str, TableDefinition]:
    row = TableDefinition(
        name="new_doiregistration",
        entity_set="new_doiregistrations",
        primary_id="new_doiregistrationid",
        primary_name="new_name",
        keys=(
            KeyDefinition(
                name="new_registrationid_key",
                columns=("new_registrationid",),
                status=KeyStatus.ACTIVE,
            ),
        ),
        lookups=(
            LookupDefinition(column="new_contactid", navigation="new_ContactId", target="contact"),
        ),
    )
    names = {one.table for one in always_needed() if one.table}
    others = {
        name: TableDefinition(
            name=name, entity_set=f"{name}s", primary_id=f"{name}id", primary_name=""
        )
        for name in names
    }
    return {**others, row.name: row}


def _row_columns() -> dict[str, ColumnDefinition]:
    names = ("new_registrationid", "new_formid", "new_campaign", "new_asset")
    columns = {name: text(name, 200) for name in names}
    columns["new_language"] = text("new_language", 10)
    columns["new_source"] = text("new_source", 400)
    columns["new_confirmedon"] = ColumnDefinition(name="new_confirmedon", kind="DateTime")
    return columns


def _privileges() -> dict[str, Depth]:
    return {one.usual_name: one.depth for one in always_needed()}


@dataclass
class FakeDataverse:
    """Implements dataverse.ports.DataverseInspection and DataverseAdministration.

    `held` is what the application user has; `identities` says whose token it is. `failures` are
    raised by the next calls, one each. A new key is `new_key_status` at first.
    """

    url: str = "https://contoso.example"
    credential: str = "managed-identity"
    application_id: str | None = APPLICATION_ID
    is_person: bool = False
    has_token: bool = True
    user: str = "enabled"
    held_depths: dict[str, Depth] = field(default_factory=_privileges)
    tables: dict[str, TableDefinition] = field(default_factory=_tables)
    table_columns: dict[str, dict[str, ColumnDefinition]] = field(
        default_factory=lambda: {
            "contact": _contact_columns(),
            "new_doiregistration": _row_columns(),
        }
    )
    known_purposes: dict[str, Purpose] = field(
        default_factory=lambda: {
            COMMERCIAL: Purpose(id=COMMERCIAL, name="Commercial", active=True),
            OTHER_PURPOSE: Purpose(id=OTHER_PURPOSE, name="Product news", active=True),
        }
    )
    known_topics: dict[str, Topic] = field(
        default_factory=lambda: {
            PRODUCT_NEWS: Topic(
                id=PRODUCT_NEWS, name="Product news", active=True, purpose_id=COMMERCIAL
            )
        }
    )
    triggers: dict[str, TriggerDefinition] = field(
        default_factory=lambda: {
            one.name: one
            for one in (
                trigger(
                    "msdynmkt_doiconfirmed_1234567", "formid", "source", "campaign", "language"
                ),
                trigger(
                    "msdynmkt_whitepaperconfirmed_7654321",
                    *("formid", "asset", "source", "campaign", "companysize"),
                ),
            )
        }
    )
    roles: dict[str, SecurityRole] = field(default_factory=dict)
    user_roles: set[str] = field(default_factory=set)
    solutions: dict[str, str] = field(default_factory=lambda: {"Default": "new"})
    failures: list[TemporaryFailure | PermanentFailure] = field(default_factory=list)
    new_key_status: KeyStatus = KeyStatus.ACTIVE
    published: list[str] = field(default_factory=list)
    _user_id: str = field(default_factory=lambda: str(uuid4()))

    def identity(self) -> Identity:
        """See dataverse.ports."""
        if not self.has_token:
            raise TemporaryFailure("no access token: CredentialUnavailableError")
        return Identity(
            credential=self.credential,
            application_id=self.application_id,
            is_person=self.is_person,
        )

    def who_am_i(self, deadline: Deadline) -> DataverseUser:
        """See dataverse.ports."""
        self._begin(deadline)
        return DataverseUser(
            id=self._user_id, business_unit_id=UNIT, organization_id="organization"
        )

    def held(
        self, user_id: str, privileges: Collection[str], deadline: Deadline
    ) -> Mapping[str, Depth]:
        """See dataverse.ports."""
        self._begin(deadline)
        assert user_id == self._user_id
        return {name: self.held_depths[name] for name in privileges if name in self.held_depths}

    def privileges_of(
        self, tables: Collection[str], deadline: Deadline
    ) -> Mapping[str, tuple[PrivilegeDefinition, ...]]:
        """See dataverse.ports."""
        self._begin(deadline, "prvReadEntity")
        needed = [*always_needed(), *needed_to_erase(())]
        usual = {(one.table, one.right): one.usual_name for one in needed}
        return {
            name: tuple(
                _privilege(usual.get((name, right), f"prv{right}{name}"), right) for right in RIGHTS
            )
            for name in tables
            if name in self.tables
        }

    def privileges_named(
        self, names: Collection[str], deadline: Deadline
    ) -> Mapping[str, PrivilegeDefinition]:
        """See dataverse.ports. Those that the needed ones and the triggers name are there."""
        self._begin(deadline)
        executions = {one.execute_privilege for one in self.triggers.values()}
        known = {one.usual_name for one in always_needed()} | executions
        return {name: _privilege(name, "None") for name in names if name in known}

    def table(self, name: str, deadline: Deadline) -> TableDefinition | None:
        """See dataverse.ports."""
        self._begin(deadline, "prvReadEntity", "prvReadEntityKey", "prvReadRelationship")
        return self.tables.get(name)

    def table_of(self, entity_set: str, deadline: Deadline) -> TableDefinition | None:
        """See dataverse.ports."""
        self._begin(deadline, "prvReadEntity", "prvReadEntityKey", "prvReadRelationship")
        found = (one for one in self.tables.values() if one.entity_set == entity_set)
        return next(found, None)

    def columns(
        self, table: str, names: Collection[str], deadline: Deadline
    ) -> Mapping[str, ColumnDefinition]:
        """See dataverse.ports."""
        if not names:
            return {}
        self._begin(deadline, "prvReadEntity", "prvReadAttribute")
        known = self.table_columns.get(table, {})
        return {name: known[name] for name in names if name in known}

    def purposes(self, deadline: Deadline) -> Mapping[str, Purpose]:
        """See dataverse.ports."""
        self._begin(deadline, "prvReadmsdynmkt_purpose")
        return dict(self.known_purposes)

    def topics(self, deadline: Deadline) -> Mapping[str, Topic]:
        """See dataverse.ports."""
        self._begin(deadline, "prvReadmsdynmkt_topic")
        return dict(self.known_topics)

    def trigger(self, name: str, deadline: Deadline) -> TriggerDefinition | None:
        """See dataverse.ports."""
        self._begin(deadline, "prvReadCustomAPI", "prvReadCustomAPIRequestParameter")
        return self.triggers.get(name)

    def trigger_names(self, deadline: Deadline) -> tuple[str, ...]:
        """See dataverse.ports."""
        self._begin(deadline, "prvReadCustomAPI")
        return tuple(one.name for one in self.triggers.values() if one.is_action)

    def application_user(self, application_id: str, deadline: Deadline) -> ApplicationUser | None:
        """See dataverse.ports."""
        self._begin(deadline)
        if self.user == "missing" or application_id != APPLICATION_ID:
            return None
        return ApplicationUser(
            id=self._user_id,
            name="# headless double opt-in",
            business_unit_id=UNIT,
            role_ids=frozenset(self.user_roles),
        )

    def role(self, name: str, deadline: Deadline) -> SecurityRole | None:
        """See dataverse.ports."""
        self._begin(deadline)
        return next((one for one in self.roles.values() if one.name == name), None)

    def create_role(self, name: str, deadline: Deadline) -> SecurityRole:
        """See dataverse.ports."""
        self._begin(deadline)
        role = SecurityRole(id=str(uuid4()), name=name, depths={})
        self.roles[role.id] = role
        return role

    def add_privileges(self, role_id: str, depths: Mapping[str, Depth], deadline: Deadline) -> None:
        """See dataverse.ports."""
        self._begin(deadline)
        role = self.roles[role_id]
        self.roles[role_id] = replace(role, depths={**role.depths, **depths})

    def inherited(self, role_id: str, business_unit_id: str, deadline: Deadline) -> str | None:
        """See dataverse.ports."""
        self._begin(deadline)
        return role_id if business_unit_id == UNIT and role_id in self.roles else None

    def assign(self, user_id: str, role_id: str, deadline: Deadline) -> None:
        """See dataverse.ports."""
        self._begin(deadline)
        assert user_id == self._user_id
        self.user_roles.add(role_id)

    def language(self, deadline: Deadline) -> int:
        """See dataverse.ports."""
        self._begin(deadline)
        return 1033

    def prefix_of(self, solution: str, deadline: Deadline) -> str | None:
        """See dataverse.ports."""
        self._begin(deadline)
        return self.solutions.get(solution)

    def create_table(self, table: NewTable, deadline: Deadline) -> None:
        """See dataverse.ports."""
        self._begin(deadline)
        if table.name in self.tables or (table.solution or "Default") not in self.solutions:
            raise PermanentFailure("refused")
        self.tables[table.name] = TableDefinition(
            name=table.name,
            entity_set=table.entity_set,
            primary_id=f"{table.name}id",
            primary_name=table.primary_name,
        )
        self.table_columns[table.name] = {table.primary_name: text(table.primary_name, 200)}

    def add_column(self, table: NewTable, column: NewColumn, deadline: Deadline) -> None:
        """See dataverse.ports."""
        self._begin(deadline)
        columns = self.table_columns[table.name]
        if column.definition.name in columns:
            raise PermanentFailure("refused")
        columns[column.definition.name] = column.definition

    def add_lookup(self, table: NewTable, deadline: Deadline) -> None:
        """See dataverse.ports."""
        self._begin(deadline)
        lookup = LookupDefinition(
            column=table.contact.lower(), navigation=table.contact, target="contact"
        )
        there = self.tables[table.name]
        self.tables[table.name] = replace(there, lookups=(*there.lookups, lookup))

    def add_key(self, table: NewTable, deadline: Deadline) -> None:
        """See dataverse.ports."""
        self._begin(deadline)
        there = self.tables[table.name]
        column = table.key_column.definition.name
        key = KeyDefinition(name=table.key_name, columns=(column,), status=self.new_key_status)
        self.tables[table.name] = replace(there, keys=(*there.keys, key))

    def rebuild_key(self, table: str, key: str, deadline: Deadline) -> None:
        """See dataverse.ports."""
        self._begin(deadline)
        assert key in [one.name for one in self.tables[table].keys]
        self.set_key_status(self.new_key_status, table)

    def publish(self, table: str, deadline: Deadline) -> None:
        """See dataverse.ports."""
        self._begin(deadline)
        self.published.append(table)

    def set_key_status(self, status: KeyStatus, table: str = "new_doiregistration") -> None:
        """All keys of the table become so."""
        there = self.tables[table]
        keys = tuple(replace(key, status=status) for key in there.keys)
        self.tables[table] = replace(there, keys=keys)

    def _begin(self, deadline: Deadline, *privileges: str) -> None:
        if deadline.remaining() <= 0:
            raise TemporaryFailure("no time left")
        if self.failures:
            raise self.failures.pop(0)
        if self.user == "missing":
            raise NotAMember("no user of the environment")
        if self.user == "disabled":
            raise UserDisabled("deactivated")
        for lacks in _lacking(privileges, self.held_depths):
            raise PrivilegeMissing(f"lacks the privilege {lacks}", lacks)


def _lacking(privileges: Iterable[str], held: Mapping[str, Depth]) -> list[str]:
    return [name for name in privileges if name not in held]


def _privilege(name: str, right: str) -> PrivilegeDefinition:
    return PrivilegeDefinition(id=f"id of {name}", name=name, right=right, depths=ANY_DEPTH)
