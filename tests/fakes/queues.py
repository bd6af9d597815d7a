"""Queues in memory, for the same test cases as the real ones."""

from dataclasses import dataclass, field
from datetime import timedelta

from shared.ports import Receipt, TemporaryFailure


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A message in a queue, and after how long it becomes visible."""

    id: str
    body: str
    visible_in: timedelta


@dataclass
class FakeQueues:
    """Implements ports.Queues."""

    messages: dict[str, list[Waiting]] = field(default_factory=dict)
    down: bool = False
    _last: int = 0

    def put(
        self, queue: str, body: str | bytes, *, visible_in: timedelta = timedelta(0)
    ) -> Receipt:
        if self.down:
            raise TemporaryFailure(f"queue {queue}: down")
        if visible_in > timedelta(days=7):
            raise ValueError("a queue hides a message for seven days at most")
        self._last += 1
        text = body.decode("utf-8", "replace") if isinstance(body, bytes) else body
        message = Waiting(id=str(self._last), body=text, visible_in=visible_in)
        self.messages.setdefault(str(queue), []).append(message)
        return Receipt(queue=str(queue), message_id=message.id, pop_receipt=message.id)

    def take_back(self, receipt: Receipt) -> None:
        waiting = self.messages.get(receipt.queue, [])
        waiting[:] = [message for message in waiting if message.id != receipt.message_id]

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
