"""Every event that the code can tell, read from its source."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from shared.values.about import About
from shared.values.event_catalogue import Event, Level
from tests.examples import ROOT

DEPLOYED = ("shared", "functions", "cli", "function_app.py")
_LEVELS = {"note": Level.INFO, "warn": Level.WARNING, "alarm": Level.ERROR}
_WRITER = ROOT / "shared" / "events.py"


class Emission(NamedTuple):
    """One place that tells an event. `told_about` is whether it hands over what it is about."""

    event: Event
    levels: frozenset[Level]
    facts: frozenset[str]
    told_about: bool
    where: str


class NotReadable(Exception):
    """Nobody could say from the source which events and facts this tells."""


def deployed_files() -> list[Path]:
    files: list[Path] = []
    for name in DEPLOYED:
        path = ROOT / name
        files += [path] if path.is_file() else sorted(path.rglob("*.py"))
    return files


def emitted() -> list[Emission]:
    """All of them, in all that is deployed. Raises NotReadable."""
    return [
        emission
        for path in deployed_files()
        if path != _WRITER
        for emission in emitted_in(path.read_text(encoding="utf-8"), str(path.relative_to(ROOT)))
    ]


def emitted_in(source: str, name: str) -> Iterator[Emission]:
    """Those of one file. Raises NotReadable."""
    tree = ast.parse(source)
    called: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (functions := _functions(node.func)):
            called.update(functions)
            yield _emission(node, functions, f"{name}:{node.lineno}")
    for node in ast.walk(tree):
        if _is_ours(node) and node not in called:
            raise NotReadable(f"{name}:{getattr(node, 'lineno', 0)}: call it where it is named")


def _functions(called: ast.expr) -> list[ast.Attribute]:
    """`events.note`, or either of `(events.note if … else events.warn)`."""
    candidates = [called.body, called.orelse] if isinstance(called, ast.IfExp) else [called]
    return [each for each in candidates if isinstance(each, ast.Attribute) and _is_ours(each)]


def _is_ours(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "events"
        and node.attr in _LEVELS
    )


def _emission(call: ast.Call, functions: list[ast.Attribute], where: str) -> Emission:
    first = call.args[0] if call.args else None
    if not (isinstance(first, ast.Attribute) and ast.unparse(first.value) == "Event"):
        raise NotReadable(f"{where}: name the event, as Event.NAME")
    if any(keyword.arg is None for keyword in call.keywords):
        raise NotReadable(f"{where}: name each fact, no **")
    told_about = len(call.args) > 1
    facts = {str(keyword.arg) for keyword in call.keywords}
    return Emission(
        event=Event[first.attr],
        levels=frozenset(_LEVELS[function.attr] for function in functions),
        facts=frozenset(facts | (set(About._fields) if told_about else set())),
        told_about=told_about,
        where=where,
    )
