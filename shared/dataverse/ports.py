"""What can be asked of an environment, and what an administrator can make there.

All of it raises TemporaryFailure and PermanentFailure; failures.py has the kinds.
"""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Protocol

from shared.ports import Deadline, Outside
from shared.values.dataverse.definitions import (
    ColumnDefinition,
    PrivilegeDefinition,
    Purpose,
    TableDefinition,
    Topic,
    TriggerDefinition,
)
from shared.values.dataverse.depth import Depth
from shared.values.dataverse.person_rows import PersonRows, SoughtPerson
from shared.values.dataverse.registration_table import NewColumn, NewTable
from shared.values.dataverse.users import (
    ApplicationUser,
    DataverseUser,
    Identity,
    SecurityRole,
)
from shared.values.form import Form


class DataverseInspection(Protocol):
    """Reads only. Who may not read something gets PrivilegeMissing."""

    @property
    def url(self) -> str:
        """The environment's address."""

    @property
    def credential(self) -> str:
        """How tokens are got: the setting DOI_CREDENTIAL."""

    def identity(self) -> Identity:
        """Whose token it is. Raises TemporaryFailure where there is none."""

    def who_am_i(self, deadline: Deadline) -> DataverseUser:
        """Raises NotAMember and UserDisabled."""

    def held(
        self, user_id: str, privileges: Collection[str], deadline: Deadline
    ) -> Mapping[str, Depth]:
        """Which of the named privileges the user has, by roles and teams, and how deep."""

    def privileges_of(
        self, tables: Collection[str], deadline: Deadline
    ) -> Mapping[str, tuple[PrivilegeDefinition, ...]]:
        """The privileges of tables by logical name; tables that are not there are left out."""

    def privileges_named(
        self, names: Collection[str], deadline: Deadline
    ) -> Mapping[str, PrivilegeDefinition]:
        """Privileges by name; those that are not there are left out."""

    def table(self, name: str, deadline: Deadline) -> TableDefinition | None:
        """The table with this logical name."""

    def table_of(self, entity_set: str, deadline: Deadline) -> TableDefinition | None:
        """The table with this entity set name."""

    def columns(
        self, table: str, names: Collection[str], deadline: Deadline
    ) -> Mapping[str, ColumnDefinition]:
        """Columns of a table by logical name; those that are not there are left out."""

    def purposes(self, deadline: Deadline) -> Mapping[str, Purpose]:
        """All purposes, by id."""

    def topics(self, deadline: Deadline) -> Mapping[str, Topic]:
        """All topics, by id."""

    def trigger(self, name: str, deadline: Deadline) -> TriggerDefinition | None:
        """The custom API with this unique name."""

    def trigger_names(self, deadline: Deadline) -> tuple[str, ...]:
        """The unique names of all actions that could be triggers."""


class DataverseAdministration(Protocol):
    """What needs an administrator's login. Nothing is ever taken away."""

    def application_user(self, application_id: str, deadline: Deadline) -> ApplicationUser | None:
        """The user of this application, if somebody made one."""

    def role(self, name: str, deadline: Deadline) -> SecurityRole | None:
        """The role of this name in the root business unit."""

    def create_role(self, name: str, deadline: Deadline) -> SecurityRole:
        """A new role in the root business unit; the units below inherit it."""

    def add_privileges(self, role_id: str, depths: Mapping[str, Depth], deadline: Deadline) -> None:
        """Give the role privileges (by id), or more depth of those that it has."""

    def inherited(self, role_id: str, business_unit_id: str, deadline: Deadline) -> str | None:
        """The id under which a business unit has the role; the role's own in the root unit."""

    def assign(self, user_id: str, role_id: str, deadline: Deadline) -> None:
        """Assign the role to the user."""

    def language(self, deadline: Deadline) -> int:
        """The base language (LCID) of the environment: new definitions need labels in it."""

    def prefix_of(self, solution: str, deadline: Deadline) -> str | None:
        """The customization prefix of the solution's publisher; None: no such solution."""

    def create_table(self, table: NewTable, deadline: Deadline) -> None:
        """With its primary column, and no others."""

    def add_column(self, table: NewTable, column: NewColumn, deadline: Deadline) -> None:
        """A column that is no lookup."""

    def add_lookup(self, table: NewTable, deadline: Deadline) -> None:
        """The lookup to the contact."""

    def add_key(self, table: NewTable, deadline: Deadline) -> None:
        """The alternate key of the registration id; it is active some time later."""

    def rebuild_key(self, table: str, key: str, deadline: Deadline) -> None:
        """Try once more to build the index of a key that failed."""

    def publish(self, table: str, deadline: Deadline) -> None:
        """Publish the table's customizations."""


class DataversePeople(Protocol):
    """What is stored about a person, with the login of somebody who may read and delete it."""

    def known(self, person: SoughtPerson, deadline: Deadline) -> PersonRows:
        """Contacts of any state and consents of exactly this address, and its journey rows."""

    def delete(self, person: SoughtPerson, deadline: Deadline) -> PersonRows:
        """Delete all of it or nothing; which rows that were. Safe to repeat."""


class OutsideWithPeople(Outside, Protocol):
    """What is needed to answer a person, and to erase one."""

    @property
    def dataverse_people(self) -> DataversePeople: ...
    def pause(self, by: timedelta) -> None:
        """Wait for what others are doing."""


class OutsideWithDataverse(Protocol):
    """What the checks need. `form_settings`: form → JSON pointer → names of settings there."""

    @property
    def forms(self) -> Mapping[str, Form]: ...
    @property
    def form_settings(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]: ...
    @property
    def dataverse(self) -> DataverseInspection: ...


class OutsideWithAdministration(OutsideWithDataverse, Protocol):
    """What the commands need."""

    @property
    def dataverse_administration(self) -> DataverseAdministration: ...
    @property
    def client_id(self) -> str | None:
        """The Application ID of the app's identity, where a setting names it."""
