"""Finding the leads that no notification told of: LinkedIn lists them, the queue gets them.

A cursor for each owner and lead type says how far all leads are known. It moves after each window
that was listed to its end, so a run that died goes on there; what it had found already is known by
its row.
"""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from shared import events
from shared.failures import Changed, PermanentFailure, TemporaryFailure
from shared.lead_listing import Listing, meet_leads
from shared.linkedin.failures import OutOfTime
from shared.ports import Deadline, Outside
from shared.values.event_catalogue import Event
from shared.values.lead_cursor import LeadCursor, Window
from shared.values.linkedin.keyed_urn import Owner
from shared.values.linkedin.symbols import LeadType

# Quotas begin anew at midnight UTC.
_LONGEST_REST = timedelta(days=1)


@dataclass(kw_only=True)
class _Run:
    """What one run did for one owner and lead type, which it began at `now`."""

    owner: str
    lead_type: LeadType
    now: datetime
    windows: list[Window] = field(default_factory=list)
    listed: int = 0
    found: int = 0


def reconcile(deadline: Deadline, outside: Outside) -> None:
    """Every owner and lead type once; one that fails does not keep the others from their turn."""
    linkedin = outside.rules.linkedin
    if linkedin is None:
        return
    turns = [(owner, kind) for owner in linkedin.owners for kind in lead_types_of(owner)]
    for number, (owner, lead_type) in enumerate(turns):
        # A share each, so that none takes the time of all; what one leaves over the next ones have.
        share = deadline.share(len(turns) - number)
        # As LinkedIn's moments: without microseconds, so that each lead is in one window.
        now = outside.now()
        now = now.replace(microsecond=now.microsecond // 1000 * 1000)
        run = _Run(owner=owner, lead_type=lead_type, now=now)
        try:
            _reconcile_one(run, share, outside)
        except TemporaryFailure as failure:
            events.warn(
                Event.LINKEDIN_NOT_RECONCILED,
                owner=owner,
                lead_type=lead_type.value,
                reason=str(failure),
            )
            _rest(run, failure, outside)
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


def _reconcile_one(run: _Run, deadline: Deadline, outside: Outside) -> None:
    cursor = outside.lead_rows.find_cursor(run.owner, run.lead_type).value
    if cursor.rests(run.now):
        return
    try:
        for window in cursor.windows(run.now):
            try:
                _list(window, run, deadline, outside)
            except OutOfTime:
                if not (run.windows or run.listed):
                    raise  # nothing at all was listed: something is wrong
                _go_on_next_time(window, run, outside)
                return
            _save(partial(LeadCursor.moved, window=window, now=run.now), run, outside)
            run.windows.append(window)
        _save(partial(LeadCursor.widened, done=run.windows), run, outside)
    finally:
        if run.found:
            events.warn(
                Event.LEADS_RECONCILED,
                leads=run.found,
                owner=run.owner,
                lead_type=run.lead_type.value,
            )


def _list(window: Window, run: _Run, deadline: Deadline, outside: Outside) -> None:
    listing = Listing(owner=run.owner, lead_type=run.lead_type, start=window.start, end=window.end)
    for met in meet_leads(listing, deadline, outside):
        run.listed += 1
        run.found += met.is_new


def _go_on_next_time(window: Window, run: _Run, outside: Outside) -> None:
    """The first window of the pass or of the sweep has to fit: else it comes again, shorter."""
    if not any(done.of_sweep is window.of_sweep for done in run.windows):
        _save(partial(LeadCursor.narrowed, window=window), run, outside)
    _save(partial(LeadCursor.widened, done=run.windows), run, outside)
    events.note(
        Event.LINKEDIN_LISTING_GOES_ON,
        owner=run.owner,
        lead_type=run.lead_type.value,
        reached=window.start.isoformat(),
    )


def _save(change: Callable[[LeadCursor], LeadCursor], run: _Run, outside: Outside) -> None:
    """Change the cursor as it stands, if that changes anything. Raises Changed."""
    stored = outside.lead_rows.find_cursor(run.owner, run.lead_type)
    changed = change(stored.value)
    if changed != stored.value:
        outside.lead_rows.save_cursor(run.owner, run.lead_type, stored.moved_to(changed))


def _rest(run: _Run, failure: TemporaryFailure, outside: Outside) -> None:
    """Remember how long LinkedIn wants to be left alone. Never fails: then it is asked early."""
    if not failure.retry_after:
        return
    wait = min(failure.retry_after, _LONGEST_REST.total_seconds())
    until = outside.now() + timedelta(seconds=wait)
    with contextlib.suppress(TemporaryFailure, PermanentFailure, Changed):
        _save(partial(LeadCursor.resting, until=until), run, outside)
