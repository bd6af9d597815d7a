"""A row of free ports for one stack."""

from __future__ import annotations

import os
import random
import socket
from dataclasses import fields

from local.stack.addresses import HOST, Addresses
from local.stack.problem import Problem

# Below the ports that systems hand out for outgoing connections: while a part of the stack is
# dead, its port must not be taken by somebody's connection.
FIRST, LAST = 20000, 32000
# Processes that start stacks at the same time each get a share of them, FIRST-LAST, in their
# environment: between looking and listening, a port is free for all who look.
SHARE = "DOI_LOCAL_FREE_PORTS"


def free_ports() -> range:
    """As many free ports in a row as a stack has. Raises Problem.

    Another program could take one before the stack does, which then says so.
    """
    count = len(fields(Addresses))
    first, last = map(int, os.environ.get(SHARE, f"{FIRST}-{LAST}").split("-"))
    starts = range(first, last - count + 1, count)
    for start in random.sample(starts, len(starts)):
        ports = range(start, start + count)
        if all(_is_free(port) for port in ports):
            return ports
    raise Problem(f"There are no {count} free ports in a row between {first} and {last}.")


def share_of_ports(number: int, count: int) -> str:
    """What SHARE says to one of `count` processes; `number` counts from 0."""
    size = (LAST - FIRST) // count
    return f"{FIRST + number * size}-{FIRST + (number + 1) * size}"


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
