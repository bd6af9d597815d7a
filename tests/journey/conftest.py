"""Fixtures of the tests on the running stack."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journey import function_log
from tests.journey.person import DOMAIN, FAMILY, Person, somebody
from tests.journey.visits import Visits, visits_with
from tests.running_stack import Stack


@pytest.fixture
def person() -> Person:
    """Somebody new in every test."""
    return somebody()


@pytest.fixture(scope="module", autouse=True)
def _the_log_names_nobody(stack: Stack) -> Iterator[None]:
    """After each module of tests: whatever was done to the app, no person and no link is logged."""
    yield
    written = function_log.lines(stack)
    assert any("succeeded" in line for line in written)
    for trace in (DOMAIN, FAMILY, "token=", "Traceback"):
        assert not [line for line in written if trace in line], trace


@pytest.fixture
def visits(browser: Browser, stack: Stack, tmp_path: Path) -> Iterator[Visits]:
    """At the end no page of ours may have made the browser complain."""
    with visits_with(browser, tmp_path) as visits:
        yield visits
    assert not [line for line in visits.complaints if not line.startswith(stack.mail)]
