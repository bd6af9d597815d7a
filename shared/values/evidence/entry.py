"""One thing that happened to a registration, as the chain keeps it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from pydantic import AwareDatetime

from shared.values.base import Value
from shared.values.evidence.canonical_json import digest_of

Facts = Mapping[str, Any]


class EntryKind(StrEnum):
    """What happened."""

    ASKED = "asked"
    MAILED = "mailed"
    REPORTED = "reported"
    CONFIRMED = "confirmed"
    WRITTEN = "written"
    TRIGGERED = "triggered"
    WITHDRAWN = "withdrawn"
    OPTED_OUT = "opted_out"


class Entry(Value):
    """What happened, when, and its facts as JSON. It is sealed once it has a hash.

    A sealed entry may be kept without its facts: `facts_digest` then stands for them, and tells
    nothing of them, since sealing adds something random to all facts.
    """

    kind: EntryKind
    at: AwareDatetime
    facts: Facts | None = None
    facts_digest: str | None = None
    hash: str | None = None

    @property
    def digest(self) -> str | None:
        """SHA-256 (hex) of the facts' canonical JSON; None where neither is kept."""
        return self.facts_digest if self.facts is None else digest_of(self.facts)

    def hash_after(self, previous: str) -> str:
        """What its hash has to be behind the entry with that hash ("" where there is none)."""
        return digest_of(
            {
                "kind": self.kind.value,
                "at": utc_text(self.at),
                "facts": self.digest,
                "previous": previous,
            }
        )

    def without_facts(self) -> "Entry":
        """The same in the chain, but what happened cannot be read from it any more."""
        return self.model_copy(update={"facts": None, "facts_digest": self.digest})


def utc_text(at: datetime) -> str:
    """A time as it goes into a hash: UTC, always with microseconds, `2026-11-26T12:00:00.000000Z`.

    Raises ValueError for a time without a time zone, which would mean another moment elsewhere.
    """
    if at.tzinfo is None:
        raise ValueError("the time has no time zone")
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
