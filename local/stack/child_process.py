"""A child process with its own process group, so that ending it ends its grandchildren too."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import IO, Any

PATIENCE_SECONDS = 10.0
PATIENCE_WITH_GRANDCHILDREN_SECONDS = 2.0
POLL_SECONDS = 0.02

if sys.platform == "win32":
    OWN_GROUP: dict[str, Any] = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
else:
    OWN_GROUP: dict[str, Any] = {"start_new_session": True}


def start_child(
    command: Sequence[str],
    *,
    folder: Path,
    environment: Mapping[str, str],
    output: IO[bytes],
) -> subprocess.Popen[bytes]:
    """Start a command whose output goes to a file. A terminal's Ctrl-C does not reach it: the
    parent decides when and in which order its children end. Raises OSError.
    """
    return subprocess.Popen(  # noqa: S603 - the commands are this project's own
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        **OWN_GROUP,
    )


def end_child(
    process: subprocess.Popen[bytes], *, patience_seconds: float = PATIENCE_SECONDS
) -> None:
    """Ask the whole group to end, wait, then make it end. Fine for a child that ended already."""
    if sys.platform == "win32":
        _end_on_windows(process, patience_seconds)
    else:
        _end_on_posix(process, patience_seconds)


if sys.platform == "win32":

    def _end_on_windows(process: subprocess.Popen[bytes], patience_seconds: float) -> None:
        with contextlib.suppress(OSError):
            process.send_signal(signal.CTRL_BREAK_EVENT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience_seconds)
        subprocess.run(  # noqa: S603 - a fixed system command
            ["taskkill", "/T", "/F", "/PID", str(process.pid)],  # noqa: S607 - part of Windows
            check=False,
            capture_output=True,
        )
        process.wait()

else:

    def _end_on_posix(process: subprocess.Popen[bytes], patience_seconds: float) -> None:
        _signal_group(process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience_seconds)
        if process.returncode is not None:
            _wait_for_group(process.pid, PATIENCE_WITH_GRANDCHILDREN_SECONDS)
        _signal_group(process.pid, signal.SIGKILL)
        process.wait()

    def _wait_for_group(group: int, patience_seconds: float) -> None:
        end = time.monotonic() + patience_seconds
        while _signal_group(group, 0) and time.monotonic() < end:
            time.sleep(POLL_SECONDS)

    def _signal_group(group: int, number: int) -> bool:
        """False where nobody is left; macOS says "not permitted" for a group of zombies."""
        try:
            os.killpg(group, number)
        except (ProcessLookupError, PermissionError):
            return False
        return True
