"""Where a value comes from: back through parameters, module calls, outputs and variables."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from local.infrastructure.templates import MAIN
from local.infrastructure.values import Expression, Value

if TYPE_CHECKING:
    from local.infrastructure.files import Block
    from local.infrastructure.templates import Templates

_CHAIN = re.compile(r"(?P<head>\w+)!?(?P<tail>(?:\.\w+)*)")


@dataclass(frozen=True, kw_only=True)
class Origin:
    """A symbol of a file, and what of it: `identity`, `.properties.principalId`.

    It is a resource, or a parameter of main.bicep. For text that is written down `symbol` is
    empty and `rest` is the text.
    """

    path: str
    symbol: str
    rest: str


def origin_of(templates: Templates, path: str, value: Value) -> Origin:
    """Raises ValueError where it is no plain name, or a module is called more than once."""
    if not isinstance(value, Expression):
        return Origin(path=path, symbol="", rest=str(value))
    chain = _CHAIN.fullmatch(value.text)
    if chain is None:
        raise ValueError(f"{path}: {value} is no plain name")
    head, tail = chain["head"], chain["tail"]
    file = templates.files[path]
    if head in file.parameters and path != MAIN:
        caller, call = caller_of(templates, path)
        return _further(templates, caller, call.body["params"][head], tail)
    if head in file.modules:
        _, _, output, *rest = tail.split(".")
        called = templates.path_of(file, file.modules[head])
        declared = templates.files[called].outputs[output].value
        return _further(templates, called, declared, "".join(f".{part}" for part in rest))
    if head in file.variables:
        return _further(templates, path, file.variables[head].value, tail)
    return Origin(path=path, symbol=head, rest=tail)


def caller_of(templates: Templates, path: str) -> tuple[str, Block]:
    """The file that calls a module, and its call. Raises ValueError unless there is one."""
    calls = [(caller, call) for caller, call, called in templates.calls() if called == path]
    if len(calls) != 1:
        raise ValueError(f"{path} is called {len(calls)} times")
    return calls[0]


def _further(templates: Templates, path: str, value: Value, tail: str) -> Origin:
    if isinstance(value, Expression):
        longer = Expression(text=f"{value.text}{tail}", names=value.names)
        return origin_of(templates, path, longer)
    if isinstance(value, dict) and tail:
        first, *rest = tail[1:].split(".")
        return _further(templates, path, value[first], "".join(f".{part}" for part in rest))
    return Origin(path=path, symbol="", rest=str(value))
