"""A row of free ports for one stack."""

from __future__ import annotations

import random
import socket
from dataclasses import fields

from local.stack.addresses import HOST, Addresses
from local.stack.problem import Problem

# Below the ports that systems hand out for outgoing connections: while a part of the stack is
# dead, its port must not be taken by somebody's connection.
FIRST, LAST = 20000, 32000


def free_port_base() -> int:
    """The first of as many free ports in a row as a stack has. Raises Problem."""
    count = len(fields(Addresses))
    starts = range(FIRST, LAST, count)
    for start in random.sample(starts, len(starts)):
        if all(_is_free(port) for port in range(start, start + count)):
            return start
    raise Problem(f"There are no {count} free ports in a row between {FIRST} and {LAST}.")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
