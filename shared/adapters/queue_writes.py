"""Putting messages and deleting them: with the SDK, as whoever does not serve visitors does it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from shared.adapters.access_token import why_no_token
from shared.adapters.storage_access import StorageRefused, TokenRefused, failure_code

if TYPE_CHECKING:
    from collections.abc import Callable

    from azure.core.exceptions import AzureError
    from azure.storage.queue import QueueClient


class QueueWrites(Protocol):
    """What a visitor's way needs of a queue, and nothing else."""

    def put(self, queue: str, text: str, *, visible_in: int, lives: int) -> tuple[str, str]:
        """Message id and pop receipt. `visible_in`, `lives`: seconds. Raises StorageRefused."""

    def delete(self, queue: str, message_id: str, pop_receipt: str) -> None:
        """Raises StorageRefused, also where it is gone already."""


class SdkQueueWrites:
    """Implements QueueWrites. It keeps to proxies and certificates that the environment names."""

    def __init__(self, client: Callable[[str], QueueClient]) -> None:
        """`client` gives that of a queue."""
        self._client = client

    def put(self, queue: str, text: str, *, visible_in: int, lives: int) -> tuple[str, str]:
        """See QueueWrites."""
        from azure.core.exceptions import AzureError  # noqa: PLC0415 - visitors do not need it

        try:
            put = self._client(queue).send_message(
                text, visibility_timeout=visible_in, time_to_live=lives
            )
        except AzureError as error:
            raise as_refused(error) from None
        return put.id, put.pop_receipt or ""

    def delete(self, queue: str, message_id: str, pop_receipt: str) -> None:
        """See QueueWrites."""
        from azure.core.exceptions import AzureError  # noqa: PLC0415 - visitors do not need it

        try:
            self._client(queue).delete_message(message_id, pop_receipt)
        except AzureError as error:
            raise as_refused(error) from None


def as_refused(error: AzureError) -> StorageRefused:
    """An error of the SDK; TokenRefused where nobody was asked for want of a token."""
    from azure.core.exceptions import ClientAuthenticationError  # noqa: PLC0415 - likewise

    status: int | None = getattr(error, "status_code", None)
    if status is None and isinstance(error, ClientAuthenticationError):
        return TokenRefused(why_no_token(error))
    return StorageRefused(failure_code(error), status)
