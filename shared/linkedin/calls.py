"""The kinds of calls, and what LinkedIn demands for each.

Scopes: Lead Sync, "Permissions". Roles: the same, and
https://learn.microsoft.com/linkedin/marketing/integrations/ads/account-structure/create-and-manage-account-users
"""

from dataclasses import dataclass
from typing import Final

LEAD_SCOPE: Final = "r_marketing_leadgen_automation"

_AD_ROLES = "ACCOUNT_BILLING_ADMIN, ACCOUNT_MANAGER, CAMPAIGN_MANAGER or CREATIVE_MANAGER"
_LEAD_ROLES = (
    f"for an ad account {_AD_ROLES} or VIEWER, and a role on the company page as well;"
    " for leads of events ADMINISTRATOR or CONTENT_ADMINISTRATOR of the page"
)


@dataclass(frozen=True, kw_only=True)
class Call:
    """`scopes`: any one of these will do. `roles` are those of the member who signed in."""

    name: str
    scopes: tuple[str, ...]
    roles: str
    if_refused: str


READ_FORMS: Final = Call(
    name="reading lead forms",
    scopes=(LEAD_SCOPE, "r_ads", "rw_ads"),
    roles=_LEAD_ROLES,
    if_refused="check the owner's URN and the form's id",
)
WRITE_FORMS: Final = Call(
    name="writing a lead form",
    scopes=("rw_ads",),
    roles=f"on the ad account {_AD_ROLES}",
    if_refused="the form is not as LinkedIn wants it, or may not be edited (any more)",
)
READ_LEADS: Final = Call(
    name="reading leads",
    scopes=(LEAD_SCOPE,),
    roles=_LEAD_ROLES,
    if_refused="check owner and lead type: SPONSORED goes with ad accounts, the others with pages",
)
SUBSCRIPTIONS: Final = Call(
    name="subscriptions to leads",
    scopes=(LEAD_SCOPE,),
    roles=_LEAD_ROLES,
    if_refused="the form has to belong to the subscription's owner, the address has to be public",
)
