"""HTTP for what a visitor waits for: little to import, kept connections, one more try at most."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Final

import certifi
import urllib3
from urllib3.exceptions import HTTPError

from shared.adapters.storage_access import CONNECT_TIMEOUT, READ_TIMEOUT, RETRIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from urllib3 import BaseHTTPResponse

# More threads than an instance has; what is not used costs nothing.
_CONNECTIONS: Final = 100
_TIMED_OUT, _SERVER_ERROR = 408, 500
_LASTING = frozenset({501, 505})
_LONGEST_PAUSE: Final = 1.0


class NoAnswer(Exception):
    """Nobody answered; the text is the class of what happened and no address."""


class QuickHttp:
    """One for each service; safe to call from several threads, which share its connections."""

    def __init__(self) -> None:
        self._pool = urllib3.PoolManager(
            maxsize=_CONNECTIONS,
            timeout=urllib3.Timeout(connect=CONNECT_TIMEOUT, read=READ_TIMEOUT),
            retries=False,
            ca_certs=certifi.where(),  # those that the SDK trusts
        )

    def send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes = b"",
        *,
        repeated: frozenset[int] = frozenset(),
    ) -> BaseHTTPResponse:
        """The answer, read. Sent again, soon, where the service was busy or away.

        `repeated` are further statuses that mean it.

        Raises NoAnswer.
        """
        for tried in range(RETRIES + 1):
            try:
                response = self._pool.request(method, url, body=body or None, headers=headers)
            except HTTPError as error:
                if tried == RETRIES:
                    raise NoAnswer(type(error).__name__) from None
            else:
                if tried == RETRIES or not (
                    _is_busy(response.status) or response.status in repeated
                ):
                    return response
            time.sleep(random.uniform(0, _LONGEST_PAUSE))  # noqa: S311 - spreads load
        raise AssertionError("the last attempt returns or raises")


def _is_busy(status: int) -> bool:
    """As the storage SDK sees it."""
    return status == _TIMED_OUT or (status >= _SERVER_ERROR and status not in _LASTING)
