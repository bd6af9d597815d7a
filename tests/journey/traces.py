"""Everything that the running stack stores or logs, as lines to search for traces of a person."""

import base64
import json
from collections.abc import Iterator

import requests
from azure.data.tables import TableServiceClient
from azure.storage.queue import QueueServiceClient

from tests.journey import function_log
from tests.journey.person import Person
from tests.personal_traces import found_in
from tests.running_stack import Stack


def traces_of(stack: Stack, person: Person) -> list[tuple[str, str]]:
    """What of the person stands where: rows, messages, Dataverse, the log."""
    secrets = [person.email, person.email.partition("@")[0], person.last_name]
    return [(what, line) for _, what, line in found_in(_lines(stack), secrets)]


def _lines(stack: Stack) -> Iterator[str]:
    yield from _rows(stack)
    yield from _messages(stack)
    yield from _dataverse(stack)
    yield from (f"log: {line}" for line in function_log.lines(stack))


def _rows(stack: Stack) -> Iterator[str]:
    with TableServiceClient.from_connection_string(stack.azurite) as service:
        for table in service.list_tables():
            for row in service.get_table_client(table.name).list_entities():
                yield f"table {table.name}: {json.dumps(dict(row), default=str)}"


def _messages(stack: Stack) -> Iterator[str]:
    with QueueServiceClient.from_connection_string(stack.azurite) as service:
        for queue in service.list_queues():
            for message in service.get_queue_client(queue.name).peek_messages(max_messages=32):
                yield f"queue {queue.name}: {message.content} {_decoded(message.content)}"


def _dataverse(stack: Stack) -> Iterator[str]:
    """Not the simulator's own list of the latest requests, which asked for the address."""
    state = requests.get(f"{stack.dataverse}/_simulator/state", timeout=30).json()
    for name, rows in (*state["tables"].items(), ("triggers", state["triggers"])):
        for row in rows:
            yield f"Dataverse {name}: {json.dumps(row, ensure_ascii=False)}"


def _decoded(content: str) -> str:
    try:
        return base64.b64decode(content, validate=True).decode("utf-8", "replace")
    except ValueError:
        return ""
