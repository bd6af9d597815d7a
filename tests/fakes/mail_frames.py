"""Frames of mails in memory, for the same test cases as the real table."""

from dataclasses import dataclass, field

from shared.failures import TemporaryFailure


@dataclass
class FakeMailFrames:
    """Implements ports.MailFrames; `operations` counts those that a table would have billed."""

    frames: dict[str, bytes] = field(default_factory=dict)
    down: bool = False
    operations: int = 0

    def put(self, digest: str, frame: bytes) -> None:
        self.reach()
        self.frames.setdefault(digest, frame)

    def find(self, digest: str) -> bytes | None:
        self.reach()
        return self.frames.get(digest)

    def reach(self) -> None:
        self.operations += 1
        if self.down:
            raise TemporaryFailure("table mailframes: down")
