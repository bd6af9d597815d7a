"""The queues that bindings name, in whatever storage account their connection points to."""

import asyncio
import contextlib
import logging
from collections.abc import Mapping

import aiohttp
from azure.core.exceptions import AzureError, ResourceExistsError, ResourceNotFoundError
from azure.storage.queue import QueueMessage
from azure.storage.queue.aio import QueueClient, QueueServiceClient

from local.functions_host.app_settings import DEFAULT_CONNECTION, connection_string, resolved
from local.functions_host.function import Binding
from local.functions_host.message_deletion import SECONDS, MessageDeletion

log = logging.getLogger("host")


class StorageAccount:
    """One connection; says once when its storage stops answering and once when it is back."""

    def __init__(self, setting: str, connection: str) -> None:
        self.setting = setting
        # One quick retry for a hiccup; longer trouble is for the listener's own back-off.
        self.service = QueueServiceClient.from_connection_string(
            connection, retry_total=1, initial_backoff=1, random_jitter_range=0
        )
        self._answers = True
        self._session: aiohttp.ClientSession | None = None

    @property
    def session(self) -> aiohttp.ClientSession:
        """Made inside of the event loop, where it belongs."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=SECONDS)
        return self._session

    def deletion(self, client: QueueClient) -> MessageDeletion | None:
        """None where the account's key is not known."""
        name, key = (
            getattr(self.service.credential, part, None) for part in ("account_name", "account_key")
        )
        return MessageDeletion(client, name, key) if name and key else None

    async def close(self) -> None:
        """Ends the connections."""
        await self.service.close()
        if self._session is not None:
            await self._session.close()

    def answered(self) -> None:
        """Call after each success."""
        if not self._answers:
            self._answers = True
            log.warning("queue storage (%s) answers again", self.setting)

    def failed(self, error: AzureError) -> None:
        """Call after each failure that is not about one queue or message."""
        if self._answers:
            self._answers = False
            reason = str(error).strip().splitlines()[:1]
            log.error(
                "queue storage (%s) does not answer, trying on until it does: %s",
                *(self.setting, "".join(reason) or type(error).__name__),
            )


class Queue:
    """One queue. Methods raise AzureError; ResourceNotFoundError when queue or message is gone."""

    def __init__(self, account: StorageAccount, client: QueueClient) -> None:
        self.account = account
        self.name = client.queue_name
        self.arrived = asyncio.Event()
        self._client = client
        self._deletion = account.deletion(client)

    async def receive(self, count: int, *, invisible_seconds: int) -> list[QueueMessage]:
        """At most `count` messages, from one call; they stay invisible for others meanwhile."""
        pages = self._client.receive_messages(
            messages_per_page=count, visibility_timeout=invisible_seconds
        ).by_page()
        async for page in pages:
            return [message async for message in page]
        return []

    async def put(self, text: str) -> None:
        """Adds a message, creating the queue if needed, and wakes the listener in this host."""
        try:
            await self._client.send_message(text)
        except ResourceNotFoundError:
            with contextlib.suppress(ResourceExistsError):
                await self._client.create_queue()
            await self._client.send_message(text)
        self.arrived.set()

    async def hide(self, message: QueueMessage, pop_receipt: str, *, seconds: int) -> str:
        """Makes the message visible in so many seconds; returns the new pop receipt."""
        updated = await self._client.update_message(
            message.id, pop_receipt, visibility_timeout=seconds
        )
        return str(updated.pop_receipt)

    async def delete(self, message: QueueMessage, pop_receipt: str) -> None:
        """Removes the message for good."""
        if self._deletion is None:
            await self._client.delete_message(message.id, pop_receipt)
        else:
            await self._deletion.delete(self.account.session, message.id, pop_receipt)


class QueueStorage:
    """Makes each account and each queue once, so that whoever writes can wake who listens."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._accounts: dict[str, StorageAccount] = {}
        self._queues: dict[tuple[str, str], Queue] = {}

    def queue_of(self, binding: Binding, *, suffix: str = "") -> Queue:
        """The queue that a binding names; raises LoadFailure when a setting is missing."""
        setting = binding.properties.get("connection") or DEFAULT_CONNECTION
        connection = connection_string(setting, self._environment)
        name = resolved(binding.properties["queueName"], self._environment) + suffix
        if connection not in self._accounts:
            self._accounts[connection] = StorageAccount(setting, connection)
        account = self._accounts[connection]
        if (connection, name) not in self._queues:
            client = account.service.get_queue_client(name)
            self._queues[connection, name] = Queue(account, client)
        return self._queues[connection, name]

    async def close(self) -> None:
        """Ends the connections."""
        for account in self._accounts.values():
            await account.close()
