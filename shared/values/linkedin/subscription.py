"""A subscription to lead notifications (leadNotifications)."""

from typing import Any
from urllib.parse import urlsplit

from pydantic import Field

from shared.values.linkedin.base import LinkedInValue
from shared.values.linkedin.keyed_urn import AssociatedEntity, Owner, pairing_problem
from shared.values.linkedin.lead_response import FORM_VERSION_NAMES
from shared.values.linkedin.numbers import LongId
from shared.values.linkedin.symbols import LeadTypeSymbol
from shared.values.linkedin.urns import FormVersionUrn


class SubscriptionRefused(ValueError):
    """LinkedIn would not take it, or it would never match a lead. The text says why."""


class Subscription(LinkedInValue):
    """Leads of an owner, or only those of one form, of one entity, or of both at once (AND).

    `webhook` may carry a secret in its query: never log it. Some answers of LinkedIn leave it out.
    """

    id: LongId | None = None
    webhook: str | None = Field(default=None, repr=False)
    owner: Owner
    lead_type: LeadTypeSymbol
    versioned_form: FormVersionUrn | None = Field(default=None, validation_alias=FORM_VERSION_NAMES)
    associated_entity: AssociatedEntity | None = None

    def creation_body(self) -> dict[str, Any]:
        """The body that creates it. Raises SubscriptionRefused."""
        self.check()
        return self.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"id"})

    def check(self) -> None:
        """Raises SubscriptionRefused for what can be known before asking LinkedIn."""
        address = urlsplit(self.webhook or "")
        if address.scheme != "https" or not address.hostname:
            raise SubscriptionRefused("LinkedIn notifies https:// addresses only")
        if problem := pairing_problem(self.lead_type, self.owner):
            raise SubscriptionRefused(problem)
        if self.versioned_form is not None and self.versioned_form.version is None:
            raise SubscriptionRefused("name the form's version: urn:li:versionedLeadGenForm:(…)")

    def subscribes_to_same(self, other: "Subscription") -> bool:
        """Whether both ask for the same leads, wherever they are sent."""
        return (self.owner, self.lead_type, self.versioned_form, self.associated_entity) == (
            other.owner,
            other.lead_type,
            other.versioned_form,
            other.associated_entity,
        )

    def overlaps(self, other: "Subscription") -> bool:
        """Whether a lead can match both: LinkedIn then notifies twice."""
        mine = (self.versioned_form, self.associated_entity)
        others = (other.versioned_form, other.associated_entity)
        return (self.owner, self.lead_type) == (other.owner, other.lead_type) and all(
            one is None or another is None or one == another
            for one, another in zip(mine, others, strict=True)
        )

    @property
    def shown_webhook(self) -> str | None:
        """The address without the values in its query, which may be secrets."""
        if self.webhook is None:
            return None
        address = urlsplit(self.webhook)
        query = "&".join(
            f"{part.partition('=')[0]}=…" if "=" in part else "…"
            for part in address.query.split("&")
            if part
        )
        host = address.netloc.rpartition("@")[2]
        return address._replace(netloc=host, query=query).geturl()
