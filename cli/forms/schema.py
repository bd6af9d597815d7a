"""What the JSON Schema of form files says about a place in one."""

import functools
import json
import re
from collections.abc import Iterator
from typing import Any

from shared.form_files import form_schema


def description_at(pointer: str) -> str | None:
    """What belongs there, in the words that an editor shows; None when nothing is said."""
    schemas = list(_schemas_at(pointer))
    for schema in schemas:
        if text := schema.get("description"):
            examples = ", ".join(json.dumps(each) for each in schema.get("examples", ())[:2])
            return f"{text}, such as {examples}" if examples else str(text)
    return None


def keys_beside(pointer: str) -> list[str]:
    """The keys that may stand in the object which the place is in."""
    parent, _, _ = pointer.rpartition("/")
    return sorted({key for schema in _schemas_at(parent) for key in schema.get("properties", ())})


def _schemas_at(pointer: str) -> Iterator[dict[str, Any]]:
    """Every schema that may hold there: a field has one for each kind."""
    here = list(_alternatives(_schema()))
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        here = [inner for schema in here for inner in _inside(schema, key)]
    yield from here


def _inside(schema: dict[str, Any], key: str) -> Iterator[dict[str, Any]]:
    if key in schema.get("properties", {}):
        yield from _alternatives(schema["properties"][key])
        return
    for pattern, inner in schema.get("patternProperties", {}).items():
        if re.search(pattern, key):
            yield from _alternatives(inner)
    for name in ("items", "additionalProperties"):
        if isinstance(schema.get(name), dict):
            yield from _alternatives(schema[name])


def _alternatives(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The schema itself, and what it refers to or chooses among."""
    yield schema
    if reference := schema.get("$ref"):
        yield from _alternatives(_schema()["$defs"][reference.rpartition("/")[2]])
    for choice in (*schema.get("oneOf", ()), *schema.get("anyOf", ())):
        yield from _alternatives(choice)


@functools.cache
def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(form_schema())
    return schema
