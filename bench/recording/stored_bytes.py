"""How many bytes an entity takes, as Azure charges for them.

https://learn.microsoft.com/archive/blogs/windowsazurestorage/understanding-windows-azure-storage-billing-bandwidth-transactions-and-capacity
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

_ENTITY, _PROPERTY, _TEXT = 4, 8, 4
_UTF16 = 2
_LARGE = 8  # a date, a whole number of 64 bits, a floating-point number
_SMALL = 4


def entity_bytes(entity: Mapping[str, Any]) -> int:
    """`entity` with its keys, as the SDK gives it; the time stamp counts like a property."""
    keys = len(entity["PartitionKey"]) + len(entity["RowKey"])
    named = {name: value for name, value in entity.items() if not name.endswith("Key")}
    properties = sum(_PROPERTY + _UTF16 * len(name) + _size(value) for name, value in named.items())
    time_stamp = _PROPERTY + _UTF16 * len("Timestamp") + _LARGE
    return _ENTITY + _UTF16 * keys + properties + time_stamp


def _size(value: Any) -> int:
    match value:
        case str():
            return _TEXT + _UTF16 * len(value)
        case bool():
            return 1
        case int():
            return _SMALL
        case float() | datetime():
            return _LARGE
        case bytes():
            return _SMALL + len(value)
        case _:
            raise TypeError(f"no table has a {type(value).__name__}")
