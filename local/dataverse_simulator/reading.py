"""Rows as the Web API shows them: selection, order, pages, expansions, annotations.

Source: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query-data-web-api.
"""

from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from typing import Any

from local.dataverse_simulator.definitions import (
    OPTION_KINDS,
    Association,
    Collection,
    Column,
    Table,
)
from local.dataverse_simulator.errors import unknown_property
from local.dataverse_simulator.exchange import Answer, Operation
from local.dataverse_simulator.odata_filter import Filter, parse_filter
from local.dataverse_simulator.odata_query import MANY_ROWS, Query, next_page, parse_query
from local.dataverse_simulator.store import Row, Store, folded

LARGEST_PAGE = 5000
FORMATTED = "OData.Community.Display.V1.FormattedValue"
LOOKUP_TABLE = "Microsoft.Dynamics.CRM.lookuplogicalname"
LOOKUP_NAVIGATION = "Microsoft.Dynamics.CRM.associatednavigationproperty"


def list_rows(
    store: Store, table: Table, operation: Operation, readable: Callable[[Row], bool]
) -> Answer:
    """`GET /contacts?…`: one page of rows, `@odata.nextLink` where there are more."""
    query = parse_query(operation.query, MANY_ROWS)
    _check_names(store, table, query)
    rows = [row for row in matching_rows(store, table, query) if readable(row)]
    limit = len(rows) if query.top is None else query.top
    size = operation.max_page_size or LARGEST_PAGE
    page = rows[query.start : min(query.start + size, limit)]
    body: dict[str, Any] = {
        "@odata.context": context_of(table, query, operation.service_root),
    }
    if query.count:
        body["@odata.count"] = min(len(rows), LARGEST_PAGE)
    body["value"] = [shown(store, table, row, query, operation.annotations) for row in page]
    if query.start + size < limit:
        following = next_page(operation.query, query.start + size)
        body["@odata.nextLink"] = f"{operation.service_root}{operation.path}?{following}"
    applied = f"odata.maxpagesize={size}" if operation.max_page_size else ""
    headers = {"Preference-Applied": applied} if applied else {}
    return Answer(status=200, headers=headers, body=body)


def _check_names(store: Store, table: Table, query: Query) -> None:
    """Raise DataverseError (400) for unknown columns, also where there is no row to show."""
    for name in query.select or ():
        property_of(table, name)
    for navigation, inner in query.expand.items():
        target = table.navigates_to(navigation)
        if target is None:
            raise unknown_property(navigation, table.logical_name)
        _check_names(store, store.tables.by_logical_name[target], inner)


def matching_rows(store: Store, table: Table, query: Query) -> list[Row]:
    """Every row that passes `$filter`, in the order of `$orderby`."""
    passing = parse_filter(table, query.filter) if query.filter else None
    rows = [
        row for row in _candidates(store, table, passing) if not passing or passing.test(row.values)
    ]
    for ordering in reversed(query.order):
        column = property_of(table, ordering.name)

        def sort_key(row: Row, name: str = column.name) -> tuple[bool, Any]:
            value = row.values.get(name)
            return (value is not None, "" if value is None else folded(value))

        rows.sort(key=sort_key, reverse=ordering.descending)
    return rows


def _candidates(store: Store, table: Table, passing: Filter | None) -> Iterable[Row]:
    """Rows worth testing: an index narrows them where the filter demands an indexed value."""
    for name, values in passing.among.items() if passing else ():
        if name == table.primary_id:
            found = (store.get(table, str(value)) for value in values)
            return [row for row in found if row]
        if store.has_index(table, name):
            rows = [row for value in values for row in store.find(table, {name: value})]
            return sorted(rows, key=lambda row: row.version)
    return store.rows(table)


def shown(
    store: Store, table: Table, row: Row, query: Query, annotations: tuple[str, ...]
) -> dict[str, Any]:
    """One row as JSON. The primary id is always there, selected or not."""
    body: dict[str, Any] = {"@odata.etag": row.etag}
    names = {column.property_name for column in table.columns}
    if query.select is not None:
        names = {property_of(table, name).property_name for name in query.select}
    for column in table.columns:
        if column.property_name in names or column.name == table.primary_id:
            body |= _annotated(store, column, row, annotations)
            body[column.property_name] = row.values.get(column.name)
    for navigation, inner in query.expand.items():
        if column_found := table.by_navigation.get(navigation):
            target, related = _related_row(store, column_found, row)
            one = shown(store, target, related, inner, annotations) if related else None
            body[navigation] = one
        elif collection := table.collections.get(navigation):
            target, many = _related_rows(store, collection, row, inner)
            body[navigation] = [shown(store, target, each, inner, annotations) for each in many]
        elif association := table.associations.get(navigation):
            target, many = associated_rows(store, association, row, inner)
            body[navigation] = [shown(store, target, each, inner, annotations) for each in many]
        else:
            raise unknown_property(navigation, table.logical_name)
    return body


def property_of(table: Table, name: str) -> Column:
    column = table.by_property.get(name)
    if column is None:
        raise unknown_property(name, table.logical_name)
    return column


def context_of(table: Table, query: Query, service_root: str) -> str:
    selected = f"({','.join(query.select)})" if query.select else ""
    return f"{service_root}$metadata#{table.entity_set_name}{selected}"


def formatted(store: Store, column: Column, row: Row) -> str | None:
    """What a person reads for this value, or None where it reads as it is stored."""
    value = row.values.get(column.name)
    if value is None:
        return None
    if column.type == "Boolean":
        return column.options.get(int(bool(value)), "Yes" if value else "No")
    if column.type in OPTION_KINDS:
        chosen = [int(part) for part in str(value).split(",")]
        return "; ".join(column.options[option] for option in chosen)
    if column.type == "Lookup":
        target = store.tables.by_logical_name[column.target]
        found = store.get(target, str(value))
        return str(found.values.get(target.primary_name)) if found else None
    if column.type in ("DateTime", "DateOnly", "Integer"):
        return str(value)
    return None


def _annotated(
    store: Store, column: Column, row: Row, wanted: tuple[str, ...]
) -> dict[str, str | None]:
    if not wanted or row.values.get(column.name) is None:
        return {}
    found = {FORMATTED: formatted(store, column, row)}
    if column.type == "Lookup":
        found |= {LOOKUP_TABLE: column.target, LOOKUP_NAVIGATION: column.navigation}
    return {
        f"{column.property_name}@{name}": text
        for name, text in found.items()
        if text is not None and any(fnmatchcase(name, pattern) for pattern in wanted)
    }


def _related_row(store: Store, column: Column, row: Row) -> tuple[Table, Row | None]:
    target = store.tables.by_logical_name[column.target]
    return target, store.get(target, str(row.values.get(column.name)))


def _related_rows(
    store: Store, collection: Collection, row: Row, query: Query
) -> tuple[Table, list[Row]]:
    table = store.tables.by_logical_name[collection.table]
    rows = matching_rows(store, table, query)
    own = [other for other in rows if other.values.get(collection.lookup) == row.id]
    return table, own[: query.top]


def associated_rows(
    store: Store, association: Association, row: Row, query: Query
) -> tuple[Table, list[Row]]:
    """The rows at the other end, of those that pass the query."""
    table = store.tables.by_logical_name[association.table]
    links = store.tables.by_logical_name[association.through]
    ids = {
        link.values[association.other]
        for link in store.rows(links)
        if link.values[association.own] == row.id
    }
    rows = [other for other in matching_rows(store, table, query) if other.id in ids]
    return table, rows[: query.top]
