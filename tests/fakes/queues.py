"""Queues in memory, for the same test cases as the real ones."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from shared.failures import TemporaryFailure
from shared.ports import Receipt, TakenMessage, WaitingMessage
from tests.examples import NOON

MOST_AT_ONCE = 32
NOW = timedelta(0)


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A message in a queue, and after how long it becomes visible.

    `raw` is the body byte for byte, `body` as text. `receipt` changes whenever it is taken.
    """

    id: str
    raw: bytes
    visible_in: timedelta
    put_at: datetime
    expires_at: datetime | None = None
    receipt: str

    @property
    def body(self) -> str:
        return self.raw.decode("utf-8", "replace")


@dataclass
class FakeQueues:
    """Implements ports.Queues. `clock` is when messages are put; it makes none visible."""

    messages: dict[str, list[Waiting]] = field(default_factory=dict)
    down: bool = False
    clock: datetime = NOON
    _last: int = 0

    def put(
        self, queue: str, body: str | bytes, *, visible_in: timedelta = timedelta(0)
    ) -> Receipt:
        self.reach(queue)
        if visible_in > timedelta(days=7):
            raise ValueError("a queue hides a message for seven days at most")
        return self._put(queue, body, visible_in=visible_in, expires_at=None)

    def put_by_host(self, queue: str, body: str | bytes) -> None:
        """As the Functions host copies into a poison queue: for seven days."""
        self._put(queue, body, visible_in=NOW, expires_at=self.clock + timedelta(days=7))

    def take_back(self, receipt: Receipt) -> None:
        waiting = self.messages.get(receipt.queue, [])
        waiting[:] = [message for message in waiting if message.receipt != receipt.pop_receipt]

    def delete(self, receipt: Receipt) -> None:
        self.reach(receipt.queue)
        self.take_back(receipt)
        waiting = self.messages.get(receipt.queue, [])
        if any(message.id == receipt.message_id for message in waiting):
            raise TemporaryFailure(f"queue {receipt.queue}: somebody else has the message")

    def look(self, queue: str) -> list[WaitingMessage]:
        self.reach(queue)
        return [_as_seen(message) for message in self._visible(queue)]

    def count(self, queue: str) -> int:
        self.reach(queue)
        return len(self.messages.get(str(queue), []))

    def take(self, queue: str, *, hidden_for: timedelta) -> list[TakenMessage]:
        self.reach(queue)
        return [
            TakenMessage(
                message=_as_seen(message),
                receipt=self._changed(str(queue), message, visible_in=hidden_for),
            )
            for message in self._visible(queue)
        ]

    def give_back(self, receipt: Receipt) -> None:
        for message in self.messages.get(receipt.queue, []):
            if message.receipt == receipt.pop_receipt:
                self._changed(receipt.queue, message, visible_in=NOW)

    def reach(self, queue: str) -> None:
        if self.down:
            raise TemporaryFailure(f"queue {queue}: down")

    def bodies(self, queue: str) -> list[str]:
        """What stands in a queue, oldest first."""
        return [message.body for message in self.messages.get(queue, [])]

    def take_all(self, queue: str) -> list[str]:
        """Empty a queue, as the host does."""
        bodies = self.bodies(queue)
        self.messages[queue] = []
        return bodies

    def _put(
        self, queue: str, body: str | bytes, *, visible_in: timedelta, expires_at: datetime | None
    ) -> Receipt:
        message = Waiting(
            id=self._number(),
            raw=body.encode() if isinstance(body, str) else body,
            visible_in=visible_in,
            put_at=self.clock,
            expires_at=expires_at,
            receipt=self._number(),
        )
        self.messages.setdefault(str(queue), []).append(message)
        return Receipt(queue=str(queue), message_id=message.id, pop_receipt=message.receipt)

    def _visible(self, queue: str) -> list[Waiting]:
        waiting = self.messages.get(str(queue), [])
        return [message for message in waiting if message.visible_in <= NOW][:MOST_AT_ONCE]

    def _changed(self, queue: str, message: Waiting, *, visible_in: timedelta) -> Receipt:
        changed = replace(message, visible_in=visible_in, receipt=self._number())
        waiting = self.messages[queue]
        waiting[waiting.index(message)] = changed
        return Receipt(queue=queue, message_id=changed.id, pop_receipt=changed.receipt)

    def _number(self) -> str:
        self._last += 1
        return str(self._last)


def _as_seen(message: Waiting) -> WaitingMessage:
    return WaitingMessage(
        id=message.id, body=message.raw, put_at=message.put_at, expires_at=message.expires_at
    )
