"""What processes counted of the funnel, in Azure Table Storage.

PartitionKey = the day, so that a time is a range of partitions and a day of all processes one
transaction; RowKey = the form and who counted.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import groupby
from typing import Any, Final

from azure.core import MatchConditions
from azure.core.exceptions import AzureError, ResourceNotFoundError
from azure.data.tables import TableTransactionError, UpdateMode
from pydantic import ValidationError

from shared.adapters.storage_access import StorageAccess, failure_code
from shared.adapters.table_client import is_missing_table, table_client
from shared.failures import Changed, TemporaryFailure
from shared.ports import Versioned
from shared.values.funnel import ALL, FunnelRow, Step

TABLE: Final = "funnel"
# What one transaction holds.
# https://learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions
_AT_ONCE: Final = 100
_CONFLICT: Final = frozenset({404, 409, 412})
_Operation = tuple[str, Mapping[str, Any]] | tuple[str, Mapping[str, Any], Mapping[str, Any]]


class FunnelTable:
    """Implements ports.FunnelRows."""

    def __init__(self, access: StorageAccess) -> None:
        self._table = table_client(access, TABLE)

    def save(self, rows: Sequence[FunnelRow]) -> None:
        """See ports.FunnelRows."""
        with _failures():
            for some in _transactions([_entity(row) for row in rows]):
                self._table.submit_transaction(
                    [("upsert", entity, {"mode": UpdateMode.REPLACE}) for entity in some]
                )

    def since(self, day: date) -> list[FunnelRow]:
        """See ports.FunnelRows."""
        return list(self._query("PartitionKey ge @day", day=day.isoformat()))

    def unfolded_before(self, day: date) -> list[FunnelRow]:
        """See ports.FunnelRows."""
        query = "PartitionKey lt @day and by ne @all"
        return list(self._query(query, day=day.isoformat(), all=ALL))

    def folded(self, day: date, form: str) -> Versioned[FunnelRow]:
        """See ports.FunnelRows."""
        none_yet = FunnelRow(day=day, form=form, by=ALL)
        keys = _entity(none_yet)
        with _failures():
            try:
                found = self._table.get_entity(keys["PartitionKey"], keys["RowKey"])
            except ResourceNotFoundError as error:
                if is_missing_table(error):
                    raise
                return Versioned(value=none_yet, etag=None)
        return Versioned(value=_row(found) or none_yet, etag=str(found.metadata["etag"]))

    def fold(self, together: Versioned[FunnelRow], parts: Sequence[FunnelRow]) -> None:
        """See ports.FunnelRows."""
        entity = _entity(together.value)
        write: _Operation = ("create", entity)
        if together.etag is not None:
            condition = {"etag": together.etag, "match_condition": MatchConditions.IfNotModified}
            write = ("update", entity, {"mode": UpdateMode.REPLACE, **condition})
        with _failures():
            try:
                self._table.submit_transaction(
                    [write, *(("delete", _entity(part)) for part in parts)]
                )
            except TableTransactionError as error:
                if error.status_code in _CONFLICT and not is_missing_table(error):
                    raise Changed from None
                raise

    def delete_before(self, day: date) -> None:
        """See ports.FunnelRows."""
        with _failures():
            found = list(
                self._table.query_entities(
                    "PartitionKey lt @day",
                    parameters={"day": day.isoformat()},
                    select=["PartitionKey", "RowKey"],
                )
            )
            for some in _transactions(found):
                self._table.submit_transaction([("delete", entity) for entity in some])

    def reach(self) -> None:
        """Raises TemporaryFailure when the table is not there or may not be read."""
        self.folded(date.min, "reachable")

    def _query(self, query: str, **parameters: str) -> Iterator[FunnelRow]:
        with _failures():
            for found in self._table.query_entities(query, parameters=parameters):
                if row := _row(found):
                    yield row


@contextmanager
def _failures() -> Iterator[None]:
    """The SDK's errors as the port's."""
    try:
        yield
    except AzureError as error:
        if is_missing_table(error):
            raise TemporaryFailure(f"table {TABLE} does not exist") from None
        raise TemporaryFailure(f"table {TABLE}: {failure_code(error)}") from None


def _transactions(
    entities: Sequence[Mapping[str, Any]],
) -> Iterator[Sequence[Mapping[str, Any]]]:
    """Those of one day together, so many at once."""
    ordered = sorted(entities, key=_day)
    for _, its in groupby(ordered, key=_day):
        of_day = list(its)
        for start in range(0, len(of_day), _AT_ONCE):
            yield of_day[start : start + _AT_ONCE]


def _day(entity: Mapping[str, Any]) -> str:
    return str(entity["PartitionKey"])


def _entity(row: FunnelRow) -> dict[str, Any]:
    return {
        "PartitionKey": row.day.isoformat(),
        "RowKey": f"{row.form} {row.by}",
        "by": row.by,
        "latest": json.dumps([move.model_dump(mode="json", by_alias=True) for move in row.latest]),
        **{step.value: row.counts[step] for step in Step if step in row.counts},
    }


def _row(entity: Mapping[str, Any]) -> FunnelRow | None:
    """None for one that cannot be read: of another version, or damaged. It is only a picture."""
    form, _, by = str(entity["RowKey"]).rpartition(" ")
    try:
        return FunnelRow.model_validate(
            {
                "day": entity["PartitionKey"],
                "form": form,
                "by": by,
                "counts": {step: entity[step.value] for step in Step if step.value in entity},
                "latest": json.loads(str(entity.get("latest", "[]"))),
            }
        )
    except (ValueError, ValidationError):
        return None
