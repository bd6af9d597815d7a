"""Ctrl-C and its kin, on every platform."""

import asyncio
import signal
from collections.abc import Callable
from types import FrameType


def call_on_stop_signal(loop: asyncio.AbstractEventLoop, stop: Callable[[], None]) -> None:
    """Calls `stop` in the loop for SIGINT, SIGTERM and, on Windows, SIGBREAK.

    `loop.add_signal_handler` does not exist on Windows. Repeated signals change nothing: Ctrl-C
    often arrives twice, from the terminal and from the parent process.
    """

    def handler(_number: int, _frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(stop)

    for name in ("SIGINT", "SIGTERM", "SIGBREAK"):
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, handler)
