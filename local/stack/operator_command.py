"""`dev.py doi`: the operator's command line, for the stack on this machine."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from cli.exit_codes import NO_ANSWER
from local.stack.addresses import addresses_from
from local.stack.console import complain
from local.stack.layout import ROOT, SETTINGS, SETTINGS_SAMPLE
from local.stack.local_settings import make_local_settings, part_environment
from local.stack.port_check import somebody_answers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from local.stack.python_environment import PythonEnvironment


# Who answers and erases people does so with a login of their own, which may delete in Dataverse;
# the app's may not. On this machine that is the simulator's administrator.
ADMINISTRATOR = "a1b2c3d4-0000-4000-8000-0000000000ad"
BY_ADMINISTRATOR = frozenset({"export", "erase"})


def run_doi(
    arguments: Sequence[str], *, port_base: int | None, environment: PythonEnvironment
) -> int:
    """The exit code of `doi`. Raises Problem for a port base out of range.

    Its settings are those of the functions of the stack with the same port base.
    """
    make_local_settings(SETTINGS, SETTINGS_SAMPLE)
    command = [str(environment.python), "-m", "cli", "--settings", str(SETTINGS), *arguments]
    addresses = addresses_from(port_base)
    settings = part_environment(addresses, environment, os.environ)
    if not BY_ADMINISTRATOR.isdisjoint(arguments[:1]):
        settings.setdefault("AZURE_CLIENT_ID", ADMINISTRATOR)
    code = subprocess.run(command, cwd=ROOT, env=settings, check=False).returncode  # noqa: S603 - the project's own command
    if code == NO_ANSWER and not somebody_answers(addresses.azurite_tables):
        complain(
            f"No stack runs here (nothing listens on port {addresses.azurite_tables}): start one "
            "with `python3 dev.py up`, or name the ports of one with --port-base."
        )
    return code
