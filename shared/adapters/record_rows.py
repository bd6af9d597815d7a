"""A record as a table row and back: plain columns where a person looks, JSON for the rest.

A column holds 64 KiB of UTF-16, a row 1 MiB: long JSON goes on in `chain_2`, `chain_3` …
https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model
"""

import json
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic.alias_generators import to_camel

from shared.failures import PermanentFailure
from shared.values.base import Value
from shared.values.erased import ErasureProof
from shared.values.mail_budget import MailboxRow
from shared.values.record import Record

V = TypeVar("V", Record, MailboxRow, ErasureProof)

# Written into each row, so that a later version of the app can tell older rows apart.
ROW_VERSION = 1
ADDRESS_ROW = "address"
PROOF = "proof-"

_KEYS = {"mailboxKey": "PartitionKey", "registrationId": "RowKey"}
_JSON = frozenset(
    {
        *("answers", "consents", "source", "lead", "mails", "watch", "click", "promotion"),
        *("withdrawals", "mailedAt", "origins", "chain", "erased"),
    }
)
# Characters; the longest take two units of UTF-16 each.
_PART = 16_000


def row_of(record: Record) -> dict[str, Any]:
    """PartitionKey = mailbox key, RowKey = registration id, one column per value."""
    return _row(record.model_dump(mode="json", by_alias=True))


def readable_record(row: Mapping[str, Any]) -> Record:
    """The record in a row. Raises PermanentFailure, naming the columns that are damaged."""
    values = dict.fromkeys(("answers", "askedFrom", "userAgent")) | _values(row, Record)
    keys = {name: row[column] for name, column in _KEYS.items()}
    return _validated(Record, values | keys)


def mailbox_row_of(mailbox_key: str, mailbox: MailboxRow) -> dict[str, Any]:
    """PartitionKey = mailbox key, RowKey = "address"."""
    values = mailbox.model_dump(mode="json", by_alias=True)
    values["erased"] = values["erased"] or None  # seldom anything
    return _row(values) | {"PartitionKey": mailbox_key, "RowKey": ADDRESS_ROW}


def readable_mailbox(row: Mapping[str, Any]) -> MailboxRow:
    """The budget and suppression in an address row. Raises PermanentFailure likewise."""
    return _validated(MailboxRow, _values(row, MailboxRow))


def proof_row_of(proof: ErasureProof) -> dict[str, Any]:
    """PartitionKey = mailbox key, RowKey = "proof-" + registration id."""
    row = _row(proof.model_dump(mode="json", by_alias=True))
    return row | {"RowKey": f"{PROOF}{proof.registration_id}"}


def readable_proof(row: Mapping[str, Any]) -> ErasureProof:
    """The proof in a row. Raises PermanentFailure likewise."""
    keys = {
        "mailboxKey": row["PartitionKey"],
        "registrationId": str(row["RowKey"]).removeprefix(PROOF),
    }
    values = dict.fromkeys(("confirmedAt", "promotedAt")) | _values(row, ErasureProof)
    return _validated(ErasureProof, values | keys)


def _validated(kind: type[V], values: Mapping[str, Any]) -> V:
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        columns = sorted({str(detail["loc"][0]) for detail in error.errors(include_input=False)})
        raise PermanentFailure(f"a row is damaged in {', '.join(columns)}") from None


def _row(values: Mapping[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = {"version": ROW_VERSION}
    for name, value in values.items():
        if value is None:
            continue  # a table has no null: the column is left out
        if name in _JSON:
            row |= _columns(name, json.dumps(value, ensure_ascii=False))
        else:
            row[_KEYS.get(name, name)] = value
    return row


def _columns(name: str, text: str) -> dict[str, str]:
    """The text in as many columns as it takes."""
    columns = {name: text[:_PART]}
    for number, start in enumerate(range(_PART, len(text), _PART), start=2):
        columns[f"{name}_{number}"] = text[start : start + _PART]
    return columns


def _parts(name: str, row: Mapping[str, Any]) -> Iterator[str]:
    yield row[name]
    for number in count(2):
        part = row.get(f"{name}_{number}")
        if part is None:
            return
        yield part


def _values(row: Mapping[str, Any], kind: type[Value]) -> dict[str, Any]:
    """The columns that this version of the app knows: a newer one may have written more."""
    known = {to_camel(name) for name in kind.model_fields} & set(row)
    try:
        return {
            name: json.loads("".join(_parts(name, row))) if name in _JSON else row[name]
            for name in known
        }
    except ValueError:
        raise PermanentFailure("a row is damaged: a column holds no JSON") from None
