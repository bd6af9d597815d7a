"""Values of a Bicep file, as a deployment with given parameters would have them.

Knows the few expressions that infra/monitoring is written with, and refuses all others.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import tree_sitter
import tree_sitter_bicep

_ESCAPES = {r"\'": "'", r"\n": "\n"}


class NotUnderstood(Exception):
    """An expression that this evaluator does not know."""


def parameters_of(source: str) -> dict[str, Any]:
    """Every parameter with its default; None for one without."""
    return {
        name: None if default is None else _Values({}, Path()).of(default)
        for name, default in _declared(source, "parameter_declaration")
    }


def variables_of(source: str, folder: Path, given: Mapping[str, Any]) -> dict[str, Any]:
    """Every variable. `folder` is the file's; `given` are parameters, all others have defaults."""
    values = _Values({**parameters_of(source), **given}, folder)
    found = {}
    for name, expression in _declared(source, "variable_declaration"):
        assert expression is not None
        found[name] = values.known[name] = values.of(expression)
    return found


def _declared(source: str, kind: str) -> list[tuple[str, tree_sitter.Node | None]]:
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_bicep.language()))
    root = parser.parse(source.encode()).root_node
    assert not root.has_error
    found = []
    for node in root.children:
        if node.type == kind:
            name, *_, last = node.named_children
            found.append((_text(name), None if last.type == "type" else last))
    return found


def _text(node: tree_sitter.Node) -> str:
    return (node.text or b"").decode()


class _Values:
    def __init__(self, known: dict[str, Any], folder: Path) -> None:
        self.known = known
        self._folder = folder
        self._kinds: dict[str, Callable[[tree_sitter.Node], Any]] = {
            "number": lambda node: int(_text(node)),
            "boolean": lambda node: _text(node) == "true",
            "string": lambda node: "".join(str(self.of(part)) for part in node.named_children),
            "string_content": _text,
            "escape_sequence": lambda node: _ESCAPES[_text(node)],
            "interpolation": lambda node: self.of(node.named_children[0]),
            "identifier": lambda node: self.known[_text(node)],
            "member_expression": self._member,
            "array": lambda node: [self.of(each) for each in node.named_children],
            "object": self._object,
            "binary_expression": self._comparison,
            "ternary_expression": self._choice,
            "call_expression": self._call,
        }

    def of(self, node: tree_sitter.Node) -> Any:
        """The value of an expression. Raises NotUnderstood."""
        if node.type not in self._kinds:
            raise NotUnderstood(f"{node.type}: {_text(node)[:60]}")
        return self._kinds[node.type](node)

    def _member(self, node: tree_sitter.Node) -> Any:
        whole, name = node.named_children
        return self.of(whole)[_text(name)]

    def _object(self, node: tree_sitter.Node) -> dict[str, Any]:
        pairs = [each.named_children for each in node.named_children]
        return {_text(name): self.of(value) for name, value in pairs}

    def _comparison(self, node: tree_sitter.Node) -> bool:
        if _text(node).count(" == ") != 1:
            raise NotUnderstood(_text(node))
        left, right = node.named_children
        return bool(self.of(left) == self.of(right))

    def _choice(self, node: tree_sitter.Node) -> Any:
        condition, yes, no = node.named_children
        return self.of(yes if self.of(condition) else no)

    def _call(self, node: tree_sitter.Node) -> Any:
        called, written = node.named_children
        arguments = [self.of(each) for each in written.named_children]
        match _text(called):
            case "loadTextContent":
                return (self._folder / arguments[0]).read_text(encoding="utf-8")
            case "replace":
                text, old, new = arguments
                # Bicep says nothing where there is nothing to replace, and deploys the default.
                assert text.count(old) == 1, f"'{old}' has to be there, once"
                return text.replace(old, new)
            case "concat":
                return [each for argument in arguments for each in argument]
            case name:
                raise NotUnderstood(name)
