"""The queue adapter and its fake, through the same cases."""

import base64
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from azure.storage.queue import QueueServiceClient

from shared.adapters.storage_access import ByConnectionString
from shared.adapters.storage_queues import StorageQueues
from shared.ports import Queues, TemporaryFailure
from tests.fakes.queues import FakeQueues

MakeQueues = Callable[[], tuple[Queues, str]]


@pytest.fixture(params=["fake", "azurite"])
def queues(request: pytest.FixtureRequest) -> tuple[Queues, str]:
    """A queue port and the name of an empty queue."""
    name = f"q-{uuid.uuid4().hex}"
    if request.param == "fake":
        return FakeQueues(), name
    connection = request.getfixturevalue("azurite")
    QueueServiceClient.from_connection_string(connection).create_queue(name)
    return StorageQueues(ByConnectionString(connection_string=connection)), name


def test_put_gives_a_receipt_that_takes_the_message_back(queues: tuple[Queues, str]) -> None:
    port, name = queues
    receipt = port.put(name, '{"a": 1}', visible_in=timedelta(seconds=30))
    assert receipt.queue == name
    assert receipt.message_id
    port.take_back(receipt)
    port.take_back(receipt)  # already gone: no error


def test_an_existing_queue_can_be_reached(queues: tuple[Queues, str]) -> None:
    port, name = queues
    port.reach(name)


def test_messages_stand_in_the_queue_as_the_host_reads_them(azurite: str) -> None:
    name = f"q-{uuid.uuid4().hex}"
    client = QueueServiceClient.from_connection_string(azurite).create_queue(name)
    port = StorageQueues(ByConnectionString(connection_string=azurite))
    port.put(name, '{"name": "Jürgen 😀"}')
    (message,) = client.peek_messages()
    assert base64.b64decode(message.content).decode() == '{"name": "Jürgen 😀"}'
    assert message.expires_on is not None
    assert message.expires_on.year == 9999  # never expires


def test_a_hidden_message_is_not_visible_yet(azurite: str) -> None:
    name = f"q-{uuid.uuid4().hex}"
    client = QueueServiceClient.from_connection_string(azurite).create_queue(name)
    port = StorageQueues(ByConnectionString(connection_string=azurite))
    receipt = port.put(name, "{}", visible_in=timedelta(days=7))
    assert client.peek_messages() == []
    assert client.get_queue_properties().approximate_message_count == 1
    port.take_back(receipt)
    assert client.get_queue_properties().approximate_message_count == 0


def test_a_missing_queue_is_a_temporary_failure_without_details(azurite: str) -> None:
    port = StorageQueues(ByConnectionString(connection_string=azurite))
    with pytest.raises(TemporaryFailure, match=r"^queue missing: 404 QueueNotFound$"):
        port.put("missing", "{}")
    with pytest.raises(TemporaryFailure, match="404"):
        port.reach("missing")


def test_storage_that_does_not_answer_is_a_temporary_failure() -> None:
    dead = (
        "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;"
        "AccountKey=a2V5;QueueEndpoint=http://127.0.0.1:9/devstoreaccount1;"
    )
    port = StorageQueues(ByConnectionString(connection_string=dead))
    with pytest.raises(TemporaryFailure, match="queue registrations"):
        port.put("registrations", "{}")
