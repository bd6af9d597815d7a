"""A run that several processes share: the order of the tests, and the ports of each process."""

import os

import pytest

from local.stack.free_ports import SHARE, share_of_ports

# Whoever has nothing left to do gets the next file. What takes long goes first, so that at the end
# nobody works alone. Those that use a stack stay in the order of one process: what the stack of
# any process has seen before is then never more than it would have seen there.
LONGEST = ("tests/bench/", "tests/faults/", "tests/fuzz/", "tests/journey/", "tests/properties/")


def take_own_ports() -> None:
    """Stacks that this process starts shall not choose the ports of another's."""
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        count = int(os.environ["PYTEST_XDIST_WORKER_COUNT"])
        os.environ[SHARE] = share_of_ports(int(worker.removeprefix("gw")), count)


def longest_first(items: list[pytest.Item]) -> None:
    """Inside a folder, and from folder to folder of the others, the order stays."""
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    folders = (place for place, folder in enumerate(LONGEST) if item.nodeid.startswith(folder))
    return next(folders, len(LONGEST))
