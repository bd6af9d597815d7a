"""Who may do what: the bearer token, its scopes, and the member's roles.

Scopes and roles: "Permissions" of the Lead Sync documentation. Its lists of roles are lost in the
copy at hand: those of an ad account are LinkedIn's five, and any page role is taken for enough
except for leads of events.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

from local.linkedin_simulator.errors import LinkedInError, missing_role, token_refused
from local.linkedin_simulator.urns import number_of
from local.linkedin_simulator.world import World

LEAD_SYNC = "r_marketing_leadgen_automation"
READ_ADS = "r_ads"
WRITE_ADS = "rw_ads"
BEARER = re.compile(r"Bearer ([A-Za-z0-9\-._~+/]+=*)")
ACCOUNT_WRITERS = {
    "ACCOUNT_BILLING_ADMIN",
    "ACCOUNT_MANAGER",
    "CAMPAIGN_MANAGER",
    "CREATIVE_MANAGER",
}
ACCOUNT_READERS = {*ACCOUNT_WRITERS, "VIEWER"}
EVENT_READERS = {"ADMINISTRATOR", "CONTENT_ADMINISTRATOR"}

FETCH_FORMS = "Member is not authorized to fetch LeadGenForms under a SponsoredAccount/Organization"
BATCH_GET_FORMS = "Member is not authorized to BatchGet LeadGenForms"
CREATE_FORM = "Member is not authorized to create LeadGenForm"
READ_LEADS = "The member does not have lead access permission."
MANAGE_SUBSCRIPTIONS = (
    "Unauthorized! the member does not have permission to take this action on a subscription for "
    "the owner."
)


@dataclass(frozen=True, kw_only=True)
class Access:
    """What the caller's token allows and the roles that its member has."""

    world: World
    scopes: frozenset[str]

    def _roles(self, owner: Mapping[str, str]) -> tuple[str, str]:
        """On the ad account, and on its page or on the page that owns."""
        member, settings = self.world.seed.member, self.world.settings
        account_id = number_of(owner.get("sponsoredAccount", ""), "sponsoredAccount")
        page_id = number_of(owner.get("organization", ""), "organization")
        if account_id is not None:
            account = self.world.seed.account(account_id)
            page_id = account.organization if account else None
        account_role = member.account_roles.get(account_id or 0, "")
        page_role = member.page_roles.get(page_id or 0, "")
        if settings.account_role is not None:
            account_role = settings.account_role if account_id is not None else ""
        if settings.page_role is not None:
            page_role = settings.page_role
        return account_role, page_role

    def may_read_forms(self, owner: Mapping[str, str]) -> bool:
        account_role, page_role = self._roles(owner)
        if "organization" in owner:
            return LEAD_SYNC in self.scopes and bool(page_role)
        if account_role not in ACCOUNT_READERS:
            return False
        return bool(self.scopes & {READ_ADS, WRITE_ADS}) or bool(page_role)

    def may_write_forms(self, owner: Mapping[str, str]) -> bool:
        return self._roles(owner)[0] in ACCOUNT_WRITERS

    def may_read_leads(self, owner: Mapping[str, str], lead_type: str) -> bool:
        account_role, page_role = self._roles(owner)
        if "sponsoredAccount" in owner and account_role not in ACCOUNT_READERS:
            return False
        return page_role in EVENT_READERS if lead_type == "EVENT" else bool(page_role)

    def refuse(self, sentence: str) -> LinkedInError:
        return missing_role(self.world.settings.missing_role_status, sentence)


def authenticate(world: World, authorization: str) -> Access:
    """Raise LinkedInError (401) for a token that is missing, unknown, too fresh or expired."""
    if not authorization.strip():
        raise token_refused(65604)
    found = BEARER.fullmatch(authorization)
    token = world.access_tokens.get(found[1]) if found else None
    if token is None:
        raise token_refused(65600)
    grant, now = world.grants.get(token.grant), world.now()
    fresh_until = token.issued_at + timedelta(seconds=world.settings.fresh_token_revoked_seconds)
    if grant is None or grant.revoked or now < fresh_until:
        raise token_refused(65601)
    if now >= token.expires_at:
        raise token_refused(65602)
    scopes: Collection[str] = grant.scopes
    if world.settings.scopes is not None:
        scopes = world.settings.scopes
    return Access(world=world, scopes=frozenset(scopes))
