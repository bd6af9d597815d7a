"""What stands in a Bicep file, as Python values: text, numbers, lists, objects, expressions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from local.infrastructure.syntax import parts_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

Value = Any  # str | int | bool | None | list[Value] | dict[str, Value] | Expression
_PLAIN = {"true": True, "false": False, "null": None}
_ESCAPES = {r"\n": "\n", r"\r": "\r", r"\t": "\t"}


@dataclass(frozen=True, kw_only=True)
class Expression:
    """What only a deployment can work out."""

    text: str
    names: frozenset[str]  # symbols that it refers to

    def __str__(self) -> str:
        return self.text


def value_of(node: Node) -> Value:
    """The value, with an Expression wherever it is not written down."""
    match node.type:
        case "string" if not any(part.type == "interpolation" for part in parts_of(node)):
            return "".join(_letters(part) for part in parts_of(node))
        case "number":
            return int(text_of(node))
        case "boolean" | "null":
            return _PLAIN[text_of(node)]
        case "array":
            return [value_of(part) for part in parts_of(node)]
        case "object":
            return dict(_properties(node))
        case _:
            return Expression(text=text_of(node), names=frozenset(names_in(node)))


def _letters(node: Node) -> str:
    text = text_of(node)
    return _ESCAPES.get(text, text[1:]) if node.type == "escape_sequence" else text


def _properties(node: Node) -> Iterator[tuple[str, Value]]:
    for part in parts_of(node):
        if part.type == "object_property":
            key, value = parts_of(part)[0], parts_of(part)[-1]
            yield text_of(key).strip("'"), value_of(value)


def names_in(node: Node) -> Iterator[str]:
    """Symbols that a node refers to: no property names, no functions, no loop variables."""
    if node.type == "identifier":
        yield text_of(node)
        return
    parts = parts_of(node)
    own: set[str] = set()
    match node.type:
        case "for_statement":
            *variables, _, _ = parts
            own = {
                text_of(name)
                for variable in variables
                for name in (parts_of(variable) or [variable])
            }
            parts = parts[-2:]
        case "object_property":
            parts = [part for part in parts[:-1] if part.type != "identifier"] + parts[-1:]
        case "call_expression":
            parts = parts[1:]
    for part in parts:
        yield from (name for name in names_in(part) if name not in own)
