"""How a sample app tells its test what happened: one JSON line per event in $RECORD."""

import json
import os
import time
from pathlib import Path


def record(event: str, **details: object) -> None:
    """Adds a line; one write call, so that threads do not mix lines."""
    with Path(os.environ["RECORD"]).open("a", encoding="utf-8") as file:
        file.write(json.dumps({"event": event, **details}) + "\n")


def wait_for_release(name: str) -> None:
    """Returns once the test has made the file of that name beside the record."""
    deadline = time.monotonic() + 60
    while not Path(os.environ["RECORD"]).with_name(name).exists():
        if time.monotonic() > deadline:
            raise TimeoutError(name)
        time.sleep(0.02)
