"""What the member who signed in may see of each owner, asked at LinkedIn."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from urllib.parse import urlsplit

from shared.doctor.linkedin_failure import SECONDS, failed, failed_call
from shared.failures import PermanentFailure, TemporaryFailure
from shared.lead_reconciliation import lead_types_of
from shared.linkedin.client import OutsideWithLinkedIn
from shared.linkedin.failures import ClientRefused, SignInNeeded, VersionSunset
from shared.linkedin.lead_query import LeadQuery
from shared.ports import Deadline
from shared.rules import LinkedInRules
from shared.values.check import Check, missing, ok, warning
from shared.values.linkedin.keyed_urn import Owner
from shared.values.linkedin.symbols import LeadType

# After these every other call would fail for the same reason.
_ENDS_ALL = (SignInNeeded, ClientRefused, VersionSunset)
# What was found, and the step to take where it is not enough.
Seen = tuple[str, str | None]


def check_owners(
    linkedin: LinkedInRules, scopes: tuple[str, ...], outside: OutsideWithLinkedIn
) -> Iterator[Check]:
    """Ends early where every further call would fail for the same reason."""
    if not linkedin.owners:
        yield missing(
            "owners",
            "no owner is named: lost notifications are not noticed",
            "set LINKEDIN_OWNERS to the URNs of ad accounts and company pages",
        )
    for urn in linkedin.owners:
        owner = Owner.parse(urn)
        steps: list[tuple[str, Callable[[], Seen]]] = [
            (f"lead forms of {urn}", partial(_see_forms, owner, outside))
        ]
        for kind in lead_types_of(urn):
            see_leads = partial(_see_leads, owner, kind, outside)
            see_subscription = partial(_see_subscription, owner, kind, outside)
            steps += [
                (f"{kind} leads of {urn}", see_leads),
                (f"{kind} subscription of {urn}", see_subscription),
            ]
        for name, see in steps:
            check, goes_on = _see(name, see, scopes)
            yield check
            if not goes_on:
                return


def _see(name: str, see: Callable[[], Seen], scopes: tuple[str, ...]) -> tuple[Check, bool]:
    try:
        found, mend = see()
    except (TemporaryFailure, PermanentFailure) as failure:
        return failed(name, failed_call(failure, scopes)), not isinstance(failure, _ENDS_ALL)
    return (warning(name, found, mend) if mend else ok(name, found)), True


def _see_forms(owner: Owner, outside: OutsideWithLinkedIn) -> Seen:
    page = next(outside.linkedin.forms.of_owner(owner, Deadline(SECONDS)), None)
    if page is None or not page.values:
        return "there are none", "create one in Campaign Manager, or: doi linkedin forms create"
    return "readable", None


def _see_leads(owner: Owner, kind: LeadType, outside: OutsideWithLinkedIn) -> Seen:
    query = LeadQuery(owner=owner, lead_type=kind, since=outside.now() - timedelta(days=1))
    next(outside.linkedin.leads.find(query, Deadline(SECONDS)), None)
    return "readable", None


def _see_subscription(owner: Owner, kind: LeadType, outside: OutsideWithLinkedIn) -> Seen:
    found = outside.linkedin.subscriptions.of_owner(owner, kind, Deadline(SECONDS))
    here = urlsplit(f"{outside.rules.public_url}/api/linkedin/webhook")
    for one in found:
        there = urlsplit(one.webhook or "")
        if (there.netloc, there.path) == (here.netloc, here.path):
            return f"{one.id} notifies the app", None
    mend = f"doi linkedin subscriptions create --owner {owner.urn} --lead-type {kind}"
    return "none notifies the app; leads come by reconciliation only", mend
