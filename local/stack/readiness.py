"""Does a part answer? Real requests; a port that is merely open does not count."""

from __future__ import annotations

import http.client
import socket
from typing import TYPE_CHECKING

from local.stack.addresses import HOST

if TYPE_CHECKING:
    from collections.abc import Callable

ANSWER_SECONDS = 2.0
OK = range(200, 300)
ANY_STATUS = range(100, 600)


def answers_http(port: int, path: str, statuses: range = OK) -> Callable[[], bool]:
    def ask() -> bool:
        connection = http.client.HTTPConnection(HOST, port, timeout=ANSWER_SECONDS)
        try:
            connection.request("GET", path)
            return connection.getresponse().status in statuses
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    return ask


def answers_smtp(port: int) -> Callable[[], bool]:
    def ask() -> bool:
        try:
            with socket.create_connection((HOST, port), timeout=ANSWER_SECONDS) as connection:
                ready = connection.recv(3) == b"220"
                connection.sendall(b"QUIT\r\n")
                return ready
        except OSError:
            return False

    return ask


def all_answer(*questions: Callable[[], bool]) -> Callable[[], bool]:
    return lambda: all(ask() for ask in questions)
