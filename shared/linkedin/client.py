"""All that LinkedIn does for us, for who operates it."""

from dataclasses import dataclass
from typing import Protocol

from shared.linkedin.ports import LeadForms, LeadNotifications, LeadResponses, LinkedInTokens
from shared.linkedin.sign_in import Access, SignIn
from shared.ports import Outside


@dataclass(frozen=True, kw_only=True)
class LinkedInClient:
    """One application at LinkedIn, as the member who signed in sees it."""

    forms: LeadForms
    leads: LeadResponses
    subscriptions: LeadNotifications
    sign_in: SignIn
    access: Access
    tokens: LinkedInTokens


class OutsideWithLinkedIn(Outside, Protocol):
    """What the command line works with."""

    @property
    def linkedin(self) -> LinkedInClient:
        """Built on first use."""
