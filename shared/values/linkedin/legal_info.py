"""The legal texts of a lead form: what a member was told, and asked to agree to."""

from shared.values.linkedin.base import LinkedInValue
from shared.values.linkedin.locale import MultiLocaleString
from shared.values.linkedin.numbers import LongId


class FormConsent(LinkedInValue):
    """A checkbox with its text (LeadGenFormConsent). Its id is unique within the LegalInfo."""

    id: int
    consent: MultiLocaleString | None = None
    check_required: bool = False
    label: str | None = None


class LegalInfo(LinkedInValue):
    """LeadGenFormLegalInfo."""

    legal_info_id: LongId | None = None
    privacy_policy_url: str | None = None
    legal_disclaimer: MultiLocaleString | None = None
    consents: tuple[FormConsent, ...] = ()
