"""The two queue operations on a visitor's way, without the SDK.

Importing the SDK takes longer than everything else that a first registration needs, and its
pipeline takes four times the processor time of the request itself (docs/decisions.md has the
numbers). All other operations are the SDK's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urlsplit

from shared.adapters.connection_string import queue_account
from shared.adapters.quick_http import NoAnswer, QuickHttp
from shared.adapters.storage_access import ByIdentity, StorageRefused
from shared.adapters.storage_authorization import (
    CONTENT_TYPE,
    VERSION,
    Authorization,
    BySharedKey,
    ByToken,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from urllib3 import BaseHTTPResponse

    from shared.adapters.storage_access import StorageAccess

_CREATED, _NO_CONTENT = 201, 204
_ID = re.compile(rb"<MessageId>([^<]+)</MessageId>")
_POP_RECEIPT = re.compile(rb"<PopReceipt>([^<]+)</PopReceipt>")


class QueueRequests:
    """One for the process; safe to call from several threads."""

    def __init__(self, access: StorageAccess) -> None:
        """Raises ValueError for a connection string without a key."""
        self._authorization: Authorization
        if isinstance(access, ByIdentity):
            self._address = access.url.rstrip("/")
            self._authorization = ByToken(access.credential)
        else:
            account = queue_account(access.connection_string)
            self._address = account.queues
            self._authorization = BySharedKey(account.name, account.key)
        self._path = urlsplit(self._address).path
        self._http = QuickHttp()

    def put(self, queue: str, text: str, *, visible_in: int, lives: int) -> tuple[str, str]:
        """Message id and pop receipt. `visible_in`, `lives`: seconds. Raises StorageRefused.

        https://learn.microsoft.com/rest/api/storageservices/put-message
        """
        body = f"<QueueMessage><MessageText>{text}</MessageText></QueueMessage>".encode()
        query = [("visibilitytimeout", str(visible_in)), ("messagettl", str(lives))]
        response = self._send("POST", f"/{queue}/messages", query, body)
        found = [part.search(response.data) for part in (_ID, _POP_RECEIPT)]
        if response.status != _CREATED or not all(found):
            raise StorageRefused(_told(response))
        message_id, pop_receipt = (part[1].decode() for part in found if part)
        return message_id, pop_receipt

    def delete(self, queue: str, message_id: str, pop_receipt: str) -> None:
        """Raises StorageRefused, also where it is gone already.

        https://learn.microsoft.com/rest/api/storageservices/delete-message2
        """
        path = f"/{queue}/messages/{quote(message_id, safe='')}"
        response = self._send("DELETE", path, [("popreceipt", pop_receipt)])
        if response.status != _NO_CONTENT:
            raise StorageRefused(_told(response))

    def _send(
        self, method: str, path: str, query: Sequence[tuple[str, str]], body: bytes = b""
    ) -> BaseHTTPResponse:
        headers = {
            "x-ms-version": VERSION,
            "Accept": CONTENT_TYPE,
            **({"Content-Type": CONTENT_TYPE} if body else {}),
            **self._authorization.headers(method, self._path + path, query, body),
        }
        url = f"{self._address}{path}?{urlencode(query, quote_via=quote)}"
        try:
            return self._http.send(method, url, headers, body)
        except NoAnswer as failure:
            raise StorageRefused(str(failure)) from None


def _told(response: BaseHTTPResponse) -> str:
    code = response.headers.get("x-ms-error-code")
    return f"{response.status} {code}" if code else str(response.status)
