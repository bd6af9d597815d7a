"""The fixture `browser`: one headless Chromium for the whole run."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOW_TO_GET_ONE = (
    "no Chromium found; install one so that it is on the PATH, "
    "on Debian and Ubuntu with `apt-get install chromium`"
)
FLAGS = (
    "--no-sandbox",  # its sandbox needs rights that root in a container does not have
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    # The tests run without the internet: nothing may be looked up there behind their backs.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

EXPECTED_WITHIN_MILLISECONDS = 20_000  # a busy machine needs more than Playwright's five seconds


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Without a Chromium the test is skipped, but fails under CI=true."""
    program = find_chromium()
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail(HOW_TO_GET_ONE)
        pytest.skip(HOW_TO_GET_ONE)
    expect.set_options(timeout=EXPECTED_WITHIN_MILLISECONDS)
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=program, args=FLAGS) as launched,
    ):
        yield launched


def find_chromium() -> str | None:
    """The path of the first program that there is."""
    return next(filter(None, map(shutil.which, NAMES)), None)
