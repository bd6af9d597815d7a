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

_CREATED, _NO_CONTENT, _UNAUTHORIZED = 201, 204, 401
_THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})
_ID = re.compile(rb"<MessageId>([^<]+)</MessageId>")
_POP_RECEIPT = re.compile(rb"<PopReceipt>([^<]+)</PopReceipt>")


class QueueRequests:
    """Implements QueueWrites. One for the process; safe to call from several threads."""

    def __init__(self, address: str, authorization: Authorization) -> None:
        """`address` is that of the queue service."""
        self._address = address.rstrip("/")
        self._authorization = authorization
        self._path = urlsplit(self._address).path
        self._http = QuickHttp()

    @classmethod
    def of(cls, access: StorageAccess) -> QueueRequests | None:
        """None for what only the SDK knows: a connection string without a key, such as a SAS.

        Raises ValueError for an address to which a token would go unencrypted.
        """
        if isinstance(access, ByIdentity):
            where = urlsplit(access.url)
            if where.scheme != "https" and where.hostname not in _THIS_MACHINE:
                raise ValueError("a token may be sent over https only")
            return cls(access.url, ByToken(access.credential))
        account = queue_account(access.connection_string)
        if account is None:
            return None
        return cls(account.queues, BySharedKey(account.name, account.key))

    def put(self, queue: str, text: str, *, visible_in: int, lives: int) -> tuple[str, str]:
        """See QueueWrites.

        https://learn.microsoft.com/rest/api/storageservices/put-message
        """
        body = f"<QueueMessage><MessageText>{text}</MessageText></QueueMessage>".encode()
        query = [("visibilitytimeout", str(visible_in)), ("messagettl", str(lives))]
        response = self._send("POST", f"/{queue}/messages", query, body)
        found = [part.search(response.data) for part in (_ID, _POP_RECEIPT)]
        if response.status != _CREATED or not all(found):
            raise _refused(response)
        message_id, pop_receipt = (part[1].decode() for part in found if part)
        return message_id, pop_receipt

    def delete(self, queue: str, message_id: str, pop_receipt: str) -> None:
        """See QueueWrites.

        https://learn.microsoft.com/rest/api/storageservices/delete-message2
        """
        path = f"/{queue}/messages/{quote(message_id, safe='')}"
        response = self._send("DELETE", path, [("popreceipt", pop_receipt)])
        if response.status != _NO_CONTENT:
            raise _refused(response)

    def _send(
        self, method: str, path: str, query: Sequence[tuple[str, str]], body: bytes = b""
    ) -> BaseHTTPResponse:
        answer = self._send_once(method, path, query, body)
        if answer.status == _UNAUTHORIZED and self._authorization.is_renewed():
            answer = self._send_once(method, path, query, body)
        return answer

    def _send_once(
        self, method: str, path: str, query: Sequence[tuple[str, str]], body: bytes
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


def _refused(response: BaseHTTPResponse) -> StorageRefused:
    code = response.headers.get("x-ms-error-code")
    told = f"{response.status} {code}" if code else str(response.status)
    return StorageRefused(told, response.status)
