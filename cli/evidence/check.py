"""What a check of a bundle has found."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """`UNKNOWN`: it could not be checked, which says nothing against the bundle."""

    HOLDS = "holds"
    BROKEN = "broken"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Check:
    """`about`: a file, or a registration's id; `what` was looked at; `found` says how it is."""

    about: str
    what: str
    outcome: Outcome
    found: str

    def as_json(self) -> dict[str, str]:
        """For programs."""
        return {
            "about": self.about,
            "what": self.what,
            "outcome": self.outcome.value,
            "found": self.found,
        }


@dataclass(frozen=True)
class Subject:
    """What the following checks are about."""

    about: str

    def holds(self, what: str, found: str) -> Check:
        """It is as it should be."""
        return Check(about=self.about, what=what, outcome=Outcome.HOLDS, found=found)

    def broken(self, what: str, found: str) -> Check:
        """It is not."""
        return Check(about=self.about, what=what, outcome=Outcome.BROKEN, found=found)

    def unknown(self, what: str, found: str) -> Check:
        """Nobody can tell."""
        return Check(about=self.about, what=what, outcome=Outcome.UNKNOWN, found=found)

    def either(self, what: str, fault: str | None, found: str) -> Check:
        """Broken with the fault, if there is one."""
        return self.broken(what, fault) if fault else self.holds(what, found)
