"""Run one command of the set-up to its end, keeping its output for the case that it fails."""

from __future__ import annotations

import shlex
import tempfile
from typing import TYPE_CHECKING

from local.stack.child_process import end_child, start_child
from local.stack.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from local.stack.stop_request import StopRequest

POLL_SECONDS = 0.1
# npm tidies up for ten seconds; what was interrupted is done anew, so there is nothing to tidy.
PATIENCE_SECONDS = 1.0


class CommandFailed(Problem):
    """The message shows the command and everything it printed."""


def run_command(
    command: Sequence[str],
    *,
    folder: Path,
    environment: Mapping[str, str],
    stop: StopRequest,
) -> None:
    """Raises CommandFailed, or Stopped after having ended the command."""
    stop.check()
    with tempfile.TemporaryFile() as output:
        process = start_child(command, folder=folder, environment=environment, output=output)
        try:
            while process.poll() is None:
                stop.sleep(POLL_SECONDS)
        finally:
            end_child(process, patience_seconds=PATIENCE_SECONDS)
        if process.returncode != 0:
            output.seek(0)
            printed = output.read().decode(errors="replace").strip()
            raise CommandFailed(
                f"This command failed with exit code {process.returncode}:\n"
                f"  {shlex.join(command)}\n{printed}"
            )
