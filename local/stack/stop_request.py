"""Ctrl-C, SIGTERM and a closed terminal, as a flag that is looked at where stopping is safe.

An exception thrown from a signal handler could strike between the start of a child and the line
that remembers it, and leave that child running; a flag cannot.
"""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

STOP_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")  # the last one exists on Windows only
LONGEST_NAP_SECONDS = 0.1


class Stopped(Exception):
    """Somebody asked for the end."""


class StopRequest:
    """Starts unset; `check` and `sleep` raise Stopped once it is set."""

    def __init__(self) -> None:
        self.signal_number: int | None = None
        self.is_set = False

    def listen(self) -> None:
        """Take over the stop signals of this process; works in the main thread only."""
        for name in STOP_SIGNALS:
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self._on_signal)

    def set(self) -> None:
        self.is_set = True

    def check(self) -> None:
        """Raises Stopped."""
        if self.is_set:
            raise Stopped

    def sleep(self, seconds: float) -> None:
        """Sleep, but notice a stop within a tenth of a second. Raises Stopped."""
        end = time.monotonic() + seconds
        self.check()
        while (remaining := end - time.monotonic()) > 0:
            time.sleep(min(remaining, LONGEST_NAP_SECONDS))
            self.check()

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self.signal_number = number
        self.set()
