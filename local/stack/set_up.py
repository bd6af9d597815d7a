"""Everything a command needs, installed once: Python packages and npm packages, side by side."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

from local.stack.console import say
from local.stack.exclusive_file import ExclusiveFile
from local.stack.layout import CHECKOV_ENVIRONMENT, NODE_FOLDER, ROOT, VIRTUAL_ENVIRONMENT
from local.stack.node_packages import install_node_packages, node_packages_are_installed
from local.stack.progress import run_side_by_side
from local.stack.python_environment import (
    CHECKOV_PACKAGES,
    LOCK,
    PythonEnvironment,
    install_packages,
    packages_are_installed,
)
from local.stack.run_command import run_command

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from local.stack.prerequisites import Node
    from local.stack.stop_request import StopRequest

WAIT_SECONDS = 0.5


def set_up(
    *, packages: str | None, node: Node, stop: StopRequest, checkov: bool = False
) -> PythonEnvironment:
    """`packages` names the requirement file to install, None leaves Python packages alone.

    With `checkov` also the environment that checkov has to itself.
    A second call finds the stamps of the first and returns at once.
    Raises Problem (CommandFailed with the output of a failed install) and Stopped.
    """
    environment = PythonEnvironment(folder=VIRTUAL_ENVIRONMENT)
    wanted = {environment: packages} if packages else {}
    if checkov:
        wanted[PythonEnvironment(folder=CHECKOV_ENVIRONMENT)] = CHECKOV_PACKAGES
    if not _missing(wanted, node, stop):
        return environment
    VIRTUAL_ENVIRONMENT.mkdir(exist_ok=True)
    lock = ExclusiveFile(VIRTUAL_ENVIRONMENT / LOCK)
    _wait_for(lock, stop)
    try:
        jobs = _missing(wanted, node, stop)
        if jobs:
            say(f"Setting up (this happens once): {', '.join(jobs)}")
            run_side_by_side(jobs, stop=stop)
    finally:
        lock.release()
    return environment


def _missing(
    wanted: Mapping[PythonEnvironment, str], node: Node, stop: StopRequest
) -> dict[str, Callable[[], None]]:
    jobs: dict[str, Callable[[], None]] = {}
    for environment, packages in wanted.items():
        if not packages_are_installed(environment, ROOT, packages):
            run = partial(run_command, folder=ROOT, environment=os.environ, stop=stop)
            name = "checkov" if packages == CHECKOV_PACKAGES else "Python packages"
            jobs[name] = partial(install_packages, environment, ROOT, packages, run)
    if not node_packages_are_installed(node, NODE_FOLDER):
        run = partial(run_command, folder=NODE_FOLDER, environment=os.environ, stop=stop)
        jobs["Node packages"] = partial(install_node_packages, node, NODE_FOLDER, run)
    return jobs


def _wait_for(lock: ExclusiveFile, stop: StopRequest) -> None:
    if lock.take():
        return
    say(f"Waiting for the set-up that process {lock.holder()} is doing …")
    while not lock.take():
        stop.sleep(WAIT_SECONDS)
