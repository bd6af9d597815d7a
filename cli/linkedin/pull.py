"""Going through LinkedIn's leads of an owner, and putting those that are unknown into the queue."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from shared.failures import PermanentFailure, TemporaryFailure
from shared.lead_reconciliation import announce_unknown
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
    deadline = Deadline(_SECONDS)
    try:
        for lead in outside.leads.since(owner, lead_type, window.since, window.until, deadline):
            listed += 1
            seen()
            unreadable += lead.problem is not None
            if lead.id is not None and announce_unknown(lead, lead.id, owner, lead_type, outside):
                new += 1
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
