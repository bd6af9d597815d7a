"""Going through LinkedIn's leads of an owner, and putting those that are unknown into the queue."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from shared.failures import PermanentFailure, TemporaryFailure
from shared.lead_listing import Listing, meet_leads
from shared.ports import Deadline, Outside
from shared.values.linkedin.symbols import LeadType

_SECONDS = 3600.0  # for one owner and lead type


@dataclass(frozen=True, kw_only=True)
class Window:
    """Leads submitted between these; `until` is fixed, so that new leads do not move the pages."""

    since: datetime
    until: datetime


@dataclass(frozen=True, kw_only=True)
class Pulled:
    """How many LinkedIn listed, and how many of them were new. `failure` ended it early."""

    owner: str
    lead_type: LeadType
    listed: int
    new: int
    unreadable: int
    failure: str | None


def pull(
    owner: str,
    lead_type: LeadType,
    window: Window,
    outside: Outside,
    seen: Callable[[], None],
) -> Pulled:
    """Never fails: what was found until then is in the queue. `seen` is called for each lead.

    Neither here nor in the intake does a lead count twice, so it may be repeated.
    """
    listed = new = unreadable = 0
    failure = None
    listing = Listing(owner=owner, lead_type=lead_type, start=window.since, end=window.until)
    try:
        for met in meet_leads(listing, Deadline(_SECONDS), outside):
            listed += 1
            seen()
            unreadable += not met.is_readable
            new += met.is_new
    except (TemporaryFailure, PermanentFailure) as reason:
        failure = str(reason)
    return Pulled(
        owner=owner,
        lead_type=lead_type,
        listed=listed,
        new=new,
        unreadable=unreadable,
        failure=failure,
    )
