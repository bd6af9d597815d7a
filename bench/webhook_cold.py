"""How long a fresh process takes to its first answer, against one that imports the SDK only."""

import json
import os
import tempfile
from collections.abc import Mapping
from enum import StrEnum
from uuid import uuid4

from bench.fresh_process import first_line
from bench.webhook_calls import challenge_answer
from local.stack.layout import SETTINGS_SAMPLE


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
        script = "import sys, azure.functions; print(flush=True); sys.stdin.read()"
        return first_line(["-c", script], environment).seconds
    command = ["-m", "bench.webhook_first_answer", code]
    if start is Start.ANSWER:
        first = first_line(command, environment)
    else:
        with tempfile.TemporaryDirectory(prefix="doi-bench-") as nothing_compiled:
            uncompiled = {
                "PYTHONPYCACHEPREFIX": nothing_compiled,
                "PYTHONDONTWRITEBYTECODE": "1",
            }
            first = first_line(command, {**environment, **uncompiled})
    if json.loads(first.text) != challenge_answer(client_secret, code):
        raise RuntimeError("the first answer to a challenge was wrong")
    return first.seconds
