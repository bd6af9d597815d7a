"""Fixtures for all tests."""

from tests.azurite import azurite
from tests.running_stack import stack

__all__ = ["azurite", "stack"]
