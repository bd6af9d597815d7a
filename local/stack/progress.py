"""Run jobs side by side and show how long each takes."""

from __future__ import annotations

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from local.stack.stop_request import Stopped, StopRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from concurrent.futures import Future
    from typing import TextIO

POLL_SECONDS = 0.1


def run_side_by_side(
    jobs: Mapping[str, Callable[[], None]], *, stop: StopRequest, output: TextIO = sys.stdout
) -> None:
    """`jobs` maps a title to work which must itself look at `stop`. Returns when all are done.

    The first failure stops the others and is raised; Stopped is raised when `stop` was set.
    """
    started = time.monotonic()
    shown = ""
    with ThreadPoolExecutor(max_workers=max(1, len(jobs))) as pool:
        running = {title: pool.submit(job) for title, job in jobs.items()}
        failures: list[BaseException] = []
        while running:
            time.sleep(POLL_SECONDS)
            seconds = round(time.monotonic() - started)
            for title in [title for title, job in running.items() if job.done()]:
                _report(title, running.pop(title), seconds, failures, output)
                if failures:
                    stop.set()
            line = _line(" + ".join(running), seconds)
            if output.isatty() and running and line != shown:
                output.write(f"\r{line} ")
                output.flush()
                shown = line
    if failures:
        raise next((failure for failure in failures if not isinstance(failure, Stopped)), Stopped())


def _report(
    title: str,
    job: Future[None],
    seconds: int,
    failures: list[BaseException],
    output: TextIO,
) -> None:
    start_of_line = "\r\033[K" if output.isatty() else ""
    failure = job.exception()
    if failure is None:
        output.write(f"{start_of_line}{_line(title, seconds)}\n")
    else:
        output.write(start_of_line)
        failures.append(failure)
    output.flush()


def _line(title: str, seconds: int) -> str:
    return f"{title} … {seconds} s"
