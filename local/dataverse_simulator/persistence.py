"""What survives a restart: definitions, rows, fired triggers, started journeys; one JSON file.

Read-only tables (custom APIs, privileges) always come from the seed. Seeded rows that cannot be
deleted (purposes, topics) are there whether the file has them or not.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local.dataverse_simulator.column_values import stored_value
from local.dataverse_simulator.definitions import Table, Value
from local.dataverse_simulator.errors import DataverseError
from local.dataverse_simulator.security import know_privileges
from local.dataverse_simulator.store import (
    Customization,
    FiredTrigger,
    JourneyStart,
    Row,
    Store,
)
from local.simulator.saved_file import DataFileBroken

FILE_NAME = "dataverse.json"


class SeedBroken(Exception):
    """The seed's rows don't fit its tables; the message says which."""


def fill_from_seed(store: Store, rows: Mapping[str, list[Mapping[str, Value]]], now: str) -> None:
    """Put the seeded rows into an empty store. Raise SeedBroken where one does not fit."""
    for entity_set, given in rows.items():
        table = store.tables.by_entity_set.get(entity_set)
        if table is None:
            raise SeedBroken(f"seed rows: there is no table '{entity_set}'")
        for values in given:
            checked = _seeded_values(table, values)
            stamps: dict[str, Value] = {"createdon": now, "modifiedon": now}
            store.put(table, str(checked[table.primary_id]), {**checked, **stamps})


def _seeded_values(table: Table, values: Mapping[str, Value]) -> dict[str, Value]:
    place = f"seed rows of '{table.entity_set_name}'"
    unknown = values.keys() - table.by_name.keys()
    if unknown or not values.get(table.primary_id):
        problem = f"no column {sorted(unknown)}" if unknown else f"{table.primary_id} is missing"
        raise SeedBroken(f"{place}: {problem}")
    try:
        given = {
            name: stored_value(table, table.by_name[name], value) for name, value in values.items()
        }
    except DataverseError as error:
        raise SeedBroken(f"{place}: {error.message}") from error
    return {column.name: column.default for column in table.columns} | given


def snapshot(store: Store) -> dict[str, Any]:
    """The file's content; cheap, as rows are never changed in place."""
    return {
        "lastVersion": store.last_version,
        "customizations": [
            {"solution": one.solution, "table": one.table.model_dump(mode="json", by_alias=True)}
            for one in store.customizations
        ],
        "tables": {
            table.entity_set_name: [
                {"version": row.version, "values": row.values} for row in store.rows(table)
            ]
            for table in _kept(store)
        },
        "triggers": [
            {"name": fired.name, "parameters": fired.parameters, "receivedAt": fired.received_at}
            for fired in store.triggers
        ],
        "journeyStarts": [
            {
                "trigger": start.trigger,
                "entitySet": start.entity_set,
                "rowId": start.row_id,
                "contactId": start.contact_id,
                "startedAt": start.started_at,
            }
            for start in store.journey_starts
        ],
    }


def restore(store: Store, folder: Path) -> bool:
    """Put what the file holds into the store; False where there is none yet.

    Columns that the tables no longer have are left out. Raise DataFileBroken.
    """
    file = folder / FILE_NAME
    if not file.exists():
        return False
    try:
        content = json.loads(file.read_text("utf-8"))
        for saved in content.get("customizations", ()):
            made = _customization(store, saved)
            store.define(made)
            know_privileges(store, made.table)
        for table in _kept(store):
            if table.entity_set_name in content["tables"]:  # earlier files lack some tables
                _restore_rows(store, table, content["tables"][table.entity_set_name])
        store.triggers = [
            FiredTrigger(
                name=fired["name"],
                parameters=fired["parameters"],
                received_at=fired["receivedAt"],
            )
            for fired in content["triggers"]
        ]
        store.journey_starts = [
            JourneyStart(
                trigger=start["trigger"],
                entity_set=start["entitySet"],
                row_id=start["rowId"],
                contact_id=start["contactId"],
                started_at=start["startedAt"],
            )
            for start in content.get("journeyStarts", ())  # files of earlier versions have none
        ]
        store.last_version = max(store.last_version, content["lastVersion"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataFileBroken(file, error) from error
    return True


def _customization(store: Store, saved: Mapping[str, Any]) -> Customization:
    """What was added to a table of the seed is added to it as it is now."""
    table = Table.model_validate(saved["table"])
    seeded = store.tables.by_logical_name.get(table.logical_name)
    if seeded is not None:
        columns = {column.name for column in seeded.columns}
        keys = {key.name for key in seeded.keys}
        table = seeded.changed(
            columns=(*seeded.columns, *(c for c in table.columns if c.name not in columns)),
            keys=(*seeded.keys, *(key for key in table.keys if key.name not in keys)),
        )
    return Customization(table=table, solution=saved["solution"])


def _restore_rows(store: Store, table: Table, entries: list[Mapping[str, Any]]) -> None:
    for row in [] if table.keeps_seed else [*store.rows(table)]:
        store.remove(table, row.id)
    for entry in entries:
        store.restore(table, _row(table, entry))


def _row(table: Table, entry: Mapping[str, Any]) -> Row:
    known = {name: entry["values"].get(name) for name in table.by_name}
    return Row(id=known[table.primary_id], version=entry["version"], values=known)


def _kept(store: Store) -> list[Table]:
    return [table for table in store.tables.all if not table.read_only]
