"""A promise that the run found broken."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Promise(StrEnum):
    KEPT = "acknowledged is kept"
    ONCE = "effects happen once"
    WAITS = "outages wait"
    UNCONFIRMED = "nothing before the confirmation"
    NAMELESS = "nobody is named"


@dataclass(frozen=True, kw_only=True)
class Broken:
    """`about` is a registration's id where there is one."""

    promise: Promise
    about: str
    reason: str

    def __str__(self) -> str:
        return f"{self.promise}: {self.about} {self.reason}"
