"""A record as a table row and back: plain columns where a person looks, JSON for the rest."""

import json
from collections.abc import Mapping
from typing import Any

from shared.values.mail_budget import Address
from shared.values.record import Record

# Written into each row, so that a later version of the app can read older rows.
ROW_VERSION = 1
ADDRESS_ROW = "address"

_KEYS = {"mailboxKey": "PartitionKey", "registrationId": "RowKey"}
_JSON = frozenset({"answers", "consents", "source", "mails", "click", "promotion", "mailedAt"})


def row_of(record: Record) -> dict[str, Any]:
    """PartitionKey = mailbox key, RowKey = registration id, one column per value."""
    return _row(record.model_dump(mode="json", by_alias=True))


def record_of(row: Mapping[str, Any]) -> Record:
    """The record in a row."""
    values = _values(row)
    for name in ("answers", "askedFrom", "userAgent"):
        values.setdefault(name, None)
    return Record.model_validate(values | {name: row[column] for name, column in _KEYS.items()})


def address_row_of(mailbox_key: str, address: Address) -> dict[str, Any]:
    """PartitionKey = mailbox key, RowKey = "address"."""
    values = address.model_dump(mode="json", by_alias=True)
    return _row(values) | {"PartitionKey": mailbox_key, "RowKey": ADDRESS_ROW}


def address_of(row: Mapping[str, Any]) -> Address:
    """The mail budget and suppression in an address row."""
    return Address.model_validate(_values(row))


def _row(values: Mapping[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = {"version": ROW_VERSION}
    for name, value in values.items():
        if value is None:
            continue  # a table has no null: the column is left out
        column = _KEYS.get(name, name)
        row[column] = json.dumps(value, ensure_ascii=False) if name in _JSON else value
    return row


def _values(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: json.loads(value) if name in _JSON else value
        for name, value in row.items()
        if name not in {"PartitionKey", "RowKey", "version", "Timestamp"}
        and not name.startswith("odata.")
    }
