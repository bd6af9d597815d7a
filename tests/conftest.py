"""Fixtures for all tests."""

import pytest

from tests.azurite import azurite
from tests.browser import browser
from tests.running_stack import stack
from tests.spread import longest_first, take_own_ports

__all__ = ["azurite", "browser", "stack"]

take_own_ports()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Alone or with others: the same order."""
    longest_first(items)
