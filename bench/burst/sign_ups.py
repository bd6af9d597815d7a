"""People who sign up at the local stack, look at the page, press the button."""

import json
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

import requests
from azure.storage.queue import QueueClient, TextBase64EncodePolicy

from bench.burst.driven_stack import DrivenStack, Seen
from bench.running_stack import Target
from bench.timing_people import new_address, registration, registrations_url
from shared.values.messages import RegistrationMessage
from shared.values.queue_body import body_in
from shared.values.queue_name import QueueName

_SECONDS = 60.0
_LINK = re.compile(r"/api/confirm\?token=(\S+)")
Call = Callable[[DrivenStack], None]


class SignUps:
    """Remembers whom it signed up: others may use the stack, too."""

    def __init__(self) -> None:
        self._addresses: set[str] = set()  # whose mails were not looked at
        self._tokens: list[str] = []

    def register(self, driven: DrivenStack) -> None:
        driven.post(registrations_url(driven.stack), json=registration(self._new()))

    def at(self, driven: DrivenStack, moments: Sequence[float]) -> Seen:
        return driven.send([self.register] * len(moments), moments, "mailed")

    def put(self, driven: DrivenStack, body: dict[str, Any], slot: datetime | None = None) -> Call:
        """Into the queue, past `register`; not to be mailed before `slot`."""
        queue = _queue(driven.stack)

        def put(_: DrivenStack) -> None:
            copied = json.loads(json.dumps(body))
            copied["slot"] = slot.isoformat() if slot else None
            copied["registration"] |= {"id": str(uuid4()), "email": self._new()}
            queue.send_message(json.dumps(copied), time_to_live=-1)

        return put

    def tokens(self, driven: DrivenStack, count: int) -> list[str]:
        """Out of mails that they got, each only once; as many more sign up as are missing."""
        if len(self._tokens) < count:
            self.at(driven, [0.0] * (count - len(self._tokens)))
            mails = requests.get(f"{driven.stack.mail}/email", timeout=_SECONDS).json()
            for mail in mails:
                address, found = mail["to"][0]["address"], _LINK.search(mail["text"])
                if address in self._addresses and found:
                    self._addresses.remove(address)
                    self._tokens.append(found[1])
        given, self._tokens[:count] = self._tokens[:count], []
        return given

    def _new(self) -> str:
        address = new_address()
        self._addresses.add(address)
        return address


def press_button(token: str) -> Call:
    def press(driven: DrivenStack) -> None:
        driven.post(f"{driven.stack.functions}/api/confirm", data={"token": token})

    return press


def show_page(token: str) -> Call:
    def show(driven: DrivenStack) -> None:
        driven.get(f"{driven.stack.functions}/api/confirm?token={token}")

    return show


def message_of_one(driven: DrivenStack, people: SignUps) -> dict[str, Any]:
    """Of a real registration, as it stands in the queue; the app is warm then, too."""
    held: dict[str, Any] = {}
    with _queue(driven.stack) as queue:

        def look(_: DrivenStack) -> None:
            for message in queue.peek_messages(1):
                held.update(json.loads(body_in(str(message.content).encode())))

        for _ in range(10):
            driven.send([people.register] * 20 + [look] * 5, [0.0] * 25, "mailed", 20)
            if held:
                RegistrationMessage.parse(json.dumps(held))
                return held
    raise RuntimeError("no message stayed in the queue long enough to be seen")


def _queue(stack: Target) -> QueueClient:
    return QueueClient.from_connection_string(
        stack.azurite, QueueName.REGISTRATIONS.value, message_encode_policy=TextBase64EncodePolicy()
    )
