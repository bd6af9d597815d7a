"""What a member sees after sending a lead form."""

from shared.values.linkedin.base import LinkedInValue
from shared.values.linkedin.locale import MultiLocaleString
from shared.values.linkedin.symbols import CallToActionLabel, CallToActionSymbol


class CallToActionTarget(LinkedInValue):
    """A union with one member so far."""

    landing_page_url: str | None = None


class CallToAction(LinkedInValue):
    """LeadGenFormCallToAction."""

    call_to_action_label: CallToActionSymbol = CallToActionLabel.VISIT_COMPANY_WEBSITE
    call_to_action_target: CallToActionTarget | None = None


class PostSubmissionInfo(LinkedInValue):
    """A message and a button."""

    message: MultiLocaleString | None = None
    call_to_action: CallToAction | None = None
