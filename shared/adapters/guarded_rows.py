"""Rows of one table of Azure Table Storage; every write is guarded by ETag."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from azure.core import MatchConditions
from azure.core.exceptions import (
    AzureError,
    ResourceExistsError,
    ResourceModifiedError,
    ResourceNotFoundError,
)
from azure.data.tables import UpdateMode

from shared.adapters.storage_access import StorageAccess, failure_code
from shared.adapters.table_client import is_missing_table, table_client
from shared.failures import Changed, TemporaryFailure


class GuardedRows:
    """Raises TemporaryFailure when storage does not answer or the table does not exist."""

    def __init__(self, access: StorageAccess, table: str) -> None:
        self._name = table
        self._table = table_client(access, table)

    def get(self, partition: str, row: str) -> tuple[Mapping[str, Any], str] | None:
        """The row and its ETag, or None."""
        try:
            found = self._table.get_entity(partition, row)
        except ResourceNotFoundError as error:
            if is_missing_table(error):
                raise self._failure(error) from None
            return None
        except AzureError as error:
            raise self._failure(error) from None
        return found, str(found.metadata["etag"])

    def put(self, row: Mapping[str, Any], etag: str | None) -> str:
        """Insert (etag None) or replace; the new ETag. Raises Changed."""
        try:
            if etag is None:
                written = self._table.create_entity(row)
            else:
                written = self._table.update_entity(
                    row,
                    mode=UpdateMode.REPLACE,
                    etag=etag,
                    match_condition=MatchConditions.IfNotModified,
                )
        except (ResourceExistsError, ResourceModifiedError):
            raise Changed from None
        except ResourceNotFoundError as error:
            if etag is None:  # a row that need not be there yet: it is the table
                raise TemporaryFailure(f"table {self._name} does not exist") from None
            if is_missing_table(error):
                raise self._failure(error) from None
            raise Changed from None
        except AzureError as error:
            raise self._failure(error) from None
        return str(written["etag"])

    def delete(self, partition: str, row: str, etag: str | None) -> None:
        """One that is not there is deleted. Raises Changed."""
        try:
            self._table.delete_entity(
                partition, row, etag=etag, match_condition=MatchConditions.IfNotModified
            )
        except ResourceModifiedError:
            raise Changed from None
        except AzureError as error:
            raise self._failure(error) from None

    def where(self, column: str, value: str) -> Iterator[tuple[Mapping[str, Any], str]]:
        """All rows with this value in a column that is no key: goes through the whole table."""
        try:
            for found in self._table.query_entities(f"{column} eq @v", parameters={"v": value}):
                yield found, str(found.metadata["etag"])
        except AzureError as error:
            raise self._failure(error) from None

    def before(self, partition: str, row: str) -> Iterator[tuple[Mapping[str, Any], str]]:
        """The rows of a partition whose RowKey is smaller."""
        try:
            for found in self._table.query_entities(
                "PartitionKey eq @partition and RowKey lt @row",
                parameters={"partition": partition, "row": row},
            ):
                yield found, str(found.metadata["etag"])
        except AzureError as error:
            raise self._failure(error) from None

    def page(
        self, row: str, after: str | None, most: int
    ) -> Sequence[tuple[Mapping[str, Any], str]]:
        """Rows with this RowKey of the next partitions, so many; none after the last one."""
        try:
            pages = self._table.query_entities(
                "PartitionKey gt @after and RowKey eq @row",
                parameters={"after": after or "", "row": row},
                results_per_page=most,
            ).by_page()
            for page in pages:
                # Storage may answer with nothing but the place where it stopped looking.
                if rows := [(found, str(found.metadata["etag"])) for found in page]:
                    return rows
        except AzureError as error:
            raise self._failure(error) from None
        return []

    def _failure(self, error: AzureError) -> TemporaryFailure:
        if is_missing_table(error):
            return TemporaryFailure(f"table {self._name} does not exist")
        return TemporaryFailure(f"table {self._name}: {failure_code(error)}")
