"""`dev.py doi`: the operator's command line, for the stack on this machine."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from local.stack.addresses import addresses_from
from local.stack.layout import ROOT, SETTINGS, SETTINGS_SAMPLE
from local.stack.local_settings import make_local_settings, part_environment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from local.stack.python_environment import PythonEnvironment


def run_doi(
    arguments: Sequence[str], *, port_base: int | None, environment: PythonEnvironment
) -> int:
    """The exit code of `doi`. Raises Problem for a port base out of range.

    Its settings are those of the functions of the stack with the same port base.
    """
    make_local_settings(SETTINGS, SETTINGS_SAMPLE)
    command = [str(environment.python), "-m", "cli", "--settings", str(SETTINGS), *arguments]
    settings = part_environment(addresses_from(port_base), environment, os.environ)
    return subprocess.run(command, cwd=ROOT, env=settings, check=False).returncode  # noqa: S603 - the project's own command
