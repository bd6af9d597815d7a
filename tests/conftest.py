"""Fixtures for all tests."""

from tests.azurite import azurite
from tests.browser import browser
from tests.running_stack import stack

__all__ = ["azurite", "browser", "stack"]
