"""The Web API below `/api/data/v9.2/`: which resource answers an operation."""

from collections.abc import Callable, Mapping
from datetime import datetime

from local.dataverse_simulator.associations import on_association
from local.dataverse_simulator.custom_apis import fire
from local.dataverse_simulator.errors import (
    DataverseError,
    method_not_allowed,
    no_such_row,
    no_such_segment,
    not_simulated,
)
from local.dataverse_simulator.exchange import Answer, Operation, json_object, timestamp
from local.dataverse_simulator.making_definitions import (
    Making,
    make_definition,
    publish,
    reactivate_key,
)
from local.dataverse_simulator.metadata import answer_metadata
from local.dataverse_simulator.odata_path import RowKey, Segment, parse_key, parse_path
from local.dataverse_simulator.payload import resolved
from local.dataverse_simulator.row_operations import RowCall, on_property, on_row, on_table
from local.dataverse_simulator.rows import find_row
from local.dataverse_simulator.security import Access, Caller, caller_of
from local.dataverse_simulator.security_messages import (
    add_privileges,
    privileges_by_names,
    privileges_of,
    remove_privilege,
    role_argument,
)
from local.dataverse_simulator.seed import ORGANIZATION_ID, CustomApi
from local.dataverse_simulator.store import Row, Store

NO_REFERENCES: Mapping[str, str] = {}
BOUND = "Microsoft.Dynamics.CRM."
DEFINITIONS = ("EntityDefinitions", "RelationshipDefinitions")
MAKERS: Mapping[str, Callable[[Making], Answer]] = {
    "PublishXml": publish,
    "ReactivateEntityKey": reactivate_key,
}


class WebApi:
    """Answers one operation at a time; `now` gives the time for createdon and modifiedon.

    `index_seconds` is how long the index of a new key takes.
    """

    def __init__(
        self,
        store: Store,
        custom_apis: tuple[CustomApi, ...],
        now: Callable[[], datetime],
        index_seconds: Callable[[], float],
    ) -> None:
        self._store = store
        self._index_seconds = index_seconds
        self._actions = {api.unique_name: api for api in custom_apis}
        self._now = now

    def caller(self, operation: Operation) -> Caller:
        """Raise DataverseError (403) for who is no enabled user."""
        return caller_of(self._store, operation.application_id)

    def answer(self, operation: Operation, references: Mapping[str, str] = NO_REFERENCES) -> Answer:
        """Raise DataverseError where the operation is refused; then nothing was changed.

        `references` maps `$1` to the address of the row created under that Content-ID.
        """
        self._store.settle_keys(timestamp(self._now()))
        path = operation.path
        if path.startswith("$") and not path.startswith("$metadata"):
            path = resolved(path, references)
        segments = parse_path(path)
        access = Access(self._store, self.caller(operation))
        table = self._store.tables.by_entity_set.get(segments[0].name) if segments else None
        if table is None:
            return self._beside_tables(segments, operation, access)
        first, *rest = segments
        call = RowCall(
            store=self._store,
            table=table,
            operation=operation,
            references=references,
            now=timestamp(self._now()),
            access=access,
        )
        if first.argument is None:
            return on_table(call, rest)
        key = parse_key(table, first.argument)
        if not rest:
            return on_row(call, key)
        if rest[0].name.startswith(BOUND):
            return self._bound(call, _existing(call, key), rest[0])
        if rest[0].name in table.associations:
            row = _existing(call, key)
            call.access.demand_for_row("Read", table, row)
            return on_association(call, row, rest)
        return on_property(call, key, rest)

    def _beside_tables(
        self, segments: list[Segment], operation: Operation, access: Access
    ) -> Answer:
        if not segments:
            return self._service_document(operation)
        name = segments[0].name
        if name in DEFINITIONS and operation.method != "GET":
            return make_definition(self._making(operation, access), segments)
        if name == "EntityDefinitions":
            return answer_metadata(self._store.tables, segments, operation, access)
        if name == "$metadata":
            raise not_simulated("the CSDL $metadata document; EntityDefinitions is there")
        if len(segments) == 1:
            return self._unbound(segments[0], operation, access)
        raise no_such_segment(name)

    def _unbound(self, segment: Segment, operation: Operation, access: Access) -> Answer:
        """A function or action of the environment."""
        name = segment.name
        if make := MAKERS.get(name):
            _only(operation, "POST")
            return make(self._making(operation, access))
        if name == "WhoAmI":
            return _who_am_i(operation, access.caller)
        if name == "RetrieveRolePrivilegesRole":
            return self._role_privileges(segment, operation, access)
        if name in self._actions:
            return self._execute(self._actions[name], operation, access)
        raise no_such_segment(name)

    def _making(self, operation: Operation, access: Access) -> Making:
        return Making(
            store=self._store,
            operation=operation,
            access=access,
            now=self._now(),
            index_seconds=self._index_seconds(),
        )

    def _bound(self, call: RowCall, row: Row, segment: Segment) -> Answer:
        """A function or action of one row."""
        message = segment.name.removeprefix(BOUND)
        kind = call.table.logical_name
        if (kind, message) == ("systemuser", "RetrieveUserSetOfPrivilegesByNames"):
            _only(call.operation, "GET")
            return privileges_by_names(call.store, row, segment, call.operation)
        actions = {"AddPrivilegesRole": add_privileges, "RemovePrivilegeRole": remove_privilege}
        if kind != "role" or message not in actions:
            raise no_such_segment(segment.name)
        _only(call.operation, "POST")
        call.access.demand_for_row("Write", call.table, row)
        payload = json_object(call.operation, call.table.entity_set_name)
        return actions[message](call.store, row, payload)

    def _role_privileges(self, segment: Segment, operation: Operation, access: Access) -> Answer:
        _only(operation, "GET")
        table = self._store.tables.by_logical_name["role"]
        access.demand("Read", table)
        role = self._store.get(table, role_argument(segment))
        if role is None:
            raise no_such_row("role", role_argument(segment))
        return privileges_of(self._store, role, operation)

    def _execute(self, api: CustomApi, operation: Operation, access: Access) -> Answer:
        _only(operation, "GET" if api.is_function else "POST")
        if api.execute_privilege_name:
            access.demand_privilege(api.execute_privilege_name)
        payload = json_object(operation, "")
        return fire(self._store, api, payload, timestamp(self._now()))

    def _service_document(self, operation: Operation) -> Answer:
        _only(operation, "GET")
        sets = [
            {"name": table.entity_set_name, "kind": "EntitySet", "url": table.entity_set_name}
            for table in self._store.tables.all
        ]
        context = f"{operation.service_root}$metadata"
        return Answer(status=200, body={"@odata.context": context, "value": sets})


def _existing(call: RowCall, key: RowKey) -> Row:
    row = find_row(call.store, call.table, key)
    if row is None:
        raise no_such_row(call.table.logical_name, key.id or "")
    return row


def _who_am_i(operation: Operation, caller: Caller) -> Answer:
    """A function: with another method than GET it is not found (web-api-client-errors)."""
    if operation.method != "GET":
        raise DataverseError(
            404,
            "",
            "No HTTP resource was found that matches the request URI "
            f"'{operation.service_root}{operation.path}'.",
        )
    context = f"{operation.service_root}$metadata#Microsoft.Dynamics.CRM.WhoAmIResponse"
    return Answer(
        status=200,
        body={
            "@odata.context": context,
            "BusinessUnitId": caller.business_unit,
            "UserId": caller.id,
            "OrganizationId": ORGANIZATION_ID,
        },
    )


def _only(operation: Operation, method: str) -> None:
    if operation.method != method:
        raise method_not_allowed(operation.method)
