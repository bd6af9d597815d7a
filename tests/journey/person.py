"""People who sign up. No two have the same address, and a log can be searched for all of them."""

from dataclasses import dataclass
from uuid import uuid4

# Every address and every family name in these tests contains one of these.
DOMAIN = "journey.example.com"
FAMILY = "Mustermann"


@dataclass(frozen=True, kw_only=True)
class Person:
    email: str
    first_name: str
    last_name: str

    @property
    def traces(self) -> tuple[str, ...]:
        """What must not be found where nobody may know the person."""
        return (self.email, self.last_name)


def somebody(first_name: str = "Erika") -> Person:
    letters = uuid4().hex[:12]
    return Person(
        email=f"{letters}@{DOMAIN}", first_name=first_name, last_name=f"{FAMILY} {letters}"
    )
