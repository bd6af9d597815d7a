"""What the doctor looks at, in this order."""

from dataclasses import dataclass
from enum import StrEnum

from shared.values.check import Check


class Group(StrEnum):
    """One group of checks, as people name it."""

    SETTINGS = "settings"
    FORMS = "forms"
    STORAGE = "storage"
    MAIL = "mail"
    DATAVERSE = "dataverse"
    LINKEDIN = "linkedin"


@dataclass(frozen=True, kw_only=True)
class Examined:
    """A check, and the group that it is of."""

    group: Group
    check: Check

    def as_json(self) -> dict[str, str | None]:
        """As the command line and `GET /api/ready` tell it."""
        return {
            "group": self.group.value,
            "check": self.check.name,
            "state": self.check.state.value,
            "found": self.check.found,
            "mend": self.check.mend,
        }
