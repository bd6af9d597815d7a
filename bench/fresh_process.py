"""A fresh Python process, timed from its start to the first line that it prints."""

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.process_cost import resident_megabytes
from local.stack.layout import ROOT


@dataclass(frozen=True, kw_only=True)
class FirstLine:
    """`seconds` from the process's start to it; `megabytes` is its memory (RSS) at that moment."""

    text: str
    seconds: float
    megabytes: float


def first_line(arguments: Sequence[str], environment: Mapping[str, str]) -> FirstLine:
    """The process has to wait for the end of its input then. Raises RuntimeError when it failed."""
    started = time.perf_counter()
    with subprocess.Popen(  # noqa: S603 - the project's own command
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        line = process.stdout.readline() if process.stdout else ""
        seconds = time.perf_counter() - started
        megabytes = resident_megabytes(process.pid) if line else 0.0
        process.communicate()
    if process.returncode:
        raise RuntimeError(f"{' '.join(arguments)} ended with {process.returncode}")
    return FirstLine(text=line, seconds=seconds, megabytes=megabytes)


def import_times(arguments: Sequence[str], environment: Mapping[str, str]) -> dict[str, float]:
    """Milliseconds that each module's own code took, without what it imports in turn.

    Raises CalledProcessError when the process failed.
    """
    ended = subprocess.run(  # noqa: S603 - the project's own command
        [sys.executable, "-X", "importtime", *arguments],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    times: dict[str, float] = {}
    for line in ended.stderr.splitlines():
        # import time:   own microseconds |   with what it imports | module
        own, _, rest = line.removeprefix("import time:").partition("|")
        name = rest.partition("|")[2].strip()
        if name and own.strip().isdigit():
            times[name] = times.get(name, 0.0) + int(own) / 1000
    return times
