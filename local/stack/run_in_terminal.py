"""Run a command that speaks to the person itself, to its end."""

from __future__ import annotations

import contextlib
import signal
import subprocess
from typing import TYPE_CHECKING

from local.stack.layout import ROOT
from local.stack.stop_request import Stopped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from local.stack.stop_request import StopRequest

POLL_SECONDS = 0.1


def run_in_terminal(
    command: Sequence[str], stop: StopRequest, environment: Mapping[str, str] | None = None
) -> int:
    """A terminal's Ctrl-C reaches the command directly, so that a debugger works in it; the
    command then tidies up. Other requests to stop are handed on as the same signal.

    The exit code. Raises Stopped.
    """
    stop.check()
    process = subprocess.Popen(command, cwd=ROOT, env=environment)  # noqa: S603 - the project's own commands
    try:
        while process.poll() is None:
            stop.sleep(POLL_SECONDS)
    except Stopped:
        if stop.signal_number != signal.SIGINT:
            with contextlib.suppress(OSError, ValueError):
                process.send_signal(signal.SIGINT)
        process.wait()
        raise
    return process.returncode
