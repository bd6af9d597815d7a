"""One thing that the doctor looked at."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """`unknown`: it could not be asked for now."""

    OK = "ok"
    WARNING = "warning"
    MISSING = "missing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Check:
    """`found` never has a secret or a person; `mend` is the step to take, None if all is well."""

    name: str
    state: State
    found: str
    mend: str | None = None


def ok(name: str, found: str) -> Check:
    return Check(name=name, state=State.OK, found=found)


def warning(name: str, found: str, mend: str) -> Check:
    return Check(name=name, state=State.WARNING, found=found, mend=mend)


def missing(name: str, found: str, mend: str) -> Check:
    return Check(name=name, state=State.MISSING, found=found, mend=mend)


def unknown(name: str, found: str, mend: str) -> Check:
    return Check(name=name, state=State.UNKNOWN, found=found, mend=mend)
