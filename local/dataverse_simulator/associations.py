"""Many-to-many navigation properties: reading them, `$ref` to add and to remove.

https://learn.microsoft.com/power-apps/developer/data-platform/webapi/
associate-disassociate-entities-using-web-api. Only users and their roles can be changed: the
privileges of a role have messages of their own.
"""

from uuid import uuid4

from local.dataverse_simulator.definitions import Association
from local.dataverse_simulator.errors import (
    DataverseError,
    bad_payload,
    method_not_allowed,
    no_such_row,
    no_such_segment,
    not_simulated,
)
from local.dataverse_simulator.exchange import SERVICE_PATH, Answer, json_object
from local.dataverse_simulator.odata_path import Segment, parse_key, parse_path, split_url
from local.dataverse_simulator.odata_query import MANY_ROWS, parse_query
from local.dataverse_simulator.reading import associated_rows, context_of, shown
from local.dataverse_simulator.row_operations import RowCall
from local.dataverse_simulator.rows import find_row
from local.dataverse_simulator.store import Row

REF = "$ref"


def on_association(call: RowCall, row: Row, segments: list[Segment]) -> Answer:
    """`GET …/systemuserroles_association`, `POST …/$ref`, `DELETE …(id)/$ref`."""
    first, *rest = segments
    association = call.table.associations[first.name]
    names = [segment.name for segment in rest]
    match call.operation.method, names:
        case "GET", []:
            return _listed(call, association, row)
        case "POST", ["$ref"]:
            return _changed(call, association, row, _referred(call, association), there=True)
        case "DELETE", ["$ref"] if first.argument is not None:
            other = _row(call, association, first.argument)
            return _changed(call, association, row, other, there=False)
        case method, ["$ref"]:
            raise method_not_allowed(method)
    raise no_such_segment(names[0] if names else first.name)


def _listed(call: RowCall, association: Association, row: Row) -> Answer:
    query = parse_query(call.operation.query, MANY_ROWS)
    target = call.store.tables.by_logical_name[association.table]
    call.access.demand("Read", target)
    table, rows = associated_rows(call.store, association, row, query)
    value = [shown(call.store, table, each, query, call.operation.annotations) for each in rows]
    context = context_of(table, query, call.operation.service_root)
    return Answer(status=200, body={"@odata.context": context, "value": value})


def _changed(
    call: RowCall, association: Association, row: Row, other: Row, *, there: bool
) -> Answer:
    """Assigning a role needs prvAssignRole. A role goes to users of its own business unit."""
    if association.through != "systemuserroles":
        raise not_simulated(f"{REF} for {association.through}")
    call.access.demand_privilege("prvAssignRole")
    if row.values["businessunitid"] != other.values["businessunitid"]:
        raise DataverseError(
            400, "0x80041d0d", "The role and the user are not of the same business unit."
        )
    links = call.store.tables.by_logical_name[association.through]
    ids = {association.own: row.id, association.other: other.id}
    found = call.store.find(links, ids)
    for link in () if there else found:
        call.store.remove(links, link.id)
    if there and not found:
        new_id = str(uuid4())
        call.store.put(links, new_id, {links.primary_id: new_id, **ids})
    return Answer(status=204)


def _referred(call: RowCall, association: Association) -> Row:
    """The row at `@odata.id`. Raise DataverseError (400, 404)."""
    payload = json_object(call.operation, call.table.entity_set_name)
    address = payload.get("@odata.id")
    target = call.store.tables.by_logical_name[association.table]
    path = split_url(str(address)).path if isinstance(address, str) else ""
    segments = parse_path(path.removeprefix(SERVICE_PATH))
    if len(segments) != 1 or segments[0].name != target.entity_set_name:
        raise bad_payload(target.entity_set_name, f"'{address}' is not the address of a row.")
    return _row(call, association, segments[0].argument or "")


def _row(call: RowCall, association: Association, key: str) -> Row:
    target = call.store.tables.by_logical_name[association.table]
    row = find_row(call.store, target, parse_key(target, key))
    if row is None:
        raise no_such_row(target.logical_name, key)
    return row
