"""The queues from outside: what waits, copies put by hand, and what lies in poison."""

from __future__ import annotations

import base64
import contextlib
import json
from dataclasses import dataclass
from typing import Any

from azure.core.exceptions import AzureError
from azure.storage.queue import LinearRetry, QueueClient

WORK = ("registrations", "promotions")
BROOMS = "follow-ups"
ALL = (*WORK, BROOMS, "linkedin-leads", "mail-reports")
MOST = 32  # what one call returns
SECONDS = 2.0  # storage may be frozen; who copies messages does not wait for it


@dataclass(frozen=True, kw_only=True)
class PoisonMessage:
    """`failure` is the cause; a message that the host itself moved there has none."""

    queue: str
    registration_id: str | None
    failure: str | None
    body: str


class Queues:
    """`copied` are the bodies that were put once more, as they stood in the queue."""

    def __init__(self, connection_string: str) -> None:
        self.copied: list[tuple[str, str]] = []
        self._clients = {
            name: QueueClient.from_connection_string(
                connection_string,
                name,
                retry_policy=LinearRetry(backoff=0, retry_total=0),
                connection_timeout=SECONDS,
                read_timeout=SECONDS,
            )
            for queue in ALL
            for name in (queue, f"{queue}-poison")
        }

    def close(self) -> None:
        for client in self._clients.values():
            client.close()

    def waiting(self, queue: str) -> int:
        """Messages that are hidden or out with a worker count, too. Raises AzureError."""
        return self._clients[queue].get_queue_properties().approximate_message_count or 0

    def poison_out_of_sight(self) -> int:
        """Poison that somebody holds for a while: it could not be counted by its ids."""
        hidden = 0
        for queue in ALL:
            visible = len(self._clients[f"{queue}-poison"].peek_messages(MOST))
            count = self.waiting(f"{queue}-poison")
            hidden += count - visible if visible < MOST else 0
        return hidden

    def copy_waiting_messages(self) -> int:
        """Put an exact copy of each message that can be seen: the queue delivers it twice.

        How many. Storage that is away is no matter.
        """
        before = len(self.copied)
        for queue in WORK:
            with contextlib.suppress(AzureError):
                for message in self._clients[queue].peek_messages(MOST):
                    self._copy(queue, str(message.content))
        return len(self.copied) - before

    def deliver_copies_again(self) -> None:
        """Everything that was ever copied comes once more, long after it was done with."""
        for queue, content in self.copied:
            self._put(queue, content)

    def poison(self) -> list[PoisonMessage]:
        """All of it; it stays there."""
        return [_parsed(queue, content) for queue in ALL for content in self._read(queue)]

    def replay_poison(self) -> int:
        """Put every message back where it came from, as one does once the cause is mended."""
        count = 0
        for queue in ALL:
            poison = self._clients[f"{queue}-poison"]
            for message in poison.receive_messages(messages_per_page=MOST):
                self._put(queue, str(message.content))
                poison.delete_message(message)
                count += 1
        return count

    def _read(self, queue: str) -> list[str]:
        """Peeking shows no more than 32: they are received, and put back when all were read."""
        poison = self._clients[f"{queue}-poison"]
        received = list(poison.receive_messages(messages_per_page=MOST))
        for message in received:
            poison.update_message(message, visibility_timeout=0)
        return [str(message.content) for message in received]

    def _copy(self, queue: str, content: str) -> None:
        if (queue, content) not in self.copied:  # copies of copies would soon be all there is
            self._put(queue, content)
            self.copied.append((queue, content))

    def _put(self, queue: str, content: str) -> None:
        self._clients[queue].send_message(content, time_to_live=-1)


def _parsed(queue: str, content: str) -> PoisonMessage:
    body = _decoded(content)
    try:
        message: dict[str, Any] = json.loads(body)
    except ValueError:
        message = {}
    registration = message.get("registration") or {}
    return PoisonMessage(
        queue=queue,
        registration_id=message.get("registrationId") or registration.get("id"),
        failure=message.get("failure"),
        body=body,
    )


def _decoded(content: str) -> str:
    try:
        return base64.b64decode(content, validate=True).decode()
    except ValueError:
        return content
