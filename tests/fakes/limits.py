"""Counts in memory, for the same test cases as the real ones."""

from dataclasses import dataclass, field
from threading import Lock
from typing import TypeVar

from shared.failures import Changed, TemporaryFailure
from shared.ports import Versioned
from shared.values.base import Value

L = TypeVar("L", bound=Value)


@dataclass
class FakeLimits:
    """Implements ports.Limits; `writes` counts the operations that a table would have billed."""

    rows: dict[str, tuple[str, str]] = field(default_factory=dict)
    down: bool = False
    writes: int = 0
    _one_at_a_time: Lock = field(default_factory=Lock)  # as a table compares and writes in one

    def find(self, name: str, none_yet: L) -> Versioned[L]:
        self._answer()
        if name not in self.rows:
            return Versioned(value=none_yet, etag=None)
        text, etag = self.rows[name]
        return Versioned(value=type(none_yet).model_validate_json(text), etag=etag)

    def save(self, name: str, row: Versioned[L]) -> Versioned[L]:
        self._answer()
        text = row.value.model_dump_json(by_alias=True)
        with self._one_at_a_time:
            self.writes += 1
            stored = self.rows.get(name)
            if (stored[1] if stored else None) != row.etag:
                raise Changed
            etag = str(self.writes)
            self.rows[name] = (text, etag)
        return row.saved_as(etag)

    def reach(self) -> None:
        self._answer()

    def _answer(self) -> None:
        if self.down:
            raise TemporaryFailure("table limits: down")
