"""What a rule is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from cli.lint.composed import ComposedMail, Hit


class Mode(StrEnum):
    """How strictly the law is read: `strict` after LG Stendal 22 S 87/20."""

    NORMAL = "normal"
    STRICT = "strict"


@dataclass(frozen=True, kw_only=True)
class Authority:
    """A judgment, law or standard that a rule follows; `url` is where it can be read."""

    name: str
    url: str | None = None


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One thing that a confirmation mail must have, or must not.

    `mode` is the mildest in which the rule holds: NORMAL means both.
    """

    id: str
    what: str
    mode: Mode
    authority: Authority
    mend: str
    find: Callable[[ComposedMail], Iterator[Hit]]

    def holds_in(self, mode: Mode) -> bool:
        """Whether the rule is looked at in that mode."""
        return self.mode is Mode.NORMAL or mode is Mode.STRICT
