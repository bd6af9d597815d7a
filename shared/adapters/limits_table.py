"""Counts that all instances share, in Azure Table Storage."""

import json
from typing import Any, TypeVar

from azure.core import MatchConditions
from azure.core.exceptions import (
    AzureError,
    ResourceExistsError,
    ResourceModifiedError,
    ResourceNotFoundError,
)
from azure.data.tables import TableClient, TableServiceClient, UpdateMode
from pydantic import ValidationError

from shared.adapters.storage_access import (
    CONNECT_TIMEOUT,
    READ_TIMEOUT,
    RETRIES,
    ByIdentity,
    StorageAccess,
    failure_code,
)
from shared.failures import Changed, TemporaryFailure
from shared.ports import Versioned
from shared.values.base import Value

TABLE = "limits"
_ROW = "limit"

L = TypeVar("L", bound=Value)


class LimitsTable:
    """Implements ports.Limits. PartitionKey = the limit's name: each spreads by itself."""

    def __init__(self, access: StorageAccess) -> None:
        options: dict[str, Any] = {
            "retry_total": RETRIES,
            "connection_timeout": CONNECT_TIMEOUT,
            "read_timeout": READ_TIMEOUT,
        }
        if isinstance(access, ByIdentity):
            service = TableServiceClient(access.url, credential=access.credential, **options)
        else:
            service = TableServiceClient.from_connection_string(access.connection_string, **options)
        self._table: TableClient = service.get_table_client(TABLE)

    def find(self, name: str, none_yet: L) -> Versioned[L]:
        """See ports.Limits."""
        try:
            row = self._table.get_entity(name, _ROW)
        except ResourceNotFoundError as error:
            if "TableNotFound" in failure_code(error):
                raise TemporaryFailure(f"table {TABLE} does not exist") from None
            return Versioned(value=none_yet, etag=None)
        except AzureError as error:
            raise TemporaryFailure(f"table {TABLE}: {failure_code(error)}") from None
        try:
            value = type(none_yet).model_validate_json(str(row.get("value")))
        except ValidationError:
            # Of another version, or damaged: it counts anew. No mail may wait for a counter.
            value = none_yet
        return Versioned(value=value, etag=str(row.metadata["etag"]))

    def save(self, name: str, row: Versioned[L]) -> Versioned[L]:
        """See ports.Limits."""
        value = row.value.model_dump(mode="json", by_alias=True)
        entity = {"PartitionKey": name, "RowKey": _ROW, "value": json.dumps(value)}
        try:
            if row.etag is None:
                written = self._table.create_entity(entity)
            else:
                written = self._table.update_entity(
                    entity,
                    mode=UpdateMode.REPLACE,
                    etag=row.etag,
                    match_condition=MatchConditions.IfNotModified,
                )
        except (ResourceExistsError, ResourceModifiedError):
            raise Changed from None
        except ResourceNotFoundError as error:
            if "TableNotFound" in failure_code(error):
                raise TemporaryFailure(f"table {TABLE} does not exist") from None
            raise Changed from None
        except AzureError as error:
            raise TemporaryFailure(f"table {TABLE}: {failure_code(error)}") from None
        return row.saved_as(str(written["etag"]))

    def reach(self) -> None:
        """Raises TemporaryFailure when the table is not there or may not be read."""
        self.find("reachable", Value())
