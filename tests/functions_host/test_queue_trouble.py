"""Queues whose storage is away, and messages that were fetched too often."""

import base64
import uuid
from contextlib import suppress
from pathlib import Path

import requests
from azure.core.exceptions import ResourceExistsError
from azure.storage.queue import QueueClient

from tests.azurite import AzuritePorts, running_azurite
from tests.functions_host.free_port import free_port
from tests.functions_host.running_host import (
    SECONDS,
    RunningHost,
    eventually,
    make_app,
    running_host,
)

AWAY = "queue storage (Jobs) does not answer"


def text(body: str) -> str:
    return base64.b64encode(body.encode()).decode()


def logged(host: RunningHost, words: str, times: int) -> None:
    eventually(lambda: host.log().count(words) >= times, or_say=host.log)


def put_messages(storage: str, name: str, *bodies: str) -> None:
    with QueueClient.from_connection_string(storage, name) as queue:
        with suppress(ResourceExistsError):
            queue.create_queue()
        for body in bodies:
            queue.send_message(text(body))


def test_outlives_storage_that_is_away(tmp_path: Path, invoker: str) -> None:
    ports = AzuritePorts(queue=free_port())
    storage = ports.connection_string()
    app = make_app(tmp_path / "app", "queue_app")
    (tmp_path / "storage").mkdir()
    environment = {"Jobs": storage, "PREFIX": "away"}
    with running_host(app, "--invoker", invoker, environment=environment) as host:
        logged(host, AWAY, 1)
        sent = requests.post(f"{host.url}/api/send", json=["x"], timeout=SECONDS)
        assert sent.status_code == 500
        with running_azurite(tmp_path / "storage", ports):
            put_messages(storage, "away-plain", "hello")
            logged(host, "plain (queue away-plain", 1)
        logged(host, AWAY, 2)
        assert host.log().count(AWAY) == 2
        assert host.log().count("queue storage (Jobs) answers again") == 1
        assert host.stop() == 0


def test_what_was_fetched_too_often_goes_to_poison_without_a_run(
    tmp_path: Path, invoker: str, azurite: str
) -> None:
    prefix = f"t{uuid.uuid4().hex[:8]}"
    queues = {"maxDequeueCount": 1, "maxPollingInterval": "00:00:00.1"}
    app = make_app(tmp_path, "queue_app", queues=queues)
    environment = {"Jobs": azurite, "PREFIX": prefix}
    with (
        QueueClient.from_connection_string(azurite, f"{prefix}-plain") as queue,
        QueueClient.from_connection_string(azurite, f"{prefix}-plain-poison") as poison,
    ):
        queue.create_queue()
        poison.create_queue()
        queue.send_message(text("hello"))
        fetched = queue.receive_message()
        assert fetched is not None
        queue.update_message(fetched, visibility_timeout=0)
        with running_host(app, "--invoker", invoker, environment=environment) as host:
            moved = eventually(poison.receive_message, or_say=host.log)
            assert moved.content == text("hello")
            assert host.records("plain") == []
            eventually(lambda: queue.get_queue_properties().approximate_message_count == 0)
            assert "was received more than 1 times and moves to" in host.log()


def test_a_failure_in_a_poison_queue_stays_invisible(
    tmp_path: Path, invoker: str, azurite: str
) -> None:
    prefix = f"t{uuid.uuid4().hex[:8]}"
    app = make_app(tmp_path, "queue_app")
    environment = {"Jobs": azurite, "PREFIX": prefix}
    poison = f"{prefix}-work-poison"

    def runs() -> list[str]:
        return [each["body"] for each in host.records("poison")]

    with running_host(app, "--invoker", invoker, environment=environment) as host:
        put_messages(azurite, poison, "fail again")
        eventually(runs, or_say=host.log)
        # Released at once, it would run again before or together with the second of these.
        for body in ("one", "two"):
            put_messages(azurite, poison, body)
            logged(host, f"work_poison (queue {poison}", len(runs()) + 1)
        assert runs() == ["fail again", "one", "two"]
        with QueueClient.from_connection_string(azurite, poison) as queue:
            eventually(lambda: queue.get_queue_properties().approximate_message_count == 1)
            assert queue.peek_messages() == []
