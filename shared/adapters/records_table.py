"""Records in Azure Table Storage: one mailbox, one partition; every write guarded by ETag."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from azure.core import MatchConditions
from azure.core.exceptions import AzureError, HttpResponseError, ResourceNotFoundError
from azure.data.tables import UpdateMode

from shared.adapters.record_rows import (
    ADDRESS_ROW,
    PROOF,
    mailbox_row_of,
    proof_row_of,
    readable_mailbox,
    readable_proof,
    readable_record,
    row_of,
)
from shared.adapters.storage_access import StorageAccess, failure_code
from shared.adapters.table_client import is_missing_table, table_client
from shared.failures import Changed, PermanentFailure, TemporaryFailure
from shared.ports import Versioned
from shared.values.erased import ErasureProof
from shared.values.mail_budget import MailboxRow
from shared.values.record import Record, RecordKey

TABLE = "registrations"
_CONFLICT = frozenset({404, 409, 412})
_REFUSED = frozenset({400, 413})  # a row that the table cannot hold: no retry will change that

Operation = tuple[str, dict[str, Any]] | tuple[str, dict[str, Any], dict[str, Any]]


class RecordsTable:
    """Implements ports.Records."""

    def __init__(self, access: StorageAccess) -> None:
        self._table = table_client(access, TABLE)

    def find(self, key: RecordKey) -> Versioned[Record] | None:
        """See ports.Records."""
        row = self._get(key.mailbox_key, key.registration_id)
        return None if row is None else Versioned(value=readable_record(row), etag=_etag(row))

    def find_mailbox(self, mailbox_key: str) -> Versioned[MailboxRow]:
        """See ports.Records."""
        row = self._get(mailbox_key, ADDRESS_ROW)
        if row is None:
            return Versioned(value=MailboxRow(), etag=None)
        return Versioned(value=readable_mailbox(row), etag=_etag(row))

    def in_mailbox(self, mailbox_key: str) -> list[Versioned[Record]]:
        """See ports.Records."""
        with _failures():
            rows = list(
                self._table.query_entities(
                    "PartitionKey eq @mailbox", parameters={"mailbox": mailbox_key}
                )
            )
        return [
            Versioned(value=readable_record(row), etag=_etag(row))
            for row in rows
            if row["RowKey"] != ADDRESS_ROW and not row["RowKey"].startswith(PROOF)
        ]

    def with_id(self, registration_id: str) -> list[Versioned[Record]]:
        """See ports.Records."""
        with _failures():
            rows = list(
                self._table.query_entities("RowKey eq @id", parameters={"id": registration_id})
            )
        return [Versioned(value=readable_record(row), etag=_etag(row)) for row in rows]

    def save(
        self, record: Versioned[Record], mailbox: Versioned[MailboxRow] | None = None
    ) -> Versioned[Record]:
        """See ports.Records."""
        operations = [_write(row_of(record.value), record.etag)]
        if mailbox is not None:
            operations.append(_write_mailbox(record.value.mailbox_key, mailbox))
        return record.saved_as(self._commit(operations)[0])

    def save_mailbox(self, mailbox_key: str, mailbox: Versioned[MailboxRow]) -> None:
        """See ports.Records."""
        self._commit([_write_mailbox(mailbox_key, mailbox)])

    def forget(
        self,
        record: Versioned[Record],
        mailbox: Versioned[MailboxRow] | None = None,
        proof: ErasureProof | None = None,
    ) -> None:
        """See ports.Records."""
        operations = [_delete(row_of(record.value), record.etag)]
        if mailbox is not None:
            operations.append(_write_mailbox(record.value.mailbox_key, mailbox))
        if proof is not None:
            # One of an earlier registration with the same id, as after a repeated call, gives way.
            operations.append(("upsert", proof_row_of(proof), {"mode": UpdateMode.REPLACE}))
        self._commit(operations)

    def proofs(self, mailbox_key: str) -> list[Versioned[ErasureProof]]:
        """See ports.Records."""
        return self._proofs(
            "PartitionKey eq @mailbox and RowKey ge @first and RowKey lt @end",
            mailbox=mailbox_key,
            first=PROOF,
            end=PROOF[:-1] + chr(ord(PROOF[-1]) + 1),
        )

    def proofs_with_id(self, registration_id: str) -> list[Versioned[ErasureProof]]:
        """See ports.Records."""
        return self._proofs("RowKey eq @row", row=f"{PROOF}{registration_id}")

    def find_proof(self, key: RecordKey) -> Versioned[ErasureProof] | None:
        """See ports.Records."""
        row = self._get(key.mailbox_key, f"{PROOF}{key.registration_id}")
        return None if row is None else Versioned(value=readable_proof(row), etag=_etag(row))

    def drop_proof(self, proof: Versioned[ErasureProof]) -> None:
        """See ports.Records."""
        self._commit([_delete(proof_row_of(proof.value), proof.etag)])

    def reach(self) -> None:
        """Raises TemporaryFailure when the table is not there or may not be read."""
        self._get("reachable", "reachable")

    def _get(self, partition: str, row: str) -> Mapping[str, Any] | None:
        try:
            with _failures():
                return self._table.get_entity(partition, row)
        except ResourceNotFoundError:
            return None

    def _proofs(self, wanted: str, **parameters: str) -> list[Versioned[ErasureProof]]:
        with _failures():
            rows = list(self._table.query_entities(wanted, parameters=parameters))
        return [Versioned(value=readable_proof(row), etag=_etag(row)) for row in rows]

    def _commit(self, operations: list[Operation]) -> list[str]:
        """Write all or nothing; returns the new ETags."""
        with _failures():
            try:
                answers = self._written(operations)
            except HttpResponseError as error:
                if error.status_code in _CONFLICT and not is_missing_table(error):
                    raise Changed from None
                if error.status_code in _REFUSED:
                    raise PermanentFailure(f"table {TABLE}: {failure_code(error)}") from None
                raise TemporaryFailure(f"table {TABLE}: {failure_code(error)}") from None
        return [str(answer.get("etag")) for answer in answers]

    def _written(self, operations: list[Operation]) -> list[Mapping[str, Any]]:
        """One row is no transaction: that takes the SDK three times as long."""
        [(kind, row, *options), *others] = operations
        # Of others alone the SDK takes a row that is gone for a success (delete), or forgets which
        # error it was (create).
        if others or kind != "update":
            return list(self._table.submit_transaction(operations))
        return [self._table.update_entity(row, **options[0])]


@contextmanager
def _failures() -> Iterator[None]:
    """The SDK's errors as the port's; a row that is not there is no failure."""
    try:
        yield
    except ResourceNotFoundError as error:
        if is_missing_table(error):
            raise TemporaryFailure(f"table {TABLE} does not exist") from None
        raise
    except AzureError as error:
        raise TemporaryFailure(f"table {TABLE}: {failure_code(error)}") from None


def _write(row: dict[str, Any], etag: str | None) -> Operation:
    if etag is None:
        return ("create", row)
    condition = {"etag": etag, "match_condition": MatchConditions.IfNotModified}
    return ("update", row, {"mode": UpdateMode.REPLACE, **condition})


def _write_mailbox(mailbox_key: str, mailbox: Versioned[MailboxRow]) -> Operation:
    row = mailbox_row_of(mailbox_key, mailbox.value)
    if mailbox.value == MailboxRow():
        return _delete(row, mailbox.etag)
    return _write(row, mailbox.etag)


def _delete(row: dict[str, Any], etag: str | None) -> Operation:
    keys = {"PartitionKey": row["PartitionKey"], "RowKey": row["RowKey"]}
    condition = {"etag": etag, "match_condition": MatchConditions.IfNotModified}
    return ("delete", keys, condition)


def _etag(row: Mapping[str, Any]) -> str:
    return str(row.metadata["etag"])  # type: ignore[attr-defined] # TableEntity carries it
