"""Create, update, delete one row, keeping what Dataverse keeps by itself."""

from collections.abc import Mapping
from uuid import uuid4

from local.dataverse_simulator.definitions import Table, Value
from local.dataverse_simulator.errors import DataverseError, duplicate_row
from local.dataverse_simulator.odata_path import RowKey
from local.dataverse_simulator.store import JourneyStart, Row, Store


def find_row(store: Store, table: Table, key: RowKey) -> Row | None:
    if key.id:
        return store.get(table, key.id)
    return next(iter(store.find(table, key.values)), None)


def create_row(
    store: Store, table: Table, changes: Mapping[str, Value], now: str, owner: str
) -> Row:
    """Starts the journeys that wait for such a row. `owner` is the id of who creates it.

    Raise DataverseError: 400 without a required value, 412 for an id or key that is taken.
    """
    row_id = str(changes.get(table.primary_id) or uuid4())
    if store.get(table, row_id):
        raise duplicate_row()
    values: dict[str, Value] = {column.name: column.default for column in table.columns}
    if "ownerid" in table.by_name:
        values["ownerid"] = owner
    values |= {**changes, table.primary_id: row_id, "createdon": now, "modifiedon": now}
    row = store.put(table, row_id, _checked(table, values))
    for trigger in table.created_triggers:
        if contact_id := row.values.get(trigger.audience):  # nobody enters without an audience
            start = JourneyStart(
                trigger=trigger.name,
                entity_set=table.entity_set_name,
                row_id=row_id,
                contact_id=str(contact_id),
                started_at=now,
            )
            store.start_journey(start)
    return row


def update_row(store: Store, table: Table, row: Row, changes: Mapping[str, Value], now: str) -> Row:
    """Columns that `changes` does not name keep their values. Raise DataverseError as above."""
    values = {**row.values, **changes, table.primary_id: row.id, "modifiedon": now}
    return store.put(table, row.id, _checked(table, values))


def delete_row(store: Store, table: Table, row: Row, now: str) -> None:
    """Lookups that point to the row become empty ("Remove link")."""
    for other in store.tables.all:
        for column in other.columns:
            if column.target != table.logical_name:
                continue
            for child in [r for r in store.rows(other) if r.values.get(column.name) == row.id]:
                update_row(store, other, child, {column.name: None}, now)
    store.remove(table, row.id)


def _checked(table: Table, values: dict[str, Value]) -> dict[str, Value]:
    """Compute what is computed, demand what is required (message: no source found)."""
    for column in table.columns:
        if column.computed_from:
            parts = (values.get(name) for name in column.computed_from)
            values[column.name] = " ".join(str(part) for part in parts if part) or None
        if column.required and values.get(column.name) in (None, ""):
            raise DataverseError(
                400, "0x80040203", f"Attribute: {column.name} cannot be set to NULL"
            )
    return values
