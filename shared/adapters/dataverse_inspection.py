"""What an environment has, asked through the Dataverse Web API. Reads only."""

import json
from collections.abc import Collection, Mapping
from urllib.parse import quote

import requests

from shared.adapters.access_token import AccessTokens
from shared.adapters.access_token_claims import identity_of
from shared.adapters.dataverse_definitions import (
    CHOICES,
    TABLE,
    column_of,
    depths_of,
    options_of,
    privilege_of,
    privileges_of,
    table_of,
    trigger_of,
)
from shared.adapters.dataverse_failure import Step
from shared.adapters.dataverse_query import query, text
from shared.adapters.dataverse_session import DataverseSession
from shared.dataverse.failures import NotThere
from shared.ports import Deadline
from shared.values.dataverse.definitions import (
    ColumnDefinition,
    PrivilegeDefinition,
    Purpose,
    TableDefinition,
    Topic,
    TriggerDefinition,
)
from shared.values.dataverse.depth import Depth
from shared.values.dataverse.users import DataverseUser, Identity

_INSTALL = "Customer Insights - Journeys has to be installed in the environment"
_CRM = "Microsoft.Dynamics.CRM."


def _asking(what: str) -> Step:
    return Step(name=f"looking at {what}", if_refused=_INSTALL, if_missing=_INSTALL, tells=True)


_USER = _asking("the caller")
_PRIVILEGES = _asking("privileges")
_DEFINITIONS = _asking("definitions of tables")
_CONSENT = _asking("purposes and topics")
_TRIGGERS = _asking("triggers")


class EnvironmentInspection:
    """Implements dataverse.ports.DataverseInspection for the environment at `url`.

    `credential` says in a word how the tokens are got.
    """

    def __init__(
        self,
        url: str,
        tokens: AccessTokens,
        credential: str,
        http: requests.Session,
    ) -> None:
        self.url = url.rstrip("/")
        self._tokens = tokens
        self.credential = credential
        self._dataverse = DataverseSession(url, tokens, http)

    def identity(self) -> Identity:
        """See dataverse.ports."""
        bearer = self._tokens.bearer(f"{self.url}/.default")
        return identity_of(bearer, self.credential)

    def who_am_i(self, deadline: Deadline) -> DataverseUser:
        """See dataverse.ports."""
        answer = self._dataverse.read("WhoAmI", _USER, deadline)
        return DataverseUser(
            id=answer["UserId"],
            business_unit_id=answer["BusinessUnitId"],
            organization_id=answer["OrganizationId"],
        )

    def held(
        self, user_id: str, privileges: Collection[str], deadline: Deadline
    ) -> Mapping[str, Depth]:
        """See dataverse.ports.

        RetrieveUserPrivileges would say Basic for what comes from a team, whatever its depth.
        """
        names = quote(json.dumps(sorted(privileges)))
        function = f"{_CRM}RetrieveUserSetOfPrivilegesByNames(PrivilegeNames=@p1)?@p1={names}"
        path = f"systemusers({user_id})/{function}"
        return depths_of(self._dataverse.read(path, _PRIVILEGES, deadline), by="PrivilegeName")

    def privileges_of(
        self, tables: Collection[str], deadline: Deadline
    ) -> Mapping[str, tuple[PrivilegeDefinition, ...]]:
        """See dataverse.ports."""
        path = query(
            "EntityDefinitions",
            select="LogicalName,Privileges",
            filter=_names("LogicalName", tables),
        )
        rows = self._dataverse.get(path, _DEFINITIONS, deadline)
        return {row["LogicalName"]: privileges_of(row) for row in rows}

    def privileges_named(
        self, names: Collection[str], deadline: Deadline
    ) -> Mapping[str, PrivilegeDefinition]:
        """See dataverse.ports."""
        columns = "privilegeid,name,canbebasic,canbelocal,canbedeep,canbeglobal"
        path = query("privileges", select=columns, filter=_names("name", names))
        rows = self._dataverse.get(path, _PRIVILEGES, deadline) if names else []
        return {row["name"]: privilege_of(row) for row in rows}

    def table(self, name: str, deadline: Deadline) -> TableDefinition | None:
        """See dataverse.ports."""
        path = f"EntityDefinitions(LogicalName={text(name)})?{TABLE}"
        try:
            return table_of(self._dataverse.read(path, _DEFINITIONS, deadline))
        except NotThere:
            return None

    def table_of(self, entity_set: str, deadline: Deadline) -> TableDefinition | None:
        """See dataverse.ports."""
        wanted = quote(f"EntitySetName eq {text(entity_set)}")
        path = f"EntityDefinitions?{TABLE}&$filter={wanted}"
        rows = self._dataverse.get(path, _DEFINITIONS, deadline)
        return table_of(rows[0]) if rows else None

    def columns(
        self, table: str, names: Collection[str], deadline: Deadline
    ) -> Mapping[str, ColumnDefinition]:
        """See dataverse.ports.

        Without $select: what only some kinds of column have could not be selected.
        """
        if not names:
            return {}
        wanted = quote(_names("LogicalName", names))
        path = f"EntityDefinitions(LogicalName={text(table)})/Attributes"
        rows = self._dataverse.get(f"{path}?$filter={wanted}", _DEFINITIONS, deadline)
        options: dict[str, frozenset[int]] = {}
        for kind in CHOICES:
            if any(row["AttributeTypeName"]["Value"] == f"{kind}Type" for row in rows):
                cast = f"{path}/{_CRM}{kind}AttributeMetadata?$filter={wanted}"
                expanded = f"{cast}&$select=LogicalName&$expand=OptionSet($select=Options)"
                options |= options_of(self._dataverse.get(expanded, _DEFINITIONS, deadline))
        return {row["LogicalName"]: column_of(row, options) for row in rows}

    def purposes(self, deadline: Deadline) -> Mapping[str, Purpose]:
        """See dataverse.ports."""
        path = query("msdynmkt_purposes", select="msdynmkt_purposeid,msdynmkt_name,statecode")
        return {
            row["msdynmkt_purposeid"]: Purpose(
                id=row["msdynmkt_purposeid"],
                name=row["msdynmkt_name"] or "",
                active=row["statecode"] == 0,
            )
            for row in self._dataverse.get(path, _CONSENT, deadline)
        }

    def topics(self, deadline: Deadline) -> Mapping[str, Topic]:
        """See dataverse.ports."""
        columns = "msdynmkt_topicid,msdynmkt_name,statecode,_msdynmkt_purposeid_value"
        path = query("msdynmkt_topics", select=columns)
        return {
            row["msdynmkt_topicid"]: Topic(
                id=row["msdynmkt_topicid"],
                name=row["msdynmkt_name"] or "",
                active=row["statecode"] == 0,
                purpose_id=row["_msdynmkt_purposeid_value"],
            )
            for row in self._dataverse.get(path, _CONSENT, deadline)
        }

    def trigger(self, name: str, deadline: Deadline) -> TriggerDefinition | None:
        """See dataverse.ports."""
        path = query(
            "customapis",
            select="uniquename,executeprivilegename,isfunction",
            filter=f"uniquename eq {text(name)}",
            expand="CustomAPIRequestParameters($select=uniquename,type,isoptional)",
        )
        rows = self._dataverse.get(path, _TRIGGERS, deadline)
        return trigger_of(rows[0]) if rows else None

    def trigger_names(self, deadline: Deadline) -> tuple[str, ...]:
        """See dataverse.ports."""
        path = query(
            "customapis",
            select="uniquename",
            filter="isfunction eq false and startswith(uniquename,'msdynmkt_')",
        )
        rows = self._dataverse.get(path, _TRIGGERS, deadline)
        return tuple(row["uniquename"] for row in rows)


def _names(column: str, names: Collection[str]) -> str:
    """A `$filter` for what has one of these names."""
    return " or ".join(f"{column} eq {text(name)}" for name in sorted(names))
