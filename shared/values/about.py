"""What an event is about: a registration by its id, its form and the door that it came through."""

from typing import Literal, NamedTuple

# Never a campaign, a page or anything else that a stranger may have typed.
Door = Literal["website", "linkedin"]


class About(NamedTuple):
    """Each is None where it is not known. Names no person."""

    registration: str | None = None
    form: str | None = None
    source: Door | None = None


NOTHING_KNOWN = About()


def door_of(lead: object | None) -> Door:
    """`lead` is what LinkedIn said about the registration, if it came from there."""
    return "linkedin" if lead else "website"
