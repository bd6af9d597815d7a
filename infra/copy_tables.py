"""Copies the tables of one storage account into another, when the app moves to another region.

    python infra/copy_tables.py --from https://OLD.table.core.windows.net \
        --to https://NEW.table.core.windows.net

Needs `pip install -r requirements-local.txt`, `az login`, and the roles Storage Table Data
Contributor on both accounts and Storage Queue Data Contributor on the new one. It may be repeated:
of a row that both have, the one that was written later stays.

Keys of network addresses are the exception: a day's key that the target has made itself stays,
since its own records need it, and what the other account sealed on that day cannot be opened there.
So the first run also makes the keys of the month that comes, for both: let it come before the first
visitor of the new installation.

Registrations that are under way stay where they are: the messages that will mail, remind and forget
these people are in the old account's queues, which nobody can copy. Counters of quotas begin anew.
What is left of people who were erased goes along, with new messages that end it at its time.
"""

import argparse
import contextlib
import json
import secrets
import sys
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from azure.core import MatchConditions
from azure.core.exceptions import ResourceExistsError, ResourceModifiedError
from azure.data.tables import TableClient, TableServiceClient, UpdateMode
from azure.identity import AzureCliCredential
from azure.storage.queue import QueueClient

RECORDS = "registrations"
ORIGIN_KEYS = "originkeys"
NOT_COPIED = ("limits",)
# For so many days, today included, both installations seal with the same keys.
SHARED_DAYS = 31
_KEY_BYTES = 32
# The Functions host's own: https://learn.microsoft.com/azure/azure-functions/analyze-telemetry-data
_OF_THE_HOST = "AzureFunctions"
_MAILBOX_ROW = "address"
_PROOF = "proof-"
_FOLLOW_UPS = "follow-ups"
_LONGEST_HIDING = timedelta(days=7)
_FINISHED = "promoted"

COPIED = "copied"
NEWER = "newer there"
SAME = "there already"
IN_USE = "in use there, stays"
UNDER_WAY = "under way, left"


def copy_tables(
    source: TableServiceClient, target: TableServiceClient, follow_ups: QueueClient, today: date
) -> dict[str, Counter[str]]:
    """What became of the rows, by table. `follow_ups` is the target's queue.

    Only tables that the target has: a deployment makes them. Raises AzureError.
    """
    there = {table.name for table in target.list_tables()}
    names = [table.name for table in source.list_tables() if table.name in there]
    if ORIGIN_KEYS in names:
        make_keys(source.get_table_client(ORIGIN_KEYS), today)
    return {
        name: Counter(
            copy_rows(source.get_table_client(name), target.get_table_client(name), follow_ups)
        )
        for name in sorted(names)
        if name not in NOT_COPIED and not name.startswith(_OF_THE_HOST)
    }


def make_keys(table: TableClient, today: date) -> None:
    """Those of the coming days that are not there yet, as the app itself makes them."""
    for ahead in range(SHARED_DAYS):
        day = today + timedelta(days=ahead)
        key = b64encode(secrets.token_bytes(_KEY_BYTES)).decode("ascii")
        with contextlib.suppress(ResourceExistsError):
            table.create_entity({"PartitionKey": "key", "RowKey": day.isoformat(), "key": key})


def copy_rows(source: TableClient, target: TableClient, follow_ups: QueueClient) -> Iterator[str]:
    """What became of each row."""
    for row in source.list_entities():
        if source.table_name == RECORDS and is_under_way(row):
            yield UNDER_WAY
            continue
        if source.table_name == RECORDS and (end := end_of(row)):
            # Before the row, as in the app; one too many finds nothing to end.
            follow_ups.send_message(
                b64encode(json.dumps(end).encode()).decode(),
                visibility_timeout=_hidden_for(end["dueAt"]),
                time_to_live=-1,
            )
        yield _copied(row, target)


def is_under_way(row: Mapping[str, Any]) -> bool:
    """A registration that is not in Dataverse yet. A mailbox's own row and a proof never are."""
    of_record = row["RowKey"] != _MAILBOX_ROW and not row["RowKey"].startswith(_PROOF)
    return of_record and row.get("status") != _FINISHED


def end_of(row: Mapping[str, Any]) -> dict[str, Any] | None:
    """The app's message that ends what is left of erased people; None where nothing is."""
    if row["RowKey"].startswith(_PROOF):
        registration, due_at = row["RowKey"].removeprefix(_PROOF), row["until"]
    elif notes := json.loads(row.get("erased") or "{}"):
        registration, due_at = str(uuid4()), max(note["until"] for note in notes.values())
    else:
        return None
    return {
        "version": 1,
        "attempt": 1,
        "mailboxKey": row["PartitionKey"],
        "registrationId": registration,
        "followUp": "endProof",
        "dueAt": due_at,
    }


def _hidden_for(due_at: str) -> int:
    """Seconds, as long as a queue allows: the app goes on from there."""
    left = datetime.fromisoformat(due_at) - datetime.now(UTC)
    return int(min(max(left, timedelta(0)), _LONGEST_HIDING).total_seconds())


def _copied(row: Any, target: TableClient) -> str:
    values = dict(row)
    try:
        target.create_entity(values)
    except ResourceExistsError:
        return _replaced(row, values, target)
    return COPIED


def _replaced(row: Any, values: dict[str, Any], target: TableClient) -> str:
    known = target.get_entity(row["PartitionKey"], row["RowKey"])
    if dict(known) == values:
        return SAME
    if target.table_name == ORIGIN_KEYS:
        return IN_USE
    if known.metadata["timestamp"] >= row.metadata["timestamp"]:
        return NEWER
    try:
        target.update_entity(
            values,
            mode=UpdateMode.REPLACE,
            etag=known.metadata["etag"],
            match_condition=MatchConditions.IfNotModified,
        )
    except ResourceModifiedError:
        return NEWER  # the app has written it just now
    return COPIED


def told(outcome: Mapping[str, Counter[str]]) -> str:
    """A line for each table."""
    lines = [
        f"{table}: {', '.join(f'{count} {what}' for what, count in sorted(counts.items()))}"
        for table, counts in outcome.items()
        if counts
    ]
    return "\n".join(lines) or "Nothing to copy."


def main() -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(description="Copies the tables when the app moves.")
    parser.add_argument("--from", dest="source", required=True, metavar="URL")
    parser.add_argument("--to", dest="target", required=True, metavar="URL")
    given = parser.parse_args()
    if given.source == given.target:
        parser.error("--from and --to are the same account")
    credential = AzureCliCredential()
    queues = given.target.replace(".table.", ".queue.", 1)
    with (
        TableServiceClient(given.source, credential=credential) as source,
        TableServiceClient(given.target, credential=credential) as target,
        QueueClient(queues, _FOLLOW_UPS, credential=credential) as follow_ups,
    ):
        print(told(copy_tables(source, target, follow_ups, datetime.now(UTC).date())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
