"""One thing that `doi linkedin doctor` looked at."""

from dataclasses import dataclass
from enum import StrEnum

from cli.linkedin.failed_call import Failed


class State(StrEnum):
    """`unknown`: it could not be asked for now."""

    OK = "ok"
    WARNING = "warning"
    MISSING = "missing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Check:
    """`mend` is the step to take; None where all is well."""

    name: str
    state: State
    found: str
    mend: str | None = None


def failed(name: str, failed: Failed) -> Check:
    state = State.UNKNOWN if failed.is_temporary else State.MISSING
    return Check(name=name, state=state, found=failed.found, mend=failed.mend)


def ok(name: str, found: str) -> Check:
    return Check(name=name, state=State.OK, found=found)


def warning(name: str, found: str, mend: str) -> Check:
    return Check(name=name, state=State.WARNING, found=found, mend=mend)


def missing(name: str, found: str, mend: str) -> Check:
    return Check(name=name, state=State.MISSING, found=found, mend=mend)
