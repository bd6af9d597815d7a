"""What is known about a lead, and how far LinkedIn has been asked: never an answer of a person."""

from enum import StrEnum

from pydantic import AwareDatetime

from shared.values.about import About
from shared.values.base import Value
from shared.values.keyed_digest import keyed_uuid

# The reason that ends by itself, once LinkedIn has the lead.
NOT_FOUND = "lead_not_found"


class LeadState(StrEnum):
    """How far a lead has come."""

    ANNOUNCED = "announced"  # its message is in the queue
    TAKEN_IN = "taken_in"  # it is a registration
    PARKED = "parked"  # it cannot become one until somebody mends the cause
    TEST = "test"  # LinkedIn made it, no member did
    DELETED = "deleted"  # LinkedIn deleted it; a late message about it changes nothing


class LeadRow(Value):
    """One lead. `form` is the URN of LinkedIn's form, `our_form` the id of ours.

    `reasons` are why it is parked. `mailbox_key` says where its record is. `lead` is a name of
    ours where LinkedIn gave no id: it was listed among those submitted from `listed_from` on and
    before `listed_until`.
    """

    lead: str
    registration_id: str
    state: LeadState
    noted_at: AwareDatetime
    owner: str | None = None
    lead_type: str | None = None
    form: str | None = None
    our_form: str | None = None
    mailbox_key: str | None = None
    reasons: tuple[str, ...] = ()
    listed_from: AwareDatetime | None = None
    listed_until: AwareDatetime | None = None

    @property
    def has_id(self) -> bool:
        """Whether LinkedIn can be asked for it by `lead`."""
        return self.listed_until is None

    @property
    def about(self) -> About:
        """What its events tell of it."""
        return About(registration=self.registration_id, form=self.our_form, source="linkedin")

    @property
    def is_missing(self) -> bool:
        """Parked because LinkedIn did not have it, which may have changed."""
        parked = self.state is LeadState.PARKED
        return parked and any(reason.startswith(NOT_FOUND) for reason in self.reasons)


def lead_registration_id(lead: str, pepper: str) -> str:
    """The same lead is the same registration, whichever way and however often it comes."""
    return keyed_uuid(pepper, "lead", lead)
