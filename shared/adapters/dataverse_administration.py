"""What an administrator makes in an environment: roles, and the registration table."""

from collections.abc import Mapping

import requests

from shared.adapters.access_token import AccessTokens
from shared.adapters.dataverse_batch import SERVICE_PATH
from shared.adapters.dataverse_definition_payload import (
    column_payload,
    key_payload,
    lookup_payload,
    table_payload,
)
from shared.adapters.dataverse_definitions import depths_of
from shared.adapters.dataverse_failure import Step
from shared.adapters.dataverse_query import query, row, text
from shared.adapters.dataverse_session import DataverseSession, Row
from shared.ports import Deadline
from shared.values.dataverse.depth import Depth
from shared.values.dataverse.registration_table import NewColumn, NewTable
from shared.values.dataverse.users import ApplicationUser, SecurityRole

_ADMINISTRATOR = "use the login of a System Administrator or System Customizer"


def _doing(what: str) -> Step:
    return Step(
        name=what,
        if_refused="Dataverse does not take it",
        if_missing="the environment's URL leads elsewhere",
        if_forbidden=_ADMINISTRATOR,
        tells=True,
    )


_USERS = _doing("looking up the application user")
_ROLES = _doing("looking up the security role")
_MAKING_ROLE = _doing("making the security role")
_ASSIGNING = _doing("assigning the security role")
_ORGANIZATION = _doing("looking up the environment's language and solutions")
_MAKING_TABLE = _doing("making the table")


class EnvironmentAdministration:
    """Implements dataverse.ports.DataverseAdministration for the environment at `url`."""

    def __init__(
        self,
        url: str,
        tokens: AccessTokens,
        http: requests.Session,
    ) -> None:
        self._url = url.rstrip("/")
        self._dataverse = DataverseSession(url, tokens, http)

    def application_user(self, application_id: str, deadline: Deadline) -> ApplicationUser | None:
        """See dataverse.ports."""
        path = query(
            "systemusers",
            select="systemuserid,fullname,_businessunitid_value",
            filter=f"applicationid eq {application_id}",
            expand="systemuserroles_association($select=roleid)",
        )
        found = self._dataverse.get(path, _USERS, deadline)
        return _user_of(found[0]) if found else None

    def role(self, name: str, deadline: Deadline) -> SecurityRole | None:
        """See dataverse.ports."""
        path = query(
            "roles",
            select="roleid",
            filter=f"name eq {text(name)} and _businessunitid_value eq {self._root(deadline)}",
        )
        found = self._dataverse.get(path, _ROLES, deadline)
        if not found:
            return None
        return self._with_privileges(found[0]["roleid"], name, deadline)

    def create_role(self, name: str, deadline: Deadline) -> SecurityRole:
        """See dataverse.ports."""
        unit = f"/{row('businessunits', self._root(deadline))}"
        new = {"name": name, "businessunitid@odata.bind": unit}
        made = self._dataverse.create("roles?$select=roleid", new, _MAKING_ROLE, deadline)
        # A new role has some privileges of the platform already.
        return self._with_privileges(made["roleid"], name, deadline)

    def add_privileges(self, role_id: str, depths: Mapping[str, Depth], deadline: Deadline) -> None:
        """See dataverse.ports."""
        action = f"{row('roles', role_id)}/Microsoft.Dynamics.CRM.AddPrivilegesRole"
        privileges = [
            {"PrivilegeId": privilege, "Depth": depth.value} for privilege, depth in depths.items()
        ]
        self._dataverse.act(action, {"Privileges": privileges}, _MAKING_ROLE, deadline)

    def inherited(self, role_id: str, business_unit_id: str, deadline: Deadline) -> str | None:
        """See dataverse.ports."""
        path = query(
            "roles",
            select="roleid",
            filter=f"(roleid eq {role_id} or _parentrootroleid_value eq {role_id})"
            f" and _businessunitid_value eq {business_unit_id}",
        )
        found = self._dataverse.get(path, _ASSIGNING, deadline)
        return str(found[0]["roleid"]) if found else None

    def assign(self, user_id: str, role_id: str, deadline: Deadline) -> None:
        """See dataverse.ports."""
        path = f"{row('systemusers', user_id)}/systemuserroles_association/$ref"
        reference = {"@odata.id": f"{self._url}{SERVICE_PATH}{row('roles', role_id)}"}
        self._dataverse.act(path, reference, _ASSIGNING, deadline)

    def language(self, deadline: Deadline) -> int:
        """See dataverse.ports."""
        path = query("organizations", select="languagecode")
        return int(self._dataverse.get(path, _ORGANIZATION, deadline)[0]["languagecode"])

    def prefix_of(self, solution: str, deadline: Deadline) -> str | None:
        """See dataverse.ports."""
        path = query(
            "solutions",
            select="uniquename",
            filter=f"uniquename eq {text(solution)}",
            expand="publisherid($select=customizationprefix)",
        )
        found = self._dataverse.get(path, _ORGANIZATION, deadline)
        return str(found[0]["publisherid"]["customizationprefix"]) if found else None

    def create_table(self, table: NewTable, deadline: Deadline) -> None:
        """See dataverse.ports."""
        self._make("EntityDefinitions", table_payload(table), table, deadline)

    def add_column(self, table: NewTable, column: NewColumn, deadline: Deadline) -> None:
        """See dataverse.ports."""
        path = f"{_definition(table)}/Attributes"
        self._make(path, column_payload(column, table.language), table, deadline)

    def add_lookup(self, table: NewTable, deadline: Deadline) -> None:
        """See dataverse.ports."""
        self._make("RelationshipDefinitions", lookup_payload(table), table, deadline)

    def add_key(self, table: NewTable, deadline: Deadline) -> None:
        """See dataverse.ports."""
        self._make(f"{_definition(table)}/Keys", key_payload(table), table, deadline)

    def rebuild_key(self, table: str, key: str, deadline: Deadline) -> None:
        """See dataverse.ports."""
        names = {"EntityLogicalName": table, "EntityKeyLogicalName": key}
        self._dataverse.act("ReactivateEntityKey", names, _MAKING_TABLE, deadline)

    def publish(self, table: str, deadline: Deadline) -> None:
        """See dataverse.ports."""
        entities = f"<entities><entity>{table}</entity></entities>"
        xml = f"<importexportxml>{entities}</importexportxml>"
        self._dataverse.act("PublishXml", {"ParameterXml": xml}, _MAKING_TABLE, deadline)

    def _with_privileges(self, role_id: str, name: str, deadline: Deadline) -> SecurityRole:
        function = f"RetrieveRolePrivilegesRole(RoleId={role_id})"
        answer = self._dataverse.read(function, _ROLES, deadline)
        return SecurityRole(id=role_id, name=name, depths=depths_of(answer, by="PrivilegeId"))

    def _make(self, path: str, body: Row, table: NewTable, deadline: Deadline) -> None:
        solution = {"MSCRM.SolutionUniqueName": table.solution} if table.solution else {}
        self._dataverse.act(path, body, _MAKING_TABLE, deadline, solution)

    def _root(self, deadline: Deadline) -> str:
        path = query(
            "businessunits", select="businessunitid", filter="_parentbusinessunitid_value eq null"
        )
        return str(self._dataverse.get(path, _ROLES, deadline)[0]["businessunitid"])


def _definition(table: NewTable) -> str:
    return f"EntityDefinitions(LogicalName={text(table.name)})"


def _user_of(found: Row) -> ApplicationUser:
    return ApplicationUser(
        id=found["systemuserid"],
        name=found["fullname"] or "",
        business_unit_id=found["_businessunitid_value"],
        role_ids=frozenset(role["roleid"] for role in found["systemuserroles_association"]),
    )
