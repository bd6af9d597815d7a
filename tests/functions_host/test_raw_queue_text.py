"""`messageEncoding: none`: the text in the queue is the body, and nothing decodes it."""

import base64
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import requests
from azure.storage.queue import QueueServiceClient

from tests.functions_host.running_host import (
    SECONDS,
    RunningHost,
    eventually,
    make_app,
    running_host,
)

IN_BASE64 = base64.b64encode(b'{"in": "base64"}').decode()
TEXTS = [IN_BASE64, '{"raw": "grüße & <b>"}', "<hello>", " two\nlines "]


@dataclass(frozen=True, kw_only=True)
class Raw:
    """A host that reads and writes raw text, and its storage."""

    host: RunningHost
    storage: QueueServiceClient
    prefix: str

    def put(self, queue: str, text: str) -> None:
        self.storage.get_queue_client(f"{self.prefix}-{queue}").send_message(text)

    def bodies(self, event: str) -> list[str]:
        return [each["body"] for each in self.host.records(event)]


@pytest.fixture(scope="module")
def raw(azurite: str, invoker: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Raw]:
    prefix = f"raw{uuid.uuid4().hex[:8]}"
    queues = {
        "maxDequeueCount": 1,
        "maxPollingInterval": "00:00:00.1",
        "messageEncoding": "none",
    }
    app = make_app(tmp_path_factory.mktemp("raw"), "queue_app", queues=queues)
    with QueueServiceClient.from_connection_string(azurite) as storage:
        for name in ("work", "plain", "relay"):
            storage.create_queue(f"{prefix}-{name}")
        environment = {"Jobs": azurite, "PREFIX": prefix}
        with running_host(app, "--invoker", invoker, environment=environment) as host:
            yield Raw(host=host, storage=storage, prefix=prefix)


@pytest.mark.parametrize("text", TEXTS)
def test_the_function_gets_the_text_as_it_stands(raw: Raw, text: str) -> None:
    raw.put("plain", text)
    eventually(lambda: text in raw.bodies("plain"), or_say=raw.host.log)


@pytest.mark.parametrize("text", [f"fail {IN_BASE64}", 'fail {"raw": 1}'])
def test_the_poison_queue_gets_the_text_unchanged(raw: Raw, text: str) -> None:
    raw.put("work", text)
    eventually(lambda: text in raw.bodies("poison"), or_say=raw.host.log)


def test_an_output_is_written_raw(raw: Raw) -> None:
    answer = requests.post(f"{raw.host.url}/api/send", json=TEXTS[:3], timeout=SECONDS)
    assert answer.status_code == 202
    made = raw.storage.get_queue_client(f"{raw.prefix}-made")
    assert sorted(message.content for message in made.receive_messages()) == sorted(TEXTS[:3])
