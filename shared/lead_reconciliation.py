"""Finding the leads that no notification told of: LinkedIn lists them, the queue gets them.

A cursor for each owner and lead type says how far all leads are known. It moves after each window
that was listed to its end, so a run that died goes on there; what it had found already is known by
its row.
"""

import contextlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared import events
from shared.failures import Changed, PermanentFailure, TemporaryFailure
from shared.lead_intake import registration_id
from shared.ports import Deadline, ListedLead, Outside, Versioned
from shared.values.event_catalogue import Event
from shared.values.lead_row import LeadCursor, LeadRow, LeadState
from shared.values.linkedin.keyed_urn import Owner
from shared.values.linkedin.symbols import LeadAction, LeadType
from shared.values.messages import LeadMessage, QueueName

# LinkedIn lists a lead some time after it was submitted, and does not say how long.
OVERLAP = timedelta(days=1)
SWEEP_EVERY = timedelta(days=1)
SWEEP = timedelta(days=30)
# LinkedIn keeps no lead for longer, some for 90 days: https://www.linkedin.com/help/lms/a7478965
FIRST_RUN = timedelta(days=365)
# What was listed of a long time is not listed again when the rest fails.
_LONGEST_WINDOW = timedelta(days=7)
# Quotas begin anew at midnight UTC.
_LONGEST_REST = timedelta(days=1)
# What the queue was told of so long ago, and is not done, is told again.
_ANNOUNCED_FOR = timedelta(days=1)
# What LinkedIn did not have although it lists it is asked for again, not at every run.
_MISSING_FOR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Window:
    """Leads submitted between these are looked at. `ends_sweep`: it is the last of a sweep."""

    start: datetime
    end: datetime
    ends_sweep: bool = False


def reconcile(deadline: Deadline, outside: Outside) -> None:
    """Every owner and lead type once; one that fails does not keep the others from their turn."""
    linkedin = outside.rules.linkedin
    if linkedin is None or not linkedin.owners:
        return
    turns = [(owner, kind) for owner in linkedin.owners for kind in lead_types_of(owner)]
    for number, (owner, lead_type) in enumerate(turns):
        # A share each, so that none takes the time of all; what one leaves over the next ones have.
        share = deadline.share(len(turns) - number)
        try:
            _reconcile_one(owner, lead_type, share, outside)
        except TemporaryFailure as failure:
            events.warn(
                Event.LINKEDIN_NOT_RECONCILED,
                owner=owner,
                lead_type=lead_type.value,
                reason=str(failure),
            )
            _rest(owner, lead_type, failure, outside)
        except PermanentFailure as failure:
            events.alarm(
                Event.LINKEDIN_NOT_RECONCILED,
                owner=owner,
                lead_type=lead_type.value,
                reason=str(failure),
            )
        except Changed:
            continue  # another run was faster: its cursor is as good


def lead_types_of(owner: str) -> tuple[LeadType, ...]:
    """Which leads an owner can have. Raises ValueError for no URN of LinkedIn."""
    if Owner.parse(owner).is_ad_account:
        return (LeadType.SPONSORED,)
    return tuple(kind for kind in LeadType if kind is not LeadType.SPONSORED)


def windows_of(cursor: LeadCursor, now: datetime) -> list[Window]:
    """The first run looks at all that LinkedIn keeps, one each day at a month, the others at a day.

    Oldest first up to now; then the rest of a sweep, which new leads do not have to wait for. Ends
    are fixed, so that leads which come in meanwhile do not move the pages.
    """
    start = now - FIRST_RUN
    if cursor.until is not None:
        start = max(start, min(cursor.until, now) - OVERLAP)
    windows = _split(start, now)
    if cursor.swept_at is None or now - cursor.swept_at >= SWEEP_EVERY:
        windows += _split(now - SWEEP, start)
        windows[-1] = replace(windows[-1], ends_sweep=True)
    return windows


def _split(start: datetime, end: datetime) -> list[Window]:
    windows = []
    while start < end:
        until = min(start + _LONGEST_WINDOW, end)
        windows.append(Window(start=start, end=until))
        start = until
    return windows


def _reconcile_one(owner: str, lead_type: LeadType, deadline: Deadline, outside: Outside) -> None:
    cursor, now = outside.lead_rows.find_cursor(owner, lead_type).value, outside.now()
    if cursor.not_before is not None and now < cursor.not_before:
        return
    found = 0
    try:
        for window in windows_of(cursor, now):
            found += _list(window, owner, lead_type, deadline, outside)
            _move(window, now, owner, lead_type, outside)
    finally:
        if found:
            events.warn(Event.LEADS_RECONCILED, leads=found, owner=owner, lead_type=lead_type.value)


def _list(
    window: Window, owner: str, lead_type: LeadType, deadline: Deadline, outside: Outside
) -> int:
    """How many leads nobody had told of."""
    found = 0
    for listed in outside.leads.since(owner, lead_type, window.start, window.end, deadline):
        if listed.id is None:
            events.alarm(Event.LEAD_UNREADABLE, owner=owner, reason=listed.problem)
        elif announce_unknown(listed, listed.id, owner, lead_type, outside):
            found += 1
    return found


def _move(window: Window, now: datetime, owner: str, lead_type: LeadType, outside: Outside) -> None:
    """The window is known to its end. A sweep's is older than the cursor, which never goes back."""
    cursor = outside.lead_rows.find_cursor(owner, lead_type)
    until = max(window.end, cursor.value.until or window.end)
    swept_at = now if window.ends_sweep else cursor.value.swept_at
    moved = cursor.moved_to(LeadCursor(until=until, swept_at=swept_at))
    outside.lead_rows.save_cursor(owner, lead_type, moved)


def _rest(owner: str, lead_type: LeadType, failure: TemporaryFailure, outside: Outside) -> None:
    """Remember how long LinkedIn wants to be left alone. Never fails: then it is asked early."""
    if not failure.retry_after:
        return
    wait = min(failure.retry_after, _LONGEST_REST.total_seconds())
    not_before = outside.now() + timedelta(seconds=wait)
    with contextlib.suppress(TemporaryFailure, PermanentFailure, Changed):
        cursor = outside.lead_rows.find_cursor(owner, lead_type)
        rested = cursor.value.model_copy(update={"not_before": not_before})
        outside.lead_rows.save_cursor(owner, lead_type, cursor.moved_to(rested))


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
        retry=stored is not None and stored.value.is_missing,
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
        mailbox_key=stored.value.mailbox_key if stored else None,
    )
    with contextlib.suppress(Changed):  # its notification came after all, and was faster
        outside.lead_rows.save(Versioned(value=row, etag=stored.etag if stored else None))
    return True


def _is_forgotten(row: LeadRow, now: datetime) -> bool:
    waited = now - row.noted_at
    if row.is_missing:
        return waited >= _MISSING_FOR
    return row.state is LeadState.ANNOUNCED and waited >= _ANNOUNCED_FOR
