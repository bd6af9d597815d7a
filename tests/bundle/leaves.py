"""Every place of a JSON document where a value stands, and how to put another there."""

import copy
import json
from collections.abc import Iterator
from typing import Any

Place = tuple[str | int, ...]


def places_in(document: Any, here: Place = ()) -> Iterator[Place]:
    """Of the values that have no parts: texts, numbers, yes and no; and empty lists."""
    parts: list[tuple[str | int, Any]] = []
    if isinstance(document, dict):
        parts = list(document.items())
    elif isinstance(document, list):
        parts = list(enumerate(document))
    if not parts:
        yield here
    for key, value in parts:
        yield from places_in(value, (*here, key))


def value_at(document: Any, place: Place) -> Any:
    for key in place:
        document = document[key]
    return document


def with_value(content: bytes, place: Place, value: Any) -> bytes:
    """The document with another value there."""
    document = json.loads(content)
    value_at(document, place[:-1])[place[-1]] = value
    return json.dumps(document, ensure_ascii=False).encode()


def without(content: bytes, place: Place) -> bytes:
    """The document without what stands there."""
    document = copy.deepcopy(json.loads(content))
    del value_at(document, place[:-1])[place[-1]]
    return json.dumps(document, ensure_ascii=False).encode()


def others(value: Any) -> list[Any]:
    """Values like it that are not it, as a forger would write them."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1]
    if isinstance(value, str):
        return [_altered(value), value + " ", ""] if value else ["x"]
    return []


def _altered(text: str) -> str:
    """One letter of it is another of its kind: a date stays a date, Base64 stays Base64."""
    for at in range(len(text) - 1, -1, -1):
        if text[at].isdigit():
            return f"{text[:at]}{(int(text[at]) + 1) % 10}{text[at + 1 :]}"
    last = text[-1]
    return f"{text[:-1]}{'b' if last == 'a' else 'a'}"
