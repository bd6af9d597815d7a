"""Rest.li 2.0: how values stand in a URL. https://linkedin.github.io/rest.li/spec/protocol

What comes out is complete: hand it to the HTTP client as URL, never as `params=`, which would
encode it a second time.
"""

from collections.abc import Mapping, Sequence
from typing import TypeAlias
from urllib.parse import quote

RestLi: TypeAlias = "str | int | Mapping[str, RestLi] | Sequence[RestLi]"


def encode(value: RestLi) -> str:
    """`(k:v,…)`, `List(a,b)`, `''` for an empty text; the rest percent-encoded once.

    Parentheses, commas and colons of the structure stay as they are; those within a text are
    encoded, and so are its quotes. Raises TypeError for what has no form in Rest.li.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return quote(value, safe="") or "''"
    if isinstance(value, Mapping):
        return f"({','.join(f'{encode(key)}:{encode(item)}' for key, item in value.items())})"
    if isinstance(value, list | tuple):
        return f"List({','.join(encode(item) for item in value)})"
    raise TypeError(f"Rest.li has no form for {type(value).__name__}")


def target(
    resource: str,
    key: str | int | None = None,
    query: Mapping[str, RestLi] | None = None,
    fields: str | None = None,
) -> str:
    """Path and query below the API's address: `leadForms/5?q=owner&…`.

    `fields` is a projection, which Rest.li leaves in the form of version 1: not encoded.
    """
    path = resource if key is None else f"{resource}/{encode(key)}"
    parameters = [f"{name}={encode(value)}" for name, value in (query or {}).items()]
    if fields is not None:
        parameters.append(f"fields={fields}")
    return f"{path}?{'&'.join(parameters)}" if parameters else path
