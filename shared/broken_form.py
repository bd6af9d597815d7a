"""What is wrong with a form file, and where in the file."""

from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails


@dataclass(frozen=True, kw_only=True)
class BrokenForm:
    """Why a file is no form: its name, a JSON pointer (RFC 6901) into it, and the reason."""

    file: str
    pointer: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file} at {self.pointer or '/'}: {self.reason}"


def mistakes_in(file: str, definition: Any, error: ValidationError) -> list[BrokenForm]:
    """Everything that pydantic found wrong with the file's `definition`."""
    return [
        BrokenForm(file=file, pointer=pointer, reason=reason)
        for detail in error.errors(include_url=False)
        if not _follows_from_another(detail)
        for pointer, reason in _places(definition, detail)
    ]


def _places(definition: Any, detail: ErrorDetails) -> list[tuple[str, str]]:
    reason = _WORDS.get(detail["type"]) or detail["msg"].removeprefix("Value error, ")
    # A form that breaks several rules is one error to pydantic.
    return [(_pointer(definition, detail), reason), *detail.get("ctx", {}).get("further", ())]


# pydantic speaks to programmers.
_WORDS = {"extra_forbidden": "is unknown here", "missing": "is missing"}


def _follows_from_another(detail: ErrorDetails) -> bool:
    """A list counts as empty when its entries are wrong, and those are named already."""
    return detail["type"] == "too_short" and bool(detail["input"])


def pointer_to(key: str | int) -> str:
    """One step of a JSON pointer."""
    return "/" + str(key).replace("~", "~0").replace("/", "~1")


def _pointer(definition: Any, detail: ErrorDetails) -> str:
    """Without what pydantic puts in between (the kind of a field, "[key]"): the file has no such.

    A key that is missing is named nevertheless. A rule about the whole form says itself where.
    """
    pointer, here = "", definition
    for part in detail["loc"]:
        inside_list = isinstance(here, list) and isinstance(part, int)
        if inside_list or (isinstance(here, dict) and part in here):
            pointer, here = pointer + pointer_to(part), here[part]
    if detail["type"] == "missing":
        return pointer + pointer_to(detail["loc"][-1])
    return str(detail.get("ctx", {}).get("pointer", pointer))
