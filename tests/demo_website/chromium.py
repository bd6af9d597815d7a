"""A Chromium for the tests that need a browser."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_HOW_TO_GET_ONE = "no Chromium found: install it (Debian: apt-get install chromium)"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One for the whole run. Without it the test is skipped, but fails under CI=true."""
    program = next(filter(None, map(shutil.which, _NAMES)), None)
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail(_HOW_TO_GET_ONE)
        pytest.skip(_HOW_TO_GET_ONE)
    with sync_playwright() as playwright:
        # Its sandbox needs rights that root in a container does not have.
        launched = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        with launched:
            yield launched
