"""`dev.py bench`: sets up what the benchmarks need and runs them (bench/)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.stack.prerequisites import find_node
from local.stack.python_environment import DEV_PACKAGES, running_environment
from local.stack.run_in_terminal import run_in_terminal
from local.stack.set_up import set_up

if TYPE_CHECKING:
    from collections.abc import Sequence

    from local.stack.stop_request import StopRequest


def bench(arguments: Sequence[str], *, this_python: bool, stop: StopRequest) -> int:
    """The exit code. Raises Problem and Stopped."""
    packages = None if this_python else DEV_PACKAGES
    environment = set_up(packages=packages, node=find_node(), stop=stop)
    if this_python:
        environment = running_environment()
    return run_in_terminal([str(environment.python), "-m", "bench", *arguments], stop)
