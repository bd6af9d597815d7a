"""How far a privilege reaches.

https://learn.microsoft.com/power-platform/admin/security-roles-privileges ("Access levels")
"""

from enum import StrEnum


class Depth(StrEnum):
    """As the Web API names them; each reaches further than the one before."""

    BASIC = "Basic"
    LOCAL = "Local"
    DEEP = "Deep"
    GLOBAL = "Global"

    @property
    def in_words(self) -> str:
        """As the editor of security roles calls it."""
        return _WORDS[self]

    def reaches(self, wanted: "Depth") -> bool:
        """Whether it reaches at least as far."""
        return _ORDER.index(self) >= _ORDER.index(wanted)


_ORDER = tuple(Depth)
_WORDS = {
    Depth.BASIC: "User",
    Depth.LOCAL: "Business unit",
    Depth.DEEP: "Parent: child business units",
    Depth.GLOBAL: "Organization",
}
