"""Queue functions on a running host and a real Azurite."""

import base64
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
import requests
from azure.core.exceptions import ResourceNotFoundError
from azure.storage.queue import QueueClient

from tests.functions_host.running_host import (
    SECONDS,
    RunningHost,
    eventually,
    make_app,
    running_host,
)

INVISIBLE = 3
QUEUES = {
    "batchSize": 2,
    "newBatchThreshold": 1,
    "maxDequeueCount": 2,
    "visibilityTimeout": "00:00:00",
    "maxPollingInterval": "00:00:00.2",
}
Queues = Callable[[str], QueueClient]


def text(body: str) -> str:
    return base64.b64encode(body.encode()).decode()


@pytest.fixture(scope="module")
def prefix() -> str:
    return f"t{uuid.uuid4().hex[:8]}"


@pytest.fixture(scope="module")
def queues(azurite: str, prefix: str, invoker: str) -> Iterator[Queues]:
    """Clients by short name; they send and see the text as it is in storage."""
    clients: dict[str, QueueClient] = {}

    def client(name: str) -> QueueClient:
        if name not in clients:
            full_name = f"{prefix}-{invoker}-{name}"
            clients[name] = QueueClient.from_connection_string(azurite, full_name)
        return clients[name]

    yield client
    for each in clients.values():
        each.close()


@pytest.fixture(scope="module")
def host(
    azurite: str,
    invoker: str,
    prefix: str,
    queues: Queues,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[RunningHost]:
    for name in ("work", "plain", "relay"):
        queues(name).create_queue()
    app = make_app(tmp_path_factory.mktemp("queues"), "queue_app", queues=QUEUES)
    environment = {"Jobs": azurite, "PREFIX": f"{prefix}-{invoker}"}
    options = ["--invoker", invoker, "--invisible-seconds", str(INVISIBLE)]
    with running_host(app, *options, environment=environment) as running:
        yield running


def is_empty(queue: QueueClient) -> bool:
    """No message at all, invisible ones included."""
    return queue.get_queue_properties().approximate_message_count == 0


def bodies(host: RunningHost, event: str) -> list[str]:
    return [each["body"] for each in host.records(event)]


def arrives(host: RunningHost, event: str, body: str) -> None:
    """Waits until the function has recorded a message with that body."""
    eventually(lambda: body in bodies(host, event), or_say=host.log)


def test_hands_on_body_and_metadata_then_deletes(host: RunningHost, queues: Queues) -> None:
    sent = queues("work").send_message(text("grüße"))
    arrives(host, "work", "grüße")
    [seen] = [each for each in host.records("work") if each["body"] == "grüße"]
    assert seen["id"] == sent.id
    assert seen["times"] == 1
    assert seen["pop_receipt"]
    inserted = datetime.fromisoformat(seen["inserted"])
    assert inserted == sent.inserted_on.replace(tzinfo=inserted.tzinfo)  # type: ignore[union-attr] # set by the service
    expires = datetime.fromisoformat(seen["expires"])
    assert expires - inserted == timedelta(days=7)
    assert datetime.fromisoformat(seen["visible"]) > inserted
    eventually(lambda: is_empty(queues("work")), or_say=host.log)
    expected = f" INFO host: work (queue {queues('work').queue_name} {sent.id}) succeeded in "
    assert host.log().count(expected) == 1


def test_failures_end_in_the_poison_queue(host: RunningHost, queues: Queues) -> None:
    queues("work").send_message(text("fail for good"))
    arrives(host, "poison", "fail for good")
    times = [each["times"] for each in host.records("work") if each["body"] == "fail for good"]
    assert times == [1, 2]
    eventually(lambda: is_empty(queues("work")) and is_empty(queues("work-poison")))
    assert "ValueError('as told')" in host.log()
    assert "failed 2 times and moves to" in host.log()


@pytest.mark.parametrize(
    "content", ["{not base64}", "YWJj*", text("x") + "=", base64.b64encode(b"\xff").decode()]
)
def test_what_cannot_be_decoded_never_reaches_the_function(
    host: RunningHost, queues: Queues, content: str
) -> None:
    queues("plain").send_message(content)

    def arrived() -> list[str]:
        try:
            messages = queues("plain-poison").receive_messages(visibility_timeout=600)
        except ResourceNotFoundError:
            return []
        try:
            return [message.content for message in messages]
        except ResourceNotFoundError:
            return []

    assert eventually(arrived, or_say=host.log) == [content]
    eventually(lambda: is_empty(queues("plain")))
    queues("plain").send_message(text(f"after {content}"))
    arrives(host, "plain", f"after {content}")
    assert content not in bodies(host, "plain")


def test_keeps_a_message_to_itself_as_long_as_its_function_runs(
    host: RunningHost, queues: Queues
) -> None:
    queues("work").send_message(text("wait-long"))
    arrives(host, "work", "wait-long")
    # A message that shows up later is the clock: the first lease has run out twice by then.
    queues("plain").send_message(text("bell"), visibility_timeout=2 * INVISIBLE + 1)
    arrives(host, "plain", "bell")
    assert bodies(host, "work").count("wait-long") == 1
    host.release("wait-long")
    eventually(lambda: is_empty(queues("work")), or_say=host.log)
    assert bodies(host, "work").count("wait-long") == 1


def test_fetches_the_next_batch_when_few_enough_still_run(
    host: RunningHost, queues: Queues
) -> None:
    names = [f"wait-{number}" for number in range(4)]

    def running() -> int:
        return len(set(bodies(host, "work")) & set(names))

    for name in names:
        queues("work").send_message(text(name))
    # Two or three: batchSize is two, and newBatchThreshold one lets a batch join a single one.
    eventually(lambda: running() >= 2, or_say=host.log)
    queues("plain").send_message(text("second bell"), visibility_timeout=1)
    arrives(host, "plain", "second bell")
    assert running() in (2, 3)
    for name in names:
        host.release(name)
    eventually(lambda: is_empty(queues("work")), or_say=host.log)
    assert running() == 4


def test_an_output_wakes_the_queue_it_goes_to(host: RunningHost, queues: Queues) -> None:
    queues("relay").send_message(text("passed on"))
    arrives(host, "work", "passed on")
    eventually(lambda: is_empty(queues("relay")))


def test_outputs_make_their_queue_and_are_base64(host: RunningHost, queues: Queues) -> None:
    answer = requests.post(f"{host.url}/api/send", json=["één", "two"], timeout=SECONDS)
    assert answer.status_code == 202
    made = [message.content for message in queues("made").receive_messages()]
    assert sorted(made) == sorted([text("één"), text("two")])


def test_an_output_that_storage_refuses_fails_the_call(host: RunningHost) -> None:
    answer = requests.post(f"{host.url}/api/send-too-much", timeout=SECONDS)
    assert (answer.status_code, answer.content) == (500, b"")
    assert "send_too_much (POST /api/send-too-much) failed in " in host.log()


def test_finds_a_queue_that_is_made_later(host: RunningHost, queues: Queues) -> None:
    queues("relay").delete_queue()
    missing = f"queue {queues('relay').queue_name} does not exist yet"
    eventually(lambda: missing in host.log(), or_say=host.log)
    queues("relay").create_queue()
    queues("relay").send_message(text("late"))
    arrives(host, "work", "late")
    assert host.log().count(missing) == 1


def test_runs_a_queue_function_by_hand(host: RunningHost) -> None:
    url = f"{host.url}/admin/functions/PLAIN"
    assert requests.post(url, json={"input": "by hand"}, timeout=SECONDS).status_code == 202
    arrives(host, "plain", "by hand")
    assert requests.post(url, data="[", timeout=SECONDS).status_code == 400
