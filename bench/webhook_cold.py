"""How long a fresh process takes to its first answer, against one that imports the SDK only."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from enum import StrEnum
from uuid import uuid4

from bench.webhook_calls import challenge_answer
from local.stack.layout import ROOT, SETTINGS_SAMPLE


class Start(StrEnum):
    """What a fresh process does; measured until it has printed one line."""

    SDK = "import azure.functions, nothing else"
    ANSWER = "import the app, answer a challenge"
    UNCOMPILED = "the same without any compiled module (.pyc)"


def take_cold_samples(rounds: int) -> dict[Start, list[float]]:
    """Seconds, `rounds` for each, alternating; every second round backwards.

    One round more comes first and does not count: it fills the caches of files and bytecode.
    Raises RuntimeError when the challenge's answer is wrong.
    """
    seconds: dict[Start, list[float]] = {start: [] for start in Start}
    settings: dict[str, str] = json.loads(SETTINGS_SAMPLE.read_bytes())["Values"]
    environment = os.environ | settings
    for number in range(rounds + 1):
        for start in list(Start)[:: -1 if number % 2 else 1]:
            took = _measure(start, environment, settings["LINKEDIN_CLIENT_SECRET"])
            if number:
                seconds[start].append(took)
    return seconds


def _measure(start: Start, environment: Mapping[str, str], client_secret: str) -> float:
    code = str(uuid4())
    if start is Start.SDK:
        took, _ = _first_line(["-c", "import azure.functions; print(flush=True)"], environment)
        return took
    command = ["-m", "bench.webhook_first_answer", code]
    if start is Start.ANSWER:
        took, line = _first_line(command, environment)
    else:
        with tempfile.TemporaryDirectory(prefix="doi-bench-") as nothing_compiled:
            uncompiled = {
                "PYTHONPYCACHEPREFIX": nothing_compiled,
                "PYTHONDONTWRITEBYTECODE": "1",
            }
            took, line = _first_line(command, {**environment, **uncompiled})
    if json.loads(line) != challenge_answer(client_secret, code):
        raise RuntimeError("the first answer to a challenge was wrong")
    return took


def _first_line(arguments: Sequence[str], environment: Mapping[str, str]) -> tuple[float, str]:
    """Seconds from the process's start, and what it said. Raises RuntimeError when it failed."""
    started = time.perf_counter()
    with subprocess.Popen(  # noqa: S603 - the project's own command
        [sys.executable, *arguments], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        line = process.stdout.readline() if process.stdout else ""
        took = time.perf_counter() - started
    if process.returncode:
        raise RuntimeError(f"{' '.join(arguments)} ended with {process.returncode}")
    return took, line
