"""The parts that are running: started, waited for, watched, and ended whatever happens."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Self

from local.stack.child_process import end_child, start_child
from local.stack.problem import Problem

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Mapping
    from pathlib import Path
    from types import TracebackType

    from local.stack.parts import Part
    from local.stack.stop_request import StopRequest

POLL_SECONDS = 0.2
LOG_LINES_SHOWN = 20


class RunningParts:
    """A context manager: leaving the block ends every part, the last started first."""

    def __init__(
        self, *, folder: Path, environment: Mapping[str, str], logs: Path, stop: StopRequest
    ) -> None:
        self._folder = folder
        self._environment = environment
        self._logs = logs
        self._stop = stop
        self._running: list[tuple[Part, subprocess.Popen[bytes]]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        while self._running:
            _, process = self._running.pop()
            end_child(process)

    def start(self, part: Part) -> None:
        """Raises Stopped, or Problem where the command cannot be run at all."""
        self._stop.check()
        with self.log(part).open("wb") as log:
            try:
                process = start_child(
                    part.command, folder=self._folder, environment=self._environment, output=log
                )
            except OSError as error:
                raise Problem(f"Starting {part.title} failed: {error}") from error
        self._running.append((part, process))

    def wait_until_ready(self, *parts: Part, seconds: float) -> None:
        """Raises Stopped, or Problem with the end of the log of the part that failed."""
        deadline = time.monotonic() + seconds
        waiting = list(parts)
        while waiting:
            self.require_all_alive()
            waiting = [part for part in waiting if not part.answers()]
            if waiting and time.monotonic() > deadline:
                raise Problem(
                    f"After {seconds:.0f} s {waiting[0].title} does not answer."
                    f"\n{self._end_of_log(waiting[0])}"
                )
            if waiting:
                self._stop.sleep(POLL_SECONDS)

    def require_all_alive(self) -> None:
        """Raises Problem with the end of the log of a part that ended by itself."""
        for part, process in self._running:
            if process.poll() is not None:
                raise Problem(
                    f"{part.title[0].upper()}{part.title[1:]} ended by itself "
                    f"(exit code {process.returncode}).\n{self._end_of_log(part)}"
                )

    def log(self, part: Part) -> Path:
        return self._logs / f"{part.name}.log"

    def _end_of_log(self, part: Part) -> str:
        log = self.log(part)
        lines = log.read_text(errors="replace").splitlines()[-LOG_LINES_SHOWN:]
        shown = "\n".join(f"  {line}" for line in lines) or "  (it is empty)"
        return f"The end of its log {log}:\n{shown}"
