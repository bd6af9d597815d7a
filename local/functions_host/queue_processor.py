"""What happens to one queue message: run, then delete, release or move to the poison queue.

The rules are those of QueueProcessor in Microsoft.Azure.WebJobs.Extensions.Storage.Queues:
https://github.com/Azure/azure-sdk-for-net/tree/main/sdk/storage/Microsoft.Azure.WebJobs.Extensions.Storage.Queues
"""

import logging
from dataclasses import dataclass

from azure.core.exceptions import AzureError, HttpResponseError
from azure.functions.meta import Datum
from azure.storage.queue import QueueMessage

from local.functions_host.function import Function
from local.functions_host.host_json import QueueSettings
from local.functions_host.invocations import Invocations
from local.functions_host.message_lease import MessageLease
from local.functions_host.queue_message import Undecodable, decoded, trigger_metadata
from local.functions_host.queue_storage import Queue

log = logging.getLogger("host")


@dataclass(frozen=True, kw_only=True)
class QueueProcessor:
    """For one function. A poison queue has none of its own: `poison` is None there."""

    function: Function
    queue: Queue
    poison: Queue | None
    settings: QueueSettings
    invisible_seconds: int
    invocations: Invocations

    async def process(self, message: QueueMessage) -> None:
        """Never raises: what storage refuses is logged, and the message comes back in time."""
        try:
            await self._process(message)
        except HttpResponseError as error:
            # 404 and "pop receipt mismatch": someone else took the message meanwhile.
            log.warning(
                "message %s of %s was not completed (%s)",
                *(message.id, self.queue.name, error.error_code or error.status_code),  # type: ignore[attr-defined] # storage adds error_code
            )
        except AzureError as error:
            log.error(  # noqa: TRY400 - storage being away needs no stack trace
                "message %s of %s was not completed and comes back later: %s",
                *(message.id, self.queue.name, type(error).__name__),
            )

    async def _process(self, message: QueueMessage) -> None:
        most = self.settings.max_dequeue_count
        lease = MessageLease(self.queue, message, invisible_seconds=self.invisible_seconds)
        if _times_received(message) > most:
            await self._move_to_poison(message, lease, f"was received more than {most} times")
            return
        try:
            body = decoded(message.content, base64=self.settings.base64)
        except Undecodable:
            await self._move_to_poison(message, lease, "is not base64, see messageEncoding")
            return
        async with lease:
            succeeded = await self._run(message, body)
        if succeeded:
            await self.queue.delete(message, lease.pop_receipt)
        elif _times_received(message) >= most:
            await self._move_to_poison(message, lease, f"failed {most} times")
        elif self.poison is not None:
            seconds = int(self.settings.visibility_timeout)
            await self.queue.hide(message, lease.pop_receipt, seconds=seconds)
        # else: a failure in a poison queue stays invisible, which prevents a fast endless loop

    async def _run(self, message: QueueMessage, body: bytes) -> bool:
        try:
            trigger = Datum(body.decode(), "string")
        except UnicodeDecodeError:
            # The real host hands text to Python and so cannot bind this; it fails like a function.
            log.error("message %s of %s is not UTF-8", message.id, self.queue.name)  # noqa: TRY400 - the line says it all
            return False
        reason = f"queue {self.queue.name} {message.id}"
        outcome = await self.invocations.run(
            self.function, trigger, trigger_metadata(message), reason=reason
        )
        return outcome.succeeded

    async def _move_to_poison(
        self, message: QueueMessage, lease: MessageLease, because: str
    ) -> None:
        if self.poison is None:
            log.warning(
                "message %s of %s %s and stays invisible", message.id, self.queue.name, because
            )
            return
        log.warning(
            "message %s of %s %s and moves to %s",
            *(message.id, self.queue.name, because, self.poison.name),
        )
        await self.poison.put(message.content)
        await self.queue.delete(message, lease.pop_receipt)


def _times_received(message: QueueMessage) -> int:
    return message.dequeue_count or 0
