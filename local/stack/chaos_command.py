"""`dev.py chaos`: sets up what the chaos run needs and runs it (local/chaos/)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from local.stack.prerequisites import find_node
from local.stack.problem import Problem
from local.stack.python_environment import DEV_PACKAGES, running_environment
from local.stack.run_in_terminal import run_in_terminal
from local.stack.set_up import set_up

if TYPE_CHECKING:
    from local.stack.stop_request import StopRequest


@dataclass(frozen=True, kw_only=True)
class ChaosOptions:
    registrations: int
    seed: int
    kills: int
    this_python: bool


def chaos(options: ChaosOptions, stop: StopRequest) -> int:
    """The exit code. Raises Problem and Stopped."""
    if options.registrations < 1 or options.kills < 0:
        raise Problem("--registrations must be at least 1 and --kills at least 0.")
    packages = None if options.this_python else DEV_PACKAGES
    environment = set_up(packages=packages, node=find_node(), stop=stop)
    if options.this_python:
        environment = running_environment()
    command = [str(environment.python), "-m", "local.chaos"]
    command += ["--registrations", str(options.registrations)]
    command += ["--seed", str(options.seed), "--kills", str(options.kills)]
    return run_in_terminal(command, stop)
