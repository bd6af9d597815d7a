"""Inline constraints of route templates, such as `{id:guid}` or `{size:range(1,10)}`.

https://learn.microsoft.com/aspnet/core/fundamentals/routing#route-constraints
"""

import math
import re
from collections.abc import Callable
from datetime import datetime

from local.functions_host.load_failure import LoadFailure

Constraint = Callable[[str], bool]

_GUID = r"(?i:[({]?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}[)}]?|[0-9a-f]{32})"
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)"
_PATTERNS = {
    "alpha": r"[A-Za-z]*",
    "bool": r"(?i:true|false)",
    "decimal": _NUMBER,
    "double": rf"{_NUMBER}(?:[eE][+-]?\d+)?",
    "float": rf"{_NUMBER}(?:[eE][+-]?\d+)?",
    "guid": _GUID,
    "required": r".+",
}
_INTEGER_BITS = {"int": 32, "long": 64}
# Constraints with arguments: how many they take, and whether they are about the length.
_LIMITS = {
    "length": ((1, 2), True),
    "minlength": ((1,), True),
    "maxlength": ((1,), True),
    "min": ((1,), False),
    "max": ((1,), False),
    "range": ((2,), False),
}


def parse_constraint(text: str) -> Constraint:
    """`int`, `length(2,5)` and so on; raises LoadFailure for what this host does not know."""
    match = re.fullmatch(r"(\w+)(?:\(([-\d, ]*)\))?", text)
    name = match[1] if match else text
    arguments = [int(each) for each in match[2].split(",")] if match and match[2] else []
    if name in _PATTERNS:
        pattern = _PATTERNS[name]
        return lambda value: re.fullmatch(pattern, value, re.ASCII) is not None
    if name in _INTEGER_BITS:
        limit = 2 ** (_INTEGER_BITS[name] - 1)
        return lambda value: _is_integer(value) and -limit <= int(value) < limit
    if name in _LIMITS and len(arguments) in _LIMITS[name][0]:
        low, high = _bounds(name, arguments)
        if _LIMITS[name][1]:
            return lambda value: low <= len(value) <= high
        return lambda value: _is_integer(value) and low <= int(value) <= high
    if name == "datetime":
        return _is_datetime
    raise LoadFailure(f"this host does not know the route constraint {text!r}")


def _bounds(name: str, arguments: list[int]) -> tuple[float, float]:
    if name.startswith("min"):
        return arguments[0], math.inf
    if name.startswith("max"):
        return -math.inf, arguments[0]
    return arguments[0], arguments[-1]  # length(n) is length(n,n)


def _is_integer(value: str) -> bool:
    return re.fullmatch(r"[+-]?\d{1,19}", value, re.ASCII) is not None


def _is_datetime(value: str) -> bool:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True
