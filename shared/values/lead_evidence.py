"""What is kept of a lead as evidence, and which campaign it came from."""

from collections.abc import Sequence
from datetime import datetime

from shared.values.form_linkedin import LeadFormMapping
from shared.values.lead_snapshot import LeadConsent, LeadSnapshot
from shared.values.linkedin.joined_lead import JoinedConsent
from shared.values.linkedin.lead_form import LeadForm
from shared.values.linkedin.lead_response import LeadResponse
from shared.values.registration_checks import LONGEST_CAMPAIGN

# Hidden fields that marketers name so, as in the addresses of their web pages.
_CAMPAIGN_FIELDS = ("utm_campaign", "campaign")


def campaign_of(snapshot: LeadSnapshot, mapping: LeadFormMapping) -> str | None:
    """A hidden field, else what LinkedIn says, else the mapping's; short and printable."""
    hidden = [snapshot.hidden_fields.get(name) for name in _CAMPAIGN_FIELDS]
    known = [*hidden, snapshot.campaign_name, snapshot.campaign, mapping.campaign]
    name = next((one for one in known if one), None)
    if name is None:
        return None
    return "".join(letter for letter in name if letter.isprintable())[:LONGEST_CAMPAIGN]


def snapshot_of(
    lead: LeadResponse,
    form: LeadForm,
    consents: Sequence[JoinedConsent],
    *,
    fetched_at: datetime,
    api_version: str,
) -> LeadSnapshot:
    """Lead and form as LinkedIn has them now, in the form's language, without the answers."""
    origin, legal, locale = lead.attribution, form.content.legal_info, form.creation_locale
    version = lead.form_version or form.version
    return LeadSnapshot(
        lead_id=lead.id,
        owner=origin.owner,
        owner_name=origin.owner_name,
        lead_type=lead.lead_type,
        form_id=str(version.form_id) if version else None,
        form_version=str(version.version) if version and version.version is not None else None,
        form_name=form.name or None,
        locale=locale.tag if locale else None,
        legal_info_id=str(legal.legal_info_id) if legal.legal_info_id is not None else None,
        consents=tuple(_consent(one, form) for one in consents),
        legal_disclaimer=legal.legal_disclaimer.text(locale) if legal.legal_disclaimer else None,
        privacy_policy_url=legal.privacy_policy_url,
        hidden_fields={hidden.name: hidden.value for hidden in form.hidden_fields},
        campaign=origin.campaign,
        campaign_name=origin.campaign_name,
        campaign_type=origin.campaign_type,
        entity=origin.entity,
        entity_kind=origin.entity_kind,
        entity_status=origin.entity_status,
        post=origin.post,
        submitted_at=lead.submitted_at,
        fetched_at=fetched_at,
        api_version=api_version,
        test_lead=lead.test_lead,
    )


def _consent(joined: JoinedConsent, form: LeadForm) -> LeadConsent:
    consent, response = joined.consent, joined.response
    number = consent.id if consent else response.consent_id if response else None
    text = consent.consent.text(form.creation_locale) if consent and consent.consent else None
    return LeadConsent(
        id=str(number),
        label=consent.label if consent else None,
        text=text,
        check_required=bool(consent and consent.check_required),
        accepted=joined.accepted,
    )
