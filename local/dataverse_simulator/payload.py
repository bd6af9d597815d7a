"""From a JSON payload to column values: columns, lookups bound by address, what is refused.

Columns that Dataverse keeps itself (`createdon`, `modifiedon`, `fullname`) are ignored in a
payload, as the organisation service ignores columns not valid for create or update; no page of the
Web API documentation was found that says so.
"""

from collections.abc import Mapping
from typing import Any

from local.dataverse_simulator.column_values import stored_value
from local.dataverse_simulator.definitions import Column, Table, Value
from local.dataverse_simulator.errors import (
    DataverseError,
    bad_payload,
    no_such_row,
    not_simulated,
)
from local.dataverse_simulator.exchange import SERVICE_PATH
from local.dataverse_simulator.odata_path import Segment, parse_key, parse_path, split_url
from local.dataverse_simulator.rows import find_row
from local.dataverse_simulator.store import Store

BIND = "@odata.bind"


def column_changes(
    store: Store, table: Table, payload: Mapping[str, Any], references: Mapping[str, str]
) -> dict[str, Value]:
    """The payload's column values. `references` maps `$1` to the row created under Content-ID 1.

    Raise DataverseError: 400 for what the table can't take, 404 for a lookup to no row.
    """
    changes: dict[str, Value] = {}
    for name, given in payload.items():
        if name.endswith(BIND):
            column = _navigation(table, name.removesuffix(BIND))
            changes[column.name] = _bound_id(store, column, given, references)
        elif "@" in name:
            continue  # other annotations carry no data
        elif column_found := table.by_name.get(name):
            if column_found.type == "Lookup":
                raise _unknown(table, name)
            if not column_found.read_only:
                changes[name] = stored_value(table, column_found, given)
        else:
            raise _unknown(table, name)
    return changes


def _navigation(table: Table, name: str) -> Column:
    """Names of navigation properties are case-sensitive."""
    column = table.by_navigation.get(name)
    if column is None:
        raise bad_payload(
            table.entity_set_name,
            f"Microsoft.OData.ODataException: An undeclared property '{name}' which only has "
            "property annotations in the payload but no property value was found in the payload. "
            "In OData, only declared navigation properties and declared named streams can be "
            "represented as properties without values.",
        )
    return column


def _unknown(table: Table, name: str) -> DataverseError:
    if name in table.by_property:
        return DataverseError(
            400,
            "0x80048d19",
            "CRM do not support direct update of Entity Reference properties, Use Navigation "
            "properties instead.",
        )
    if name in table.by_navigation:
        return not_simulated(f"a nested row under '{name}'")
    type_name = f"Microsoft.Dynamics.CRM.{table.logical_name}"
    return bad_payload(
        table.entity_set_name,
        f"Microsoft.Crm.CrmException: Invalid property '{name}' was found in entity "
        f"'{type_name}'. ---> Microsoft.OData.ODataException: The property '{name}' does not "
        f"exist on type '{type_name}'. Make sure to only use property names that are defined by "
        "the type.",
    )


def _bound_id(
    store: Store, column: Column, address: object, references: Mapping[str, str]
) -> str | None:
    """The id of the row at `/contacts(…)`, `contacts(…)`, an absolute URL, or `$1`."""
    if address is None:
        return None
    target = store.tables.by_logical_name[column.target]
    segment = _last_segment(str(address), references)
    if segment is None or segment.name != target.entity_set_name or segment.argument is None:
        raise bad_payload(
            target.entity_set_name,
            f"Microsoft.OData.ODataException: The value '{address}' of '{column.navigation}"
            f"{BIND}' is not the address of a row in '{target.entity_set_name}'.",
        )
    key = parse_key(target, segment.argument)
    row = find_row(store, target, key)
    if row is None:
        raise no_such_row(target.logical_name, key.id or segment.argument)
    return row.id


def _last_segment(address: str, references: Mapping[str, str]) -> Segment | None:
    if address.startswith("$"):
        address = resolved(address, references)
    path = split_url(address).path
    segments = parse_path(path.removeprefix(SERVICE_PATH))
    return segments[0] if len(segments) == 1 else None


def resolved(address: str, references: Mapping[str, str]) -> str:
    """Put the row's address for a leading `$1`. Raise DataverseError (400).

    "Referencing a Content-ID before it has been declared in the request body will return the
    error HTTP 400" (execute-batch-operations-using-web-api).
    """
    name, slash, rest = address.partition("/")
    if name not in references:
        raise DataverseError(
            400, "", f"Content-ID Reference: '{name}' does not exist in the batch context."
        )
    return f"{references[name]}{slash}{rest}"
