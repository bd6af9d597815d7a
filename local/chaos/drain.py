"""Waiting until nothing is left to do, and saying what is left where that takes too long."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from azure.core.exceptions import AzureError

from local.chaos.queues import WORK
from local.stack.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from local.chaos.queues import Queues
    from local.stack.stop_request import StopRequest

POLL_SECONDS = 0.5
QUIET_LOOKS = 3  # in a row: a person may press a button between two looks


def left_to_do(queues: Queues, busy: Mapping[str, int]) -> dict[str, int]:
    """By name; empty when all is quiet. The brooms in `follow-ups` wait for days and don't count.

    `busy` counts what is not in a queue.
    """
    waiting = {f"messages in queue {name}": _counted(queues.waiting, name) for name in WORK}
    waiting["poison messages out of sight"] = _counted(queues.poison_out_of_sight)
    return {name: count for name, count in {**waiting, **busy}.items() if count}


def wait_until_quiet(
    look: Callable[[], Mapping[str, int]], *, seconds: float, stop: StopRequest
) -> None:
    """Raises Problem, saying what `look` still finds, and Stopped."""
    deadline = time.monotonic() + seconds
    quiet = 0
    while quiet < QUIET_LOOKS:
        left = look()
        quiet = 0 if left else quiet + 1
        if left and time.monotonic() > deadline:
            listed = ", ".join(f"{count} {name}" for name, count in left.items())
            raise Problem(
                f"Not everything had ended {seconds:.0f} s after the last fault: {listed}."
            )
        stop.sleep(POLL_SECONDS)


def _counted(count: Callable[..., int], *names: str) -> int:
    try:
        return count(*names)
    except AzureError:
        return 1  # nobody can tell, so it is not quiet
