"""URNs that LinkedIn writes with the kind of thing in front: `{"organization": "urn:li:…"}`."""

from typing import Any, Self

from pydantic import model_serializer, model_validator

from shared.values.base import Value
from shared.values.linkedin.symbols import LeadType
from shared.values.linkedin.urns import type_of


class KeyedUrn(Value):
    """A union of URNs. `key` is kept as it was sent: `associatedCreative`, `event`, …

    Reads `{key: urn}`, the same wrapped as `{"value": …}`, and the bare URN, whose type is
    then the key.
    """

    key: str
    urn: str

    @model_validator(mode="before")
    @classmethod
    def _read(cls, given: Any) -> Any:
        if isinstance(given, str):
            return {"key": type_of(given), "urn": given}
        if not isinstance(given, dict) or given.keys() == {"key", "urn"}:
            return given
        if isinstance(given.get("value"), dict):
            given = given["value"]
        urns = [(key, urn) for key, urn in given.items() if isinstance(urn, str)]
        if len(urns) != 1:
            raise ValueError("not one URN")
        key, urn = urns[0]
        type_of(urn)
        return {"key": key, "urn": urn}

    @classmethod
    def parse(cls, urn: str) -> Self:
        """From the bare URN. Raises ValueError."""
        return cls(key=type_of(urn), urn=urn)

    @model_serializer
    def as_union(self) -> dict[str, str]:
        """As LinkedIn writes it."""
        return {self.key: self.urn}


class Owner(KeyedUrn):
    """Whose forms and leads they are: an ad account or a company page."""

    @property
    def is_ad_account(self) -> bool:
        return self.key == "sponsoredAccount"

    @property
    def is_organization(self) -> bool:
        return self.key == "organization"


class AssociatedEntity(KeyedUrn):
    """What a lead came from: a creative, an event, a page, a product."""


def pairing_problem(lead_type: LeadType | str, owner: Owner) -> str | None:
    """Why this owner cannot have leads of this type; None when it can.

    "For the SPONSORED lead type the owner is a sponsored account urn. For all other lead types
    the owner is an organization urn." (Lead Sync, contents of a notification.) The
    documentation's own samples for organizations say SPONSORED; they would match nothing.
    """
    if not isinstance(lead_type, LeadType):
        known = ", ".join(LeadType)
        return f"LinkedIn has no lead type {lead_type!r}; it has {known}"
    if lead_type is LeadType.SPONSORED and not owner.is_ad_account:
        return "leads of type SPONSORED belong to an ad account (urn:li:sponsoredAccount:…)"
    if lead_type is not LeadType.SPONSORED and not owner.is_organization:
        return f"leads of type {lead_type} belong to a company page (urn:li:organization:…)"
    return None
