"""One part of the stack as a process that is killed, stopped, frozen and started again."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
from typing import TYPE_CHECKING

from local.stack.addresses import HOST
from local.stack.child_process import end_child, start_child
from local.stack.layout import ROOT
from local.stack.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from local.stack.parts import Part
    from local.stack.stop_request import StopRequest

START_SECONDS = 60.0
POLL_SECONDS = 0.1
GENTLE_SECONDS = 60.0


class PartProcess:
    """Each start adds to the same log."""

    def __init__(self, part: Part, *, environment: Mapping[str, str], logs: Path) -> None:
        self.title = part.title
        self.log = logs / f"{part.name}.log"
        self._part = part
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Raises Problem where the command cannot be run."""
        with self.log.open("ab") as log:
            try:
                self._process = start_child(
                    self._part.command, folder=ROOT, environment=self._environment, output=log
                )
            except OSError as error:
                raise Problem(f"Starting {self.title} failed: {error}") from error

    def wait_until_it_answers(self, stop: StopRequest) -> None:
        """Raises Problem where it ended by itself or stays silent, and Stopped."""
        self._wait(self._part.answers, stop)

    def wait_until_it_listens(self, port: int, stop: StopRequest) -> bool:
        """It has started, but may be waiting for others itself. Raises likewise.

        Whether there was any need to wait.
        """
        if _listens(port):
            return False
        self._wait(lambda: _listens(port), stop)
        return True

    def _wait(self, is_ready: Callable[[], bool], stop: StopRequest) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not is_ready():
            self.require_alive()
            if time.monotonic() > deadline:
                raise Problem(f"{self.title} does not answer; its log is {self.log}")
            stop.sleep(POLL_SECONDS)

    def require_alive(self) -> None:
        """Raises Problem."""
        if (code := self._running().poll()) is not None:
            raise Problem(f"{self.title} ended by itself (exit code {code}); see {self.log}")

    @property
    def pid(self) -> int:
        """Raises Problem where it was not started."""
        return self._running().pid

    def kill(self) -> None:
        """SIGKILL: the process cannot prepare for it. Raises Problem where it was dead already."""
        self.require_alive()
        process = self._running()
        process.kill()
        process.wait()

    def end_gently(self) -> None:
        """SIGTERM, and no more than that. Raises Problem where it does not end."""
        process = self._running()
        process.terminate()
        try:
            process.wait(GENTLE_SECONDS)
        except subprocess.TimeoutExpired:
            raise Problem(f"{self.title} did not end within {GENTLE_SECONDS:.0f} s") from None

    def freeze(self) -> None:
        """It stands still and keeps its connections: slow, not gone."""
        self._running().send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._running().send_signal(signal.SIGCONT)

    def close(self) -> None:
        """End it, whatever state it is in."""
        if self._process is not None and self._process.poll() is None:
            self.thaw()
            end_child(self._process)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise Problem(f"{self.title} was not started")
        return self._process


def _listens(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=POLL_SECONDS).close()
    except OSError:
        return False
    return True
