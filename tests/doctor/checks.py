"""What the doctor said, by what it looked at."""

from collections.abc import Iterable

from shared.values.check import Check, State


def by_name(checks: Iterable[Check]) -> dict[str, Check]:
    """Every check has a name of its own, and a step exactly where something is not right."""
    said = list(checks)
    assert len({check.name for check in said}) == len(said), [check.name for check in said]
    for check in said:
        assert bool(check.mend) == (check.state is not State.OK), check
        assert check.found
    return {check.name: check for check in said}


def faults(checks: Iterable[Check]) -> dict[str, Check]:
    """Those that are not ok."""
    return {name: one for name, one in by_name(checks).items() if one.state is not State.OK}
