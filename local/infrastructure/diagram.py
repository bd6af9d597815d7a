"""All resources of the Bicep files, and what holds them together, as a Mermaid flowchart.

A box is a file, a node a resource. Lines: what is part of what; arrows: who uses what; labelled
arrows: who may do what; dotted arrows: which file gets something from which.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from local.infrastructure.origins import origin_of
from local.infrastructure.role_assignments import TYPE as ROLE_ASSIGNMENT
from local.infrastructure.role_assignments import role_assignments
from local.infrastructure.templates import MAIN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from local.infrastructure.files import BicepFile, Block
    from local.infrastructure.templates import Templates


def diagram_of(templates: Templates) -> str:
    """The flowchart. Raises ValueError where something cannot be followed to its ends."""
    lines = ["flowchart LR"]
    lines += [f"  {line}" for path in _in_order(templates) for line in _box(templates, path)]
    edges = [*_inside(templates), *_between(templates), *_rights(templates)]
    return "\n".join([*lines, *(f"  {edge}" for edge in dict.fromkeys(edges))]) + "\n"


def _in_order(templates: Templates) -> list[str]:
    return [MAIN, *(path for path in templates.files if path != MAIN)]


def _box(templates: Templates, path: str) -> Iterator[str]:
    drawn = [resource for resource in templates.files[path].resources.values() if _drawn(resource)]
    if not drawn:
        return
    yield f'subgraph {_id(path)}["{path}{_when(templates, path)}"]'
    for resource in drawn:
        kind = _short(resource.of.split("@")[0])
        note = f"<br/>{_note(resource)}" if _note(resource) else ""
        yield f'  {_id(path, resource.name)}["{resource.name}<br/>{kind}{note}"]'
    yield "end"


def _drawn(resource: Block) -> bool:
    return not resource.existing and not resource.of.startswith(ROLE_ASSIGNMENT)


def _short(kind: str) -> str:
    provider, *middle, leaf = kind.removeprefix("Microsoft.").split("/")
    return f"{provider}/{'…/' if middle else ''}{leaf}"


def _note(block: Block) -> str:
    loop = re.sub(r"[\[\]'\s]+", " ", block.loop).strip()
    each = f"one for each of {loop}" if loop else ""
    return ", ".join(filter(None, [each, f"if {block.condition}" if block.condition else ""]))


def _when(templates: Templates, path: str) -> str:
    notes = [_note(call) for _, call, called in templates.calls() if called == path]
    return "".join(f" · {note}" for note in notes if note).replace('"', "'")


def _inside(templates: Templates) -> Iterator[str]:
    for path, resource in templates.resources():
        if not _drawn(resource):
            continue
        file = templates.files[path]
        parent = str(resource.body.get("parent", ""))
        node = _id(path, resource.name)
        drawn = {other.name for other in file.resources.values() if other.existing or _drawn(other)}
        for name in sorted(_reached(file, resource.names) & drawn):
            used = _made(templates, path, name)
            yield f"{used} --- {node}" if name == parent else f"{node} --> {used}"


def _between(templates: Templates) -> Iterator[str]:
    # A file with roles and nothing else has no box: they are the labelled arrows.
    boxed = {path for path, resource in templates.resources() if _drawn(resource)}
    for path, call, called in templates.calls():
        file = templates.files[path]
        for name in sorted(_reached(file, call.names)) if called in boxed else ():
            used = templates.path_of(file, file.modules[name]) if name in file.modules else ""
            if used in boxed:
                yield f"{_id(called)} -.-> {_id(used)}"
            elif name in file.resources:
                yield f"{_id(called)} -.-> {_made(templates, path, name)}"


def _rights(templates: Templates) -> Iterator[str]:
    names = {id_: words(key) for key, id_ in templates.main.variables["roleIds"].value.items()}
    for each in role_assignments(templates):
        who = _id(each.principal.path, each.principal.symbol)
        if each.principal.symbol in templates.main.parameters:
            who = f"{who}(({each.principal.symbol.removesuffix('PrincipalId')}s))"
        where = f", queue {each.scope_name}" if each.scope_name else ""
        scope = _id(each.scope.path, each.scope.symbol)
        yield f'{who} -- "{names[each.role_id]}{where}" --> {scope}'


def words(name: str) -> str:
    """A name as people write it: storageBlobDataOwner is Storage Blob Data Owner."""
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return (text[0].upper() + text[1:]).replace(" And ", " and ")


def _reached(file: BicepFile, names: Iterable[str]) -> set[str]:
    """The names, and those that their variables refer to."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += file.variables[name].names if name in file.variables else ()
    return found


def _made(templates: Templates, path: str, name: str) -> str:
    """The node of a resource, also where the file only refers to one that another file makes."""
    resource = templates.files[path].resources[name]
    if not resource.existing:
        return _id(path, name)
    if "parent" in resource.body:
        return _made(templates, path, str(resource.body["parent"]))
    origin = origin_of(templates, path, resource.body["name"])
    return _id(origin.path, origin.symbol)


def _id(path: str, name: str = "") -> str:
    stem = re.sub(r"\W", "_", path.removesuffix(".bicep"))
    return f"{stem}__{name}" if name else stem
