"""Where a lead came from: owner, campaign, creative, as LinkedIn resolves them."""

from dataclasses import dataclass
from typing import Any

from shared.values.linkedin.base import LinkedInValue


class NamedInfo(LinkedInValue):
    """An ad account or organization by its name; the name may come localized."""

    name: Any = None

    @property
    def readable_name(self) -> str | None:
        """The name as text, in whichever language it came."""
        name = self.name
        if isinstance(name, dict):
            localized = name.get("localized")
            texts = list(localized.values()) if isinstance(localized, dict) else []
            name = texts[0] if texts else None
        return name if isinstance(name, str) else None


class OwnerInfo(LinkedInValue):
    """A union: one of the two."""

    sponsored_account_info: NamedInfo | None = None
    organization_info: NamedInfo | None = None


class SponsoredLeadMetadata(LinkedInValue):
    """The campaign's URN."""

    campaign: str | None = None


class LeadMetadata(LinkedInValue):
    """A union with one member so far."""

    sponsored_lead_metadata: SponsoredLeadMetadata | None = None


class CampaignInfo(LinkedInValue):
    """The campaign: its name, type and URN."""

    name: str | None = None
    type: str | None = None
    id: str | None = None


class SponsoredLeadMetadataInfo(LinkedInValue):
    """The campaign, resolved."""

    campaign: CampaignInfo | None = None


class LeadMetadataInfo(LinkedInValue):
    """A union with one member so far."""

    sponsored_lead_metadata_info: SponsoredLeadMetadataInfo | None = None


class CreativeContent(LinkedInValue):
    """The post that the creative shows."""

    reference: str | None = None


class CreativeInfo(LinkedInValue):
    """The ad."""

    intended_status: str | None = None
    content: CreativeContent | None = None
    id: str | None = None


class AssociatedEntityInfo(LinkedInValue):
    """A union: the ad, or an event, a page, a product (then in `model_extra`)."""

    associated_creative: CreativeInfo | None = None


@dataclass(frozen=True, kw_only=True)
class Attribution:
    """What to tell about a lead's origin. Test leads have hardly any of it."""

    owner: str | None
    owner_name: str | None
    campaign: str | None
    campaign_name: str | None
    campaign_type: str | None
    entity: str | None
    entity_kind: str | None
    entity_status: str | None
    post: str | None
