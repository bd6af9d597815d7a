"""Queue output bindings: what a function hands out becomes messages."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from azure.functions.meta import Datum

from local.functions_host.function import Binding
from local.functions_host.queue_message import encoded
from local.functions_host.queue_storage import QueueStorage


@dataclass(frozen=True, kw_only=True)
class QueueOutput:
    """Writes to the queues that output bindings name."""

    storage: QueueStorage
    base64: bool

    async def write(self, binding: Binding, datum: Datum) -> None:
        """Sends one message per value; creates the queue when it is missing.

        Raises AzureError when storage refuses.
        """
        queue = self.storage.queue_of(binding)
        for body in _bodies(datum):
            await queue.put(encoded(body, base64=self.base64))


def _bodies(datum: Datum) -> Iterable[bytes]:
    """One body per message: a list makes several, a QueueMessage counts for its body."""
    if datum.type is None or datum.value is None:
        return
    if datum.type == "bytes":
        yield datum.value
    elif datum.type == "json":
        value = json.loads(datum.value)
        for each in value if isinstance(value, list) else [value]:
            yield _text(each).encode()
    else:
        yield str(datum.value).encode()


def _text(value: object) -> str:
    if isinstance(value, dict) and "body" in value:
        return str(value["body"])
    return value if isinstance(value, str) else json.dumps(value)
