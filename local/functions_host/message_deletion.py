"""Deletes messages with one plain HTTP call each.

The SDK's async client takes seven times the processor time for it, more than any other part of
the host: whoever measured the app measured that. Azure's own host is a process of its own, and no
Python.
"""

import time
from http import HTTPStatus
from urllib.parse import quote

import aiohttp
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError, ServiceRequestError
from azure.storage.queue import QueueSasPermissions, generate_queue_sas
from azure.storage.queue.aio import QueueClient
from yarl import URL

SECONDS = aiohttp.ClientTimeout(total=30)
# A signature is good for a while, so that it is not made for each message.
_LASTS, _RENEWED_AFTER = 24 * 3600, 12 * 3600


class MessageDeletion:
    """For one queue of an account whose key is known."""

    def __init__(self, client: QueueClient, account: str, key: str) -> None:
        self._url = f"{client.url.partition('?')[0]}/messages/"
        self._queue, self._account, self._key = client.queue_name, account, key
        self._signature, self._signed_at = "", 0.0

    async def delete(
        self, session: aiohttp.ClientSession, message_id: str, pop_receipt: str
    ) -> None:
        """Raises AzureError; ResourceNotFoundError when queue or message is gone.

        https://learn.microsoft.com/rest/api/storageservices/delete-message2
        """
        receipt = quote(pop_receipt, safe="")
        url = f"{self._url}{message_id}?popreceipt={receipt}&{self._signed()}"
        try:
            async with session.delete(URL(url, encoded=True)) as answer:
                await answer.read()
        except (aiohttp.ClientError, TimeoutError) as error:
            raise ServiceRequestError(type(error).__name__) from error
        if answer.status == HTTPStatus.NOT_FOUND:
            raise ResourceNotFoundError(f"no message {message_id} in {self._queue}")
        if answer.status != HTTPStatus.NO_CONTENT:
            raise HttpResponseError(f"deleting from {self._queue}: {answer.status}")

    def _signed(self) -> str:
        if time.time() - self._signed_at > _RENEWED_AFTER:
            self._signed_at = time.time()
            self._signature = generate_queue_sas(
                self._account,
                self._queue,
                self._key,
                QueueSasPermissions(process=True),
                expiry=_moment(self._signed_at + _LASTS),
            )
        return self._signature


def _moment(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
