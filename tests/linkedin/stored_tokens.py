"""A store of tokens in memory, guarded as the real one is."""

from dataclasses import dataclass

from shared.failures import Changed, TemporaryFailure
from shared.ports import Versioned
from shared.values.linkedin.authorization import Authorization


@dataclass
class StoredTokens:
    """Implements LinkedInTokens; `number` is the ETag."""

    stored: Authorization | None = None
    number: int = 0
    down: bool = False
    loads: int = 0

    def load(self) -> Versioned[Authorization] | None:
        if self.down:
            raise TemporaryFailure("table: down")
        self.loads += 1
        return None if self.stored is None else Versioned(value=self.stored, etag=str(self.number))

    def save(self, authorization: Versioned[Authorization]) -> Versioned[Authorization]:
        expected = None if self.stored is None else str(self.number)
        if authorization.etag != expected:
            raise Changed
        return self.put(authorization.value)

    def put(self, authorization: Authorization) -> Versioned[Authorization]:
        """Whatever was there."""
        self.stored = authorization
        self.number += 1
        return Versioned(value=authorization, etag=str(self.number))
