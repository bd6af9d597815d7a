"""Keys of days in memory, for the same test cases as the real table."""

import secrets
from dataclasses import dataclass, field
from datetime import date

from shared.failures import TemporaryFailure
from shared.values.evidence.origin import KEY_BYTES


@dataclass
class FakeOriginKeys:
    """Implements ports.OriginKeys; `asked` counts the operations that a table would have billed."""

    keys: dict[date, bytes] = field(default_factory=dict)
    down: bool = False
    asked: int = 0

    def find(self, day: date) -> bytes | None:
        self.reach()
        return self.keys.get(day)

    def make(self, day: date) -> bytes:
        self.reach()
        return self.keys.setdefault(day, secrets.token_bytes(KEY_BYTES))

    def delete_before(self, day: date) -> int:
        self.reach()
        old = [each for each in self.keys if each < day]
        for each in old:
            del self.keys[each]
        return len(old)

    def reach(self) -> None:
        self.asked += 1
        if self.down:
            raise TemporaryFailure("table originkeys: down")
