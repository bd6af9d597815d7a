"""Bicep as a syntax tree: tree-sitter's grammar, since Bicep's compiler cannot be had offline.

It knows Bicep's syntax and nothing of its meaning: names and types are for `az bicep build`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import tree_sitter_bicep
from tree_sitter import Language, Parser

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tree_sitter import Node

_LANGUAGE = Language(tree_sitter_bicep.language())
# The grammar (1.1.0) reads `param name = value` of a parameter file as a declaration without its
# type. A variable has the very same form, and is as long.
_ASSIGNMENT = re.compile(rb"^param(?= +\w+ +=)", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """A place that is no Bicep."""

    line: int
    text: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.text}"


def tree_of(file: Path) -> Node:
    """The root of the file's tree. Files that end in .bicepparam hold assignments."""
    source = file.read_bytes()
    if file.suffix == ".bicepparam":
        source = _ASSIGNMENT.sub(b"var  ", source)
    return Parser(_LANGUAGE).parse(source).root_node


def mistakes_in(node: Node) -> Iterator[Mistake]:
    """What the grammar could not read, and what it had to add."""
    if node.is_error or node.is_missing:
        what = f"{node.type} is missing" if node.is_missing else "cannot be read"
        shown = text_of(node).split("\n")[0]
        yield Mistake(line=node.start_point[0] + 1, text=f"{what}: {shown}")
        return
    if node.has_error:
        for child in node.children:
            yield from mistakes_in(child)


def text_of(node: Node) -> str:
    """The source of a node."""
    return (node.text or b"").decode()


def parts_of(node: Node) -> list[Node]:
    """The children that mean something."""
    return [child for child in node.named_children if "comment" not in child.type]
