"""One Bicep file: what it declares."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from local.infrastructure.syntax import parts_of, text_of, tree_of
from local.infrastructure.values import Value, names_in, value_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tree_sitter import Node


@dataclass(frozen=True, kw_only=True)
class Decorator:
    name: str
    arguments: tuple[Value, ...]


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """Of a parameter, variable or output: `type` is empty for a variable.

    `value` is a parameter's default, and then may be missing (`has_value`).
    """

    name: str
    decorators: Mapping[str, Decorator]
    names: frozenset[str]  # symbols that it refers to
    type: str = ""
    value: Value = None
    has_value: bool = True

    @property
    def description(self) -> str:
        """Empty where there is none."""
        decorator = self.decorators.get("description")
        return str(decorator.arguments[0]) if decorator else ""


@dataclass(frozen=True, kw_only=True)
class Block(Declaration):
    """Of a resource or module; `condition` and `loop` are empty where it has none.

    `loop` is the list that it is made for each `item` of.
    `of` is the resource's type and version, or the module's file.
    """

    of: str
    existing: bool
    condition: str
    loop: str
    item: str
    body: Mapping[str, Value]


@dataclass(kw_only=True)
class BicepFile:
    path: Path
    parameters: dict[str, Declaration] = field(default_factory=dict)
    variables: dict[str, Declaration] = field(default_factory=dict)
    outputs: dict[str, Declaration] = field(default_factory=dict)
    resources: dict[str, Block] = field(default_factory=dict)
    modules: dict[str, Block] = field(default_factory=dict)

    def names_used(self) -> set[str]:
        """Every symbol that some declaration refers to."""
        groups = (self.parameters, self.variables, self.outputs, self.resources, self.modules)
        return {name for group in groups for item in group.values() for name in item.names}


def read_bicep(path: Path) -> BicepFile:
    """The file's declarations. A .bicepparam file has variables only: its assignments."""
    file = BicepFile(path=path)
    decorators: dict[str, Decorator] = {}
    for node in parts_of(tree_of(path)):
        if node.type == "decorators":
            decorators = {each.name: each for each in map(_decorator, parts_of(node))}
            continue
        match node.type:
            case "parameter_declaration":
                parameter = _declaration(node, decorators)
                file.parameters[parameter.name] = parameter
            case "variable_declaration":
                variable = _declaration(node, decorators)
                file.variables[variable.name] = variable
            case "output_declaration":
                output = _declaration(node, decorators)
                file.outputs[output.name] = output
            case "resource_declaration":
                resource = _block(node, decorators)
                file.resources[resource.name] = resource
            case "module_declaration":
                module = _block(node, decorators)
                file.modules[module.name] = module
        decorators = {}
    return file


def _decorator(node: Node) -> Decorator:
    call = parts_of(node)[0]
    name, *arguments = parts_of(call)
    values = tuple(value_of(part) for each in arguments for part in parts_of(each))
    return Decorator(name=text_of(name), arguments=values)


def _declaration(node: Node, decorators: Mapping[str, Decorator]) -> Declaration:
    name, *rest = parts_of(node)
    types = [text_of(part) for part in rest if part.type == "type"]
    values = [part for part in rest if part.type != "type"]
    return Declaration(
        name=text_of(name),
        decorators=decorators,
        names=frozenset(used for part in values for used in names_in(part)),
        type="".join(types),
        value=value_of(values[0]) if values else None,
        has_value=bool(values),
    )


def _block(node: Node, decorators: Mapping[str, Decorator]) -> Block:
    name, of, body = parts_of(node)
    condition = loop = item = ""
    names = frozenset(names_in(body))
    while body.type in {"for_statement", "if_statement"}:
        parts = parts_of(body)
        if body.type == "if_statement":
            condition = text_of(parts[0])[1:-1]
        else:
            variable, *_, items, _ = parts
            loop, item = text_of(items), text_of((parts_of(variable) or [variable])[0])
        body = parts[-1]
    content = value_of(body)
    return Block(
        name=text_of(name),
        decorators=decorators,
        names=names,
        of=str(value_of(of)),
        existing=any(child.type == "existing" for child in node.children),
        condition=condition,
        loop=loop,
        item=item,
        body=content if isinstance(content, dict) else {},
    )
