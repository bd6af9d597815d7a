"""The checkboxes of a lead form as consents of ours: what was given, and what is missing."""

from collections.abc import Sequence

from shared.values.consent_text import version_of
from shared.values.form_linkedin import LeadFormMapping
from shared.values.lead_snapshot import LeadSnapshot
from shared.values.linkedin.joined_lead import JoinedConsent
from shared.values.linkedin.legal_info import FormConsent
from shared.values.registration import GivenConsent


def ticked(mapping: LeadFormMapping, consents: Sequence[JoinedConsent]) -> list[str]:
    """The ids of our consents whose checkbox is on the lead form, and was accepted."""
    accepted = {
        one.response.consent_id for one in consents if one.consent and one.response and one.accepted
    }
    return [ours for ours, theirs in mapping.consents.items() if theirs in accepted]


def missing_consents(mapping: LeadFormMapping, consents: Sequence[JoinedConsent]) -> list[str]:
    """Why nobody may be mailed, as reasons; required checkboxes count, whether mapped or not."""
    shown = {one.consent.id: one.consent for one in consents if one.consent}
    reasons = [
        f"consent_not_asked: the lead form has no checkbox {theirs} for {ours}"
        for ours, theirs in mapping.consents.items()
        if theirs not in shown
    ]
    reasons += [
        f"consent_without_text: checkbox {theirs} of the lead form"
        for theirs in mapping.consents.values()
        if theirs in shown and not _has_text(shown[theirs])
    ]
    return reasons + [
        f"consent_required at checkbox {one.consent.id} of the lead form"
        for one in consents
        if one.consent and one.required_but_missing
    ]


def _has_text(consent: FormConsent) -> bool:
    return consent.consent is not None and bool(consent.consent.text(None))


def as_shown(
    given: GivenConsent,
    mapping: LeadFormMapping,
    snapshot: LeadSnapshot,
    language: str,
) -> GivenConsent:
    """The text that stood at LinkedIn, which need not be ours word for word."""
    theirs = str(mapping.consents[given.id])
    text = next((one.text for one in snapshot.consents if one.id == theirs), None) or ""
    shown_in = snapshot.locale or language
    shown = {"language": shown_in, "text": text, "version": version_of(text)}
    return given.model_copy(update=shown)
