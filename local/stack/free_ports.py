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


def free_ports() -> range:
    """As many free ports in a row as a stack has. Raises Problem.

    Another program could take one before the stack does, which then says so.
    """
    count = len(fields(Addresses))
    starts = range(FIRST, LAST, count)
    for start in random.sample(starts, len(starts)):
        ports = range(start, start + count)
        if all(_is_free(port) for port in ports):
            return ports
    raise Problem(f"There are no {count} free ports in a row between {FIRST} and {LAST}.")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
