"""Is a port free? Asked before anything starts, as a child's own error is hard to read."""

from __future__ import annotations

import socket
import sys
from typing import TYPE_CHECKING

from local.stack.addresses import HOST
from local.stack.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

CONNECT_SECONDS = 0.5


def require_free_ports(wanted: Mapping[int, str]) -> None:
    """`wanted` maps a port to what needs it. Raises Problem for the first one in use."""
    for port, part in wanted.items():
        if _is_in_use(port):
            raise Problem(
                f"Port {port}, which {part} needs, is in use: end the program that uses it, or "
                "start the stack on other ports with --port-base, for example --port-base 9100."
            )


def _is_in_use(port: int) -> bool:
    return somebody_answers(port) or not _can_bind(port)


def somebody_answers(port: int) -> bool:
    """On macOS a listener on all addresses does not hinder a bind to 127.0.0.1."""
    try:
        socket.create_connection((HOST, port), timeout=CONNECT_SECONDS).close()
    except OSError:
        return False
    return True


def _can_bind(port: int) -> bool:
    with socket.socket() as probe:
        if sys.platform == "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:  # connections of the previous run that linger in TIME_WAIT do not count
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
