"""The fixture `browser`: one headless Chromium for the whole run."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from cli.forms.chromium import FLAGS, HOW_TO_GET_ONE, find_chromium

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
