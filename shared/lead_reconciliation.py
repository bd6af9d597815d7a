"""Finding the leads that no notification told of: LinkedIn lists them, the queue gets them.

A cursor for each owner and lead type says how far all leads are known. It moves only when a whole
run succeeded, so a run that died is repeated; what it had found already is known by its row.
"""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared import events
from shared.failures import Changed, PermanentFailure, TemporaryFailure
from shared.lead_intake import registration_id
from shared.ports import Deadline, ListedLead, Outside, Versioned
from shared.values.lead_row import LeadCursor, LeadRow, LeadState
from shared.values.linkedin.api_versions import WARN_BEFORE as VERSION_WARNING
from shared.values.linkedin.authorization import WARN_BEFORE as SIGN_IN_WARNING
from shared.values.linkedin.keyed_urn import Owner
from shared.values.linkedin.symbols import LeadAction, LeadType
from shared.values.messages import LeadMessage, QueueName

Tell = Callable[..., None]
# LinkedIn lists a lead some time after it was submitted, and does not say how long.
OVERLAP = timedelta(days=1)
SWEEP_EVERY = timedelta(days=1)
SWEEP = timedelta(days=30)
# LinkedIn keeps some types of leads for no longer.
FIRST_RUN = timedelta(days=90)
# What the queue was told of so long ago, and is not done, is told again.
_ANNOUNCED_FOR = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Window:
    """Leads submitted between these are looked at."""

    start: datetime
    end: datetime
    is_sweep: bool


def reconcile(deadline: Deadline, outside: Outside) -> None:
    """Every owner and lead type once; one that fails does not keep the others from their turn."""
    linkedin = outside.rules.linkedin
    if linkedin is None or not linkedin.owners:
        return
    swept = False
    for owner in linkedin.owners:
        for lead_type in lead_types_of(owner):
            try:
                swept |= _reconcile_one(owner, lead_type, deadline, outside)
            except TemporaryFailure as failure:
                _failed(events.warn, owner, lead_type, failure)
            except PermanentFailure as failure:
                _failed(events.alarm, owner, lead_type, failure)
            except Changed:
                continue  # another run was faster: its cursor is as good
    if swept:
        warn_early(deadline, outside)


def lead_types_of(owner: str) -> tuple[LeadType, ...]:
    """Which leads an owner can have. Raises ValueError for no URN of LinkedIn."""
    if Owner.parse(owner).is_ad_account:
        return (LeadType.SPONSORED,)
    return tuple(kind for kind in LeadType if kind is not LeadType.SPONSORED)


def window_of(cursor: LeadCursor, now: datetime) -> Window:
    """The first run looks at all that LinkedIn keeps, one each day at a month, the others at a day.

    Its end is fixed, so that leads which come in meanwhile do not move the pages.
    """
    if cursor.until is None:
        return Window(start=now - FIRST_RUN, end=now, is_sweep=True)
    start = cursor.until - OVERLAP
    is_sweep = cursor.swept_at is None or now - cursor.swept_at >= SWEEP_EVERY
    if is_sweep:
        start = min(start, now - SWEEP)
    return Window(start=max(start, now - FIRST_RUN), end=now, is_sweep=is_sweep)


def warn_early(deadline: Deadline, outside: Outside) -> None:
    """Tell somebody while there is time, once a day. Never fails: other events tell of that."""
    with contextlib.suppress(TemporaryFailure, PermanentFailure):
        ends, now = outside.leads.ends(deadline), outside.now()
        if now >= ends.sign_in_by - SIGN_IN_WARNING:
            by = ends.sign_in_by.date().isoformat()
            events.alarm("linkedin_sign_in_due", "none", by=by)
        if now.date() >= ends.version_ends - VERSION_WARNING:
            by = ends.version_ends.isoformat()
            events.alarm("linkedin_version_due", "none", by=by, version=ends.version)


def _reconcile_one(owner: str, lead_type: LeadType, deadline: Deadline, outside: Outside) -> bool:
    cursor = outside.lead_rows.find_cursor(owner, lead_type)
    window = window_of(cursor.value, outside.now())
    found = 0
    for listed in outside.leads.since(owner, lead_type, window.start, window.end, deadline):
        if listed.id is None:
            events.alarm("lead_unreadable", "none", owner=owner, reason=listed.problem)
        elif announce_unknown(listed, listed.id, owner, lead_type, outside):
            found += 1
    swept_at = window.end if window.is_sweep else cursor.value.swept_at
    moved = cursor.moved_to(LeadCursor(until=window.end, swept_at=swept_at))
    outside.lead_rows.save_cursor(owner, lead_type, moved)
    if found:
        events.warn("leads_reconciled", "none", owner=owner, lead_type=lead_type.value, leads=found)
    return window.is_sweep


def announce_unknown(
    listed: ListedLead, lead: str, owner: str, lead_type: LeadType, outside: Outside
) -> bool:
    """Put its message unless the lead is known: one read for each lead that is."""
    stored, now = outside.lead_rows.find(lead), outside.now()
    if stored and not _is_forgotten(stored.value, now):
        return False
    message = LeadMessage(
        registration_id=registration_id(lead, outside),
        lead=lead,
        action=LeadAction.CREATED,
        owner=owner,
        lead_type=lead_type.value,
        form=listed.form,
    )
    outside.queues.put(QueueName.LINKEDIN_LEADS, message.to_json())
    row = LeadRow(
        lead=lead,
        registration_id=message.registration_id,
        state=LeadState.ANNOUNCED,
        noted_at=now,
        owner=owner,
        lead_type=lead_type.value,
        form=listed.form,
    )
    with contextlib.suppress(Changed):  # its notification came after all, and was faster
        outside.lead_rows.save(Versioned(value=row, etag=stored.etag if stored else None))
    return True


def _is_forgotten(row: LeadRow, now: datetime) -> bool:
    return row.state is LeadState.ANNOUNCED and now - row.noted_at >= _ANNOUNCED_FOR


def _failed(tell: Tell, owner: str, lead_type: LeadType, failure: Exception) -> None:
    tell(
        "linkedin_not_reconciled",
        "none",
        owner=owner,
        lead_type=lead_type.value,
        reason=str(failure),
    )
