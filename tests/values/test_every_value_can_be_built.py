"""Values are built on first use, so a mistake in one would show at the first message only."""

import importlib
import pkgutil

import shared
from shared.values.base import Value


def test_every_value_can_be_built() -> None:
    for module in pkgutil.walk_packages(shared.__path__, "shared."):
        importlib.import_module(module.name)
    values = list(Value.__subclasses__())
    for value in values:
        values += value.__subclasses__()
    ours = [value for value in values if value.__module__.startswith("shared.")]
    assert len(ours) > 50
    for value in ours:
        assert value.model_rebuild(force=True) is True, value
