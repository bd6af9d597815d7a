"""Waiting for what happens behind the queues: short polls, with a deadline."""

import time
from collections.abc import Callable
from typing import TypeVar

import pytest

T = TypeVar("T")

POLL_SECONDS = 0.2
PATIENCE_SECONDS = 30.0


def until(look: Callable[[], T | None], what: str, *, seconds: float = PATIENCE_SECONDS) -> T:
    """The first thing that `look` finds (anything true); the test fails when nothing comes."""
    deadline = time.monotonic() + seconds
    while True:
        if found := look():
            return found
        if time.monotonic() > deadline:
            pytest.fail(f"{what}: nothing within {seconds:.0f} s")
        time.sleep(POLL_SECONDS)
