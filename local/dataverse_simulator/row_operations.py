"""Operations on a table, a row, or one property of a row.

Sources, all below https://learn.microsoft.com/power-apps/developer/data-platform/webapi/:
create-entity-web-api, update-delete-entities-using-web-api, retrieve-entity-using-web-api,
perform-conditional-operations-using-web-api; upserts: ../use-upsert-insert-update-record.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local.dataverse_simulator.definitions import Table
from local.dataverse_simulator.errors import (
    DataverseError,
    bad_payload,
    duplicate_row,
    method_not_allowed,
    no_row_with_key,
    no_such_row,
    no_such_segment,
    not_simulated,
    secured_column,
    stale_version,
)
from local.dataverse_simulator.exchange import Answer, Operation, json_object
from local.dataverse_simulator.odata_path import RowKey, Segment
from local.dataverse_simulator.odata_query import MANY_ROWS, ONE_ROW, Query, parse_query
from local.dataverse_simulator.payload import column_changes
from local.dataverse_simulator.reading import (
    context_of,
    list_rows,
    matching_rows,
    property_of,
    shown,
)
from local.dataverse_simulator.rows import create_row, delete_row, find_row, update_row
from local.dataverse_simulator.security import Access
from local.dataverse_simulator.security_messages import inherit
from local.dataverse_simulator.store import Row, Store


@dataclass(frozen=True, kw_only=True)
class RowCall:
    """An operation on the rows of one table, with what its caller may do.

    `now` is an instant as Dataverse writes it.

    `references` maps `$1` to the address of the row created under that Content-ID.
    """

    store: Store
    table: Table
    operation: Operation
    references: Mapping[str, str]
    now: str
    access: Access

    def reads(self, row: Row) -> bool:
        return self.access.reaches("Read", self.table, row)


def on_table(call: RowCall, rest: list[Segment]) -> Answer:
    """`GET /contacts`, `GET /contacts/$count`, `POST /contacts`."""
    if [segment.name for segment in rest] == ["$count"]:
        query = parse_query(call.operation.query, MANY_ROWS)
        call.access.demand("Read", call.table)
        rows = filter(call.reads, matching_rows(call.store, call.table, query))
        return Answer(status=200, body=str(sum(1 for _ in rows)))
    if rest:
        raise no_such_segment(rest[0].name)
    if call.operation.method == "GET":
        _demand_reads(call, call.table, parse_query(call.operation.query, MANY_ROWS))
        return list_rows(call.store, call.table, call.operation, call.reads)
    if call.operation.method != "POST":
        raise method_not_allowed(call.operation.method)
    call.access.demand("Create", call.table)
    row = _create(call, _changes(call))
    return _written(call, row, created=True)


def on_row(call: RowCall, key: RowKey) -> Answer:
    """GET, PATCH (an upsert unless a condition says otherwise) and DELETE of one row.

    A PATCH that may only create needs no Write; no page was found that says so.
    """
    row = find_row(call.store, call.table, key)
    if call.operation.method == "PATCH":
        return _upsert(call, key, row)
    if row is None:
        raise _missing(call.table, key)
    if call.operation.method == "GET":
        call.access.demand_for_row("Read", call.table, row)
        return _retrieve(call, row)
    if call.operation.method != "DELETE":
        raise method_not_allowed(call.operation.method)
    call.access.demand_for_row("Delete", call.table, row)
    if call.table.keeps_seed:
        raise DataverseError(400, "0x80040265", "It can't be deleted, only deactivated.")
    _require_version(call, row)
    delete_row(call.store, call.table, row, call.now)
    return Answer(status=204)


def on_property(call: RowCall, key: RowKey, rest: list[Segment]) -> Answer:
    """GET, PUT `{"value": …}` and DELETE (empty it) of one property."""
    if len(rest) > 1 or rest[0].name in call.table.by_navigation:
        raise not_simulated("navigation paths and $ref; use $expand and @odata.bind")
    row = find_row(call.store, call.table, key)
    if row is None:
        raise _missing(call.table, key)
    column = property_of(call.table, rest[0].name)
    value: Any = row.values.get(column.name)
    reading = call.operation.method == "GET"
    call.access.demand_for_row("Read" if reading else "Write", call.table, row)
    match call.operation.method:
        case "GET" if value is None:
            return Answer(status=204)
        case "GET":
            context = f"{call.operation.service_root}$metadata#{call.operation.path}"
            return Answer(status=200, body={"@odata.context": context, "value": value})
        case "PUT":
            payload = json_object(call.operation, call.table.entity_set_name)
            if set(payload) != {"value"}:
                raise bad_payload(call.table.entity_set_name, 'The body has to be {"value": …}.')
            value = payload["value"]
        case "DELETE":
            value = None
        case other:
            raise method_not_allowed(other)
    changes = column_changes(call.store, call.table, {column.name: value}, {})
    _demand_changes(call, changes)
    update_row(call.store, call.table, row, changes, call.now)
    return Answer(status=204)


def _retrieve(call: RowCall, row: Row) -> Answer:
    """304 where `If-None-Match` names this version; never with $expand or annotations."""
    unchanged = call.operation.headers.get("if-none-match") == row.etag
    query = parse_query(call.operation.query, ONE_ROW)
    _demand_reads(call, call.table, query)
    expands = query.expand
    if unchanged and not expands and not call.operation.annotations:
        return Answer(status=304)
    return Answer(status=200, headers={"ETag": row.etag}, body=_entity(call, row))


def _upsert(call: RowCall, key: RowKey, row: Row | None) -> Answer:
    creates_only = call.operation.headers.get("if-none-match") == "*"
    if row is None or creates_only:
        call.access.demand("Create", call.table)
    else:
        call.access.demand_for_row("Write", call.table, row)
    if row is None and "if-match" in call.operation.headers:
        raise _missing(call.table, key)
    if row is not None and creates_only:
        raise duplicate_row()
    changes = _changes(call)
    if key.id and changes.get(call.table.primary_id, key.id) != key.id:
        name = call.table.primary_id
        raise bad_payload(call.table.entity_set_name, f"'{name}' differs from the URL.")
    address = "" if key.id else call.operation.path
    if row is None:
        # The body's key values win over the URL's (use-upsert-insert-update-record).
        identity = {call.table.primary_id: key.id} if key.id else key.values
        row = _create(call, {**identity, **changes})
        return _written(call, row, created=True, address=address)
    _require_version(call, row)
    kept = {name: value for name, value in changes.items() if name not in key.values}
    row = update_row(call.store, call.table, row, kept, call.now)
    return _written(call, row, created=False, address=address)


def _create(call: RowCall, changes: Mapping[str, Any]) -> Row:
    row = create_row(call.store, call.table, changes, call.now, call.access.caller.id)
    if call.table.logical_name == "role":
        return inherit(call.store, row, call.now)
    return row


def _changes(call: RowCall) -> dict[str, Any]:
    payload = json_object(call.operation, call.table.entity_set_name)
    changes = column_changes(call.store, call.table, payload, call.references)
    _demand_changes(call, changes)
    return changes


def _demand_changes(call: RowCall, changes: Mapping[str, Any]) -> None:
    """What lookups and secured columns need beyond Create or Write. Raise DataverseError (403)."""
    for name, value in changes.items():
        column = call.table.by_name[name]
        if column.secured and not call.access.is_administrator:
            raise secured_column()
        if column.type != "Lookup" or value is None or name == "ownerid":
            continue
        target = call.store.tables.by_logical_name[column.target]
        row = call.store.get(target, str(value))
        call.access.demand("Append", call.table)
        if row is not None:
            call.access.demand_for_row("AppendTo", target, row)


def _demand_reads(call: RowCall, table: Table, query: Query) -> None:
    """Read is needed for the table and for all that is expanded. Raise DataverseError (403)."""
    call.access.demand("Read", table)
    for navigation, inner in query.expand.items():
        if target := table.navigates_to(navigation):
            _demand_reads(call, call.store.tables.by_logical_name[target], inner)


def _written(call: RowCall, row: Row, *, created: bool, address: str = "") -> Answer:
    """`address` is the alternate key that addressed the row: 204 echoes it, not the GUID."""
    root = call.operation.service_root
    own_path = f"{call.table.entity_set_name}({row.id})"
    if not call.operation.prefers("return=representation"):
        entity_id = f"{root}{address or own_path}"
        headers = {"OData-EntityId": entity_id, "Location": entity_id}
        return Answer(status=204, headers=headers, created=own_path)
    return Answer(
        status=201 if created else 200,
        headers={
            "ETag": row.etag,
            "Preference-Applied": "return=representation",
            "OData-EntityId": f"{root}{own_path}",
        },
        body=_entity(call, row),
        created=own_path,
    )


def _entity(call: RowCall, row: Row) -> dict[str, Any]:
    operation = call.operation
    query = parse_query(operation.query, ONE_ROW)
    context = f"{context_of(call.table, query, operation.service_root)}/$entity"
    body = shown(call.store, call.table, row, query, operation.annotations)
    return {"@odata.context": context, **body}


def _missing(table: Table, key: RowKey) -> DataverseError:
    return (
        no_such_row(table.logical_name, key.id) if key.id else no_row_with_key(table.logical_name)
    )


def _require_version(call: RowCall, row: Row) -> None:
    if call.operation.headers.get("if-match", "*") not in ("*", row.etag):
        raise stale_version()
