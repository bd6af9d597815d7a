"""The Web API below `/api/data/v9.2/`: which resource answers an operation."""

from collections.abc import Callable, Mapping
from datetime import datetime

from local.dataverse_simulator.custom_apis import fire
from local.dataverse_simulator.errors import (
    DataverseError,
    method_not_allowed,
    no_such_segment,
    not_simulated,
)
from local.dataverse_simulator.exchange import Answer, Operation, json_object, timestamp
from local.dataverse_simulator.metadata import answer_metadata
from local.dataverse_simulator.odata_path import Segment, parse_key, parse_path
from local.dataverse_simulator.payload import resolved
from local.dataverse_simulator.row_operations import RowCall, on_property, on_row, on_table
from local.dataverse_simulator.seed import APPLICATION_USER_ID, CustomApi
from local.dataverse_simulator.store import Store

NO_REFERENCES: Mapping[str, str] = {}


class WebApi:
    """Answers one operation at a time; `now` gives the time for createdon and modifiedon."""

    def __init__(
        self, store: Store, custom_apis: tuple[CustomApi, ...], now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._tables = store.tables
        self._actions = {api.unique_name: api for api in custom_apis}
        self._now = now

    def answer(self, operation: Operation, references: Mapping[str, str] = NO_REFERENCES) -> Answer:
        """Raise DataverseError where the operation is refused; then nothing was changed.

        `references` maps `$1` to the address of the row created under that Content-ID.
        """
        path = operation.path
        if path.startswith("$") and not path.startswith("$metadata"):
            path = resolved(path, references)
        segments = parse_path(path)
        table = self._tables.by_entity_set.get(segments[0].name) if segments else None
        if table is None:
            return self._beside_tables(segments, operation)
        first, *rest = segments
        call = RowCall(
            store=self._store,
            table=table,
            operation=operation,
            references=references,
            now=timestamp(self._now()),
        )
        if first.argument is None:
            return on_table(call, rest)
        key = parse_key(table, first.argument)
        return on_property(call, key, rest) if rest else on_row(call, key)

    def _beside_tables(self, segments: list[Segment], operation: Operation) -> Answer:
        if not segments:
            return self._service_document(operation)
        name = segments[0].name
        if name == "EntityDefinitions":
            _only(operation, "GET")
            return answer_metadata(self._tables, segments, operation)
        if name == "$metadata":
            raise not_simulated("the CSDL $metadata document; EntityDefinitions is there")
        if len(segments) == 1 and name == "WhoAmI":
            return _who_am_i(operation)
        if len(segments) == 1 and name in self._actions:
            _only(operation, "POST")
            payload = json_object(operation, "")
            return fire(self._store, self._actions[name], payload, timestamp(self._now()))
        raise no_such_segment(name)

    def _service_document(self, operation: Operation) -> Answer:
        _only(operation, "GET")
        sets = [
            {"name": table.entity_set_name, "kind": "EntitySet", "url": table.entity_set_name}
            for table in self._tables.all
        ]
        context = f"{operation.service_root}$metadata"
        return Answer(status=200, body={"@odata.context": context, "value": sets})


def _who_am_i(operation: Operation) -> Answer:
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
            "BusinessUnitId": "00000000-0000-0000-0000-0000000000b1",
            "UserId": APPLICATION_USER_ID,
            "OrganizationId": "00000000-0000-0000-0000-0000000000a1",
        },
    )


def _only(operation: Operation, method: str) -> None:
    if operation.method != method:
        raise method_not_allowed(operation.method)
