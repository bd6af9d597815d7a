"""What `register` itself costs: calls of its function in this process, with a queue that is a list.

Run by `bench.benchmarks.register` as a process of its own, with the number of calls.
"""

import cProfile
import io
import json
import logging
import os
import pstats
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import azure.functions as func

from bench.people import FORM, new_address, sign_up
from functions import register
from shared.wiring import Wiring

ROUNDS = 5
ACCEPTED = 202
ROOT = str(Path(__file__).parents[1])


class ListOfMessages:
    """As much of ports.Queues as `register` uses."""

    def __init__(self) -> None:
        self.bodies: list[str | bytes] = []

    def put(self, queue: str, body: str | bytes) -> None:  # noqa: ARG002 - there is one
        self.bodies.append(body)


def main(calls: int) -> None:
    """Print milliseconds of processor time for each call, and by package."""
    _log_to_nobody()
    outside = Wiring(os.environ)
    outside.__dict__["queues"] = ListOfMessages()
    rounds = [_timed(outside, calls) for _ in range(ROUNDS + 1)]  # the first one fills caches
    profile = cProfile.Profile()
    profile.runcall(_calls, outside, calls)
    told = {"milliseconds": rounds[1:], "packages": _by_package(pstats.Stats(profile), calls)}
    print(json.dumps(told), flush=True)
    sys.stdin.read()  # whoever measures looks at this process first


def _log_to_nobody() -> None:
    """The app's own lines are made as ever; only the writing is spared."""
    log = logging.getLogger("doi")
    log.setLevel(logging.INFO)
    log.propagate = False
    log.addHandler(logging.StreamHandler(io.StringIO()))


def _timed(outside: Wiring, calls: int) -> float:
    started = time.process_time()
    _calls(outside, calls)
    return (time.process_time() - started) * 1000 / calls


def _calls(outside: Wiring, calls: int) -> None:
    for _ in range(calls):
        request = func.HttpRequest(
            "POST",
            f"/api/forms/{FORM}/registrations",
            headers={"Content-Type": "application/json"},
            route_params={"form": FORM},
            body=sign_up(new_address()).encode(),
        )
        if register.answer(request, outside).status_code != ACCEPTED:
            raise RuntimeError("a registration was not accepted")


def _by_package(stats: Any, calls: int) -> dict[str, float]:
    """Share of each package in the profile, as milliseconds of the median call."""
    times: defaultdict[str, float] = defaultdict(float)
    for (file, _, _), (_, _, own, _, _) in stats.stats.items():
        times[_package(file)] += own * 1000 / calls
    return dict(sorted(times.items(), key=lambda one: -one[1]))


def _package(file: str) -> str:
    if "site-packages" in file:
        return file.split("site-packages")[1].strip("/\\").replace("\\", "/").partition("/")[0]
    if file.startswith(ROOT):
        return "the app" if "bench" not in file.removeprefix(ROOT) else "bench"
    return "Python's own"


if __name__ == "__main__":
    main(int(sys.argv[1]))
