"""The queue adapter and its fake, through the same cases."""

import base64
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from azure.storage.queue import QueueServiceClient

from shared.adapters.queue_requests import QueueRequests
from shared.adapters.storage_access import ByConnectionString
from shared.adapters.storage_queues import StorageQueues
from shared.failures import TemporaryFailure
from shared.ports import Queues
from tests.fakes.queues import FakeQueues

MakeQueues = Callable[[], tuple[Queues, str]]


@pytest.fixture(params=["fake", "azurite", "azurite, as visitors reach it"])
def queues(request: pytest.FixtureRequest) -> tuple[Queues, str]:
    """A queue port and the name of an empty queue."""
    name = f"q-{uuid.uuid4().hex}"
    if request.param == "fake":
        return FakeQueues(), name
    connection = request.getfixturevalue("azurite")
    QueueServiceClient.from_connection_string(connection).create_queue(name)
    access = ByConnectionString(connection_string=connection)
    if request.param == "azurite":
        return StorageQueues(access), name
    requests = QueueRequests.of(access)
    assert requests
    return StorageQueues(access, requests), name


def test_put_gives_a_receipt_that_takes_the_message_back(queues: tuple[Queues, str]) -> None:
    port, name = queues
    receipt = port.put(name, '{"a": 1}', visible_in=timedelta(seconds=30))
    assert receipt.queue == name
    assert receipt.message_id
    port.take_back(receipt)
    port.take_back(receipt)  # already gone: no error
    port.delete(receipt)  # likewise


def test_an_existing_queue_can_be_reached(queues: tuple[Queues, str]) -> None:
    port, name = queues
    port.reach(name)


def test_looking_shows_what_is_visible_and_changes_nothing(queues: tuple[Queues, str]) -> None:
    port, name = queues
    assert port.look(name) == []
    assert port.count(name) == 0
    first = port.put(name, '{"name": "Jürgen 😀"}')
    port.put(name, b"\xff\xfe")
    port.put(name, "{}", visible_in=timedelta(hours=1))
    seen = port.look(name)
    assert [message.body for message in seen] == ['{"name": "Jürgen 😀"}'.encode(), b"\xff\xfe"]
    assert seen[0].id == first.message_id
    assert seen[0].expires_at is None
    assert seen[0].put_at.tzinfo is not None
    assert port.look(name) == seen
    assert port.count(name) == 3


def test_what_was_taken_is_hidden_until_it_is_given_back(queues: tuple[Queues, str]) -> None:
    port, name = queues
    port.put(name, '{"a": 1}')
    before = port.look(name)
    [taken] = port.take(name, hidden_for=timedelta(minutes=5))
    assert taken.message == before[0]
    assert port.look(name) == []
    assert port.take(name, hidden_for=timedelta(minutes=5)) == []
    assert port.count(name) == 1
    port.give_back(taken.receipt)
    assert port.look(name) == before
    port.give_back(taken.receipt)  # no longer ours: no error


def test_what_was_taken_can_be_removed(queues: tuple[Queues, str]) -> None:
    port, name = queues
    put = port.put(name, '{"a": 1}')
    [taken] = port.take(name, hidden_for=timedelta(minutes=5))
    port.take_back(put)  # somebody else has it by now
    with pytest.raises(TemporaryFailure, match=f"^queue {name}: "):
        port.delete(put)
    assert port.count(name) == 1
    port.take_back(taken.receipt)
    assert port.count(name) == 0
    port.give_back(taken.receipt)  # gone: no error


def test_no_more_than_32_at_once(queues: tuple[Queues, str]) -> None:
    port, name = queues
    for number in range(35):
        port.put(name, f'{{"number": {number}}}')
    assert len(port.look(name)) == 32
    assert len(port.take(name, hidden_for=timedelta(minutes=5))) == 32
    assert len(port.take(name, hidden_for=timedelta(minutes=5))) == 3


def test_a_message_that_the_host_copied_expires(azurite: str) -> None:
    name = f"q-{uuid.uuid4().hex}"
    client = QueueServiceClient.from_connection_string(azurite).create_queue(name)
    client.send_message('{"raw": 1}')
    client.send_message("<&>ü")
    port = StorageQueues(ByConnectionString(connection_string=azurite))
    seen = port.look(name)
    assert [message.body for message in seen] == [b'{"raw": 1}', "<&>ü".encode()]
    for message in seen:
        assert message.expires_at == message.put_at + timedelta(days=7)


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
    with pytest.raises(TemporaryFailure, match="404"):
        port.look("missing")
    with pytest.raises(TemporaryFailure, match="404"):
        port.take("missing", hidden_for=timedelta(minutes=1))


def test_storage_that_does_not_answer_is_a_temporary_failure() -> None:
    dead = (
        "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;"
        "AccountKey=a2V5;QueueEndpoint=http://127.0.0.1:9/devstoreaccount1;"
    )
    port = StorageQueues(ByConnectionString(connection_string=dead))
    with pytest.raises(TemporaryFailure, match="queue registrations"):
        port.put("registrations", "{}")
