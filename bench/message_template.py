"""Queue messages of many people, made from one that the app itself wrote."""

import json
from base64 import b64decode, b64encode
from uuid import uuid4

from azure.storage.queue import QueueClient

from bench.fresh_process import first_line
from bench.people import new_address
from bench.stack import BenchStack

REGISTRATIONS = "registrations"


def registration_messages(stack: BenchStack, count: int) -> list[str]:
    """The texts of so many messages: new people, new ids, everything else as the app wrote it.

    Nothing may work on the queue meanwhile. Raises RuntimeError when the app put no message.
    """
    first_line(["-m", "bench.first_registration"], stack.environment)
    with QueueClient.from_connection_string(stack.storage, REGISTRATIONS) as queue:
        message = queue.receive_message()
        if message is None:
            raise RuntimeError("the app put no message into its queue")
        queue.delete_message(message)
    body = b64decode(message.content).decode()
    registration = json.loads(body)["registration"]
    old = registration["id"], registration["email"]
    return [_with(body, old, (str(uuid4()), new_address())) for _ in range(count)]


def address_in(text: str) -> str:
    """Whom such a message is about."""
    return str(json.loads(b64decode(text))["registration"]["email"])


def _with(body: str, old: tuple[str, str], new: tuple[str, str]) -> str:
    for one, other in zip(old, new, strict=True):
        body = body.replace(one, other)
    return b64encode(body.encode()).decode()
