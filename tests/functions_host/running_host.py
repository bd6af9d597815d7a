"""The functions host as a process of its own, as a developer would start it."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tests.azurite import REPOSITORY

SAMPLE_APPS = Path(__file__).parent / "sample_apps"
SECONDS = 30

Found = TypeVar("Found")

# The host chooses by Python version; on 3.13 and later both ways pass the same tests.
INVOKERS = ["direct", "runtime"] if sys.version_info >= (3, 13) else ["direct"]

FAST_QUEUES = {"visibilityTimeout": "00:00:00", "maxPollingInterval": "00:00:00.1"}


@dataclass(frozen=True, kw_only=True)
class RunningHost:
    """A started host; `folder` is the app's."""

    process: subprocess.Popen[bytes]
    folder: Path
    url: str

    def log(self) -> str:
        """Everything it printed so far."""
        return (self.folder / "host.log").read_text(encoding="utf-8")

    def records(self, event: str) -> list[dict[str, Any]]:
        """What the sample app recorded so far."""
        file = self.folder / "record"
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        return [each for each in map(json.loads, lines) if each["event"] == event]

    def release(self, name: str) -> None:
        """Lets a waiting function go on."""
        (self.folder / name).touch()

    def stop(self) -> int:
        """Asks it to stop and returns the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(SECONDS)


def make_app(
    folder: Path, sample: str, *, queues: Mapping[str, Any] | None = None, prefix: str = "api"
) -> Path:
    """A Functions app in that folder, made from `sample_apps/<sample>.py`."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(SAMPLE_APPS / f"{sample}.py", folder / "function_app.py")
    extensions = {"queues": queues or FAST_QUEUES, "http": {"routePrefix": prefix}}
    host_json = {"version": "2.0", "extensions": extensions}
    (folder / "host.json").write_text(json.dumps(host_json))
    return folder


@contextmanager
def running_host(
    folder: Path, *options: str, environment: Mapping[str, str] | None = None
) -> Iterator[RunningHost]:
    """Starts the host for the app in the folder; kills it afterwards if it still runs."""
    log = folder / "host.log"
    process = start(folder, log, options, environment or {})
    try:
        said = eventually(
            lambda: re.search(r"listening on (http://\S+)\n", log.read_text()),
            or_say=log.read_text,
            give_up=lambda: process.poll() is not None,
        )
        yield RunningHost(process=process, folder=folder, url=said[1])
    finally:
        process.kill()
        process.wait()


def start(
    folder: Path, log: Path, options: Sequence[str], environment: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    """The bare process; its output goes to the file."""
    command = [sys.executable, "-m", "local.functions_host", "--root", str(folder), "--port", "0"]
    with log.open("wb") as output:
        return subprocess.Popen(  # noqa: S603 - our own command, no shell
            [*command, *options],
            cwd=REPOSITORY,
            env={**os.environ, "RECORD": str(folder / "record"), **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        )


def eventually(
    look: Callable[[], Found | None],
    *,
    or_say: Callable[[], str] = lambda: "",
    give_up: Callable[[], bool] = lambda: False,
) -> Found:
    """What `look` finds in the end; fails the test when it stays empty."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        hopeless = give_up()
        if found := look():
            return found
        if hopeless:
            break
        time.sleep(0.02)
    pytest.fail(f"waited in vain\n{or_say()}")
