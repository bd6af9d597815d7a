"""The queues and the table of the running stack, from outside."""

import base64
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from azure.data.tables import TableClient, UpdateMode
from azure.storage.queue import QueueClient

from tests.journey.waiting import PATIENCE_SECONDS, until
from tests.running_stack import Stack


def put(stack: Stack, queue: str, body: str) -> str:
    """The message's id. The host wants base64 (`messageEncoding` in host.json)."""
    return put_as_it_is(stack, queue, base64.b64encode(body.encode()).decode())


def put_as_it_is(stack: Stack, queue: str, content: str) -> str:
    with QueueClient.from_connection_string(stack.azurite, queue) as client:
        return str(client.send_message(content, time_to_live=-1).id)


def wait_until_empty(stack: Stack, queue: str) -> None:
    """Until every message was handled; messages that are out with a worker count, too."""
    with QueueClient.from_connection_string(stack.azurite, queue) as client:
        until(
            lambda: client.get_queue_properties().approximate_message_count == 0,
            f"an empty queue {queue}",
            seconds=60,
        )


def clear(stack: Stack, queue: str) -> None:
    with QueueClient.from_connection_string(stack.azurite, queue) as client:
        client.clear_messages()


def poison(stack: Stack, queue: str) -> list[str]:
    """The messages in a queue's poison queue, decoded where they are base64."""
    with QueueClient.from_connection_string(stack.azurite, f"{queue}-poison") as client:
        return [_decoded(message.content) for message in client.peek_messages(max_messages=32)]


def wait_for_record(
    stack: Stack, registration_id: str, status: str, *, seconds: float = PATIENCE_SECONDS
) -> Mapping[str, Any]:
    """The row of a registration, as soon as it has that status."""

    def look() -> Mapping[str, Any] | None:
        row = find_record(stack, registration_id)
        return row if row and row["status"] == status else None

    return until(look, f"a record that is {status}", seconds=seconds)


def make_older(stack: Stack, registration_id: str, by: timedelta) -> None:
    """Leave the record as it will look after that time: every moment in it lies further back."""
    with TableClient.from_connection_string(stack.azurite, "registrations") as table:
        [row] = table.query_entities("RowKey eq @id", parameters={"id": registration_id})
        mails = [_moved_back(mail, by) for mail in json.loads(row["mails"])]
        older = _moved_back(row, by) | {"mails": json.dumps(mails)}
        table.update_entity(older, mode=UpdateMode.REPLACE)


def _moved_back(values: Mapping[str, Any], by: timedelta) -> dict[str, Any]:
    return {
        name: (datetime.fromisoformat(value) - by).isoformat()
        if name.endswith("At") and value is not None
        else value
        for name, value in values.items()
    }


def find_record(stack: Stack, registration_id: str) -> Mapping[str, Any] | None:
    """The row of a registration, or None."""
    with TableClient.from_connection_string(stack.azurite, "registrations") as table:
        rows = table.query_entities("RowKey eq @id", parameters={"id": registration_id})
        return next(iter(rows), None)


def _decoded(content: str) -> str:
    try:
        return base64.b64decode(content, validate=True).decode()
    except ValueError:
        return content
