"""What LinkedIn said about a lead when it was taken in: the evidence beside the registration.

LinkedIn deletes leads and lets forms be edited, so nothing here can be looked up later.
"""

from collections.abc import Mapping

from pydantic import AwareDatetime

from shared.values.base import Value


class LeadConsent(Value):
    """A checkbox of the lead form: its text in the form's language, and whether it was ticked."""

    id: str
    label: str | None = None
    text: str | None = None
    check_required: bool
    accepted: bool


class LeadSnapshot(Value):
    """The lead and its form, without the answers. Ids are text: some have 64 bits.

    `entity` is what the form was attached to (an ad, event or page), `post` what the ad showed.
    """

    lead_id: str
    owner: str | None = None
    owner_name: str | None = None
    lead_type: str | None = None
    form_id: str | None = None
    form_version: str | None = None
    form_name: str | None = None
    locale: str | None = None
    legal_info_id: str | None = None
    consents: tuple[LeadConsent, ...]
    legal_disclaimer: str | None = None
    privacy_policy_url: str | None = None
    hidden_fields: Mapping[str, str]
    campaign: str | None = None
    campaign_name: str | None = None
    campaign_type: str | None = None
    entity: str | None = None
    entity_kind: str | None = None
    entity_status: str | None = None
    post: str | None = None
    submitted_at: AwareDatetime | None = None
    fetched_at: AwareDatetime
    api_version: str
    test_lead: bool
