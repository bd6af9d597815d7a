"""A lead that LinkedIn lists: into the queue, unless it is known; parked if it cannot be named."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared import events
from shared.failures import Changed
from shared.lead_intake import registration_id
from shared.ports import Deadline, ListedLead, Outside, Versioned
from shared.values.event_catalogue import Event
from shared.values.keyed_digest import keyed_uuid
from shared.values.lead_row import LeadRow, LeadState
from shared.values.linkedin.symbols import LeadAction, LeadType
from shared.values.messages import LeadMessage
from shared.values.queue_name import QueueName

# What the queue was told of so long ago, and is not done, is told again.
_ANNOUNCED_FOR = timedelta(days=1)
# What LinkedIn did not have although it lists it is asked for again, not at every run.
_MISSING_FOR = timedelta(hours=1)
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, kw_only=True)
class Listing:
    """What is asked for: leads of an owner (URN), submitted from `start` on and before `end`."""

    owner: str
    lead_type: LeadType
    start: datetime
    end: datetime


@dataclass(frozen=True, kw_only=True)
class Met:
    """A lead of a listing, by the name of its row. `is_new`: nobody had told of it."""

    lead: str
    is_new: bool = False
    is_readable: bool = True


def meet_leads(listing: Listing, deadline: Deadline, outside: Outside) -> Iterator[Met]:
    """List the leads and take note of each, as far as the iterator is read.

    One table read for each lead that is known. Raises TemporaryFailure and PermanentFailure.
    """
    found = outside.leads.since(
        listing.owner, listing.lead_type, listing.start, listing.end, deadline
    )
    for number, listed in enumerate(found, start=1):
        if listed.id is None:
            yield Met(lead=_park(listed, number, listing, outside), is_readable=False)
        else:
            is_new = _announce_unknown(listed, listed.id, listing, outside)
            yield Met(lead=listed.id, is_new=is_new, is_readable=listed.problem is None)


def _announce_unknown(listed: ListedLead, lead: str, listing: Listing, outside: Outside) -> bool:
    """Put its message unless the lead is known."""
    stored, now = outside.lead_rows.find(lead), outside.now()
    if stored and not _is_forgotten(stored.value, now):
        return False
    message = LeadMessage(
        registration_id=registration_id(lead, outside),
        lead=lead,
        action=LeadAction.CREATED,
        owner=listing.owner,
        lead_type=listing.lead_type.value,
        form=listed.form,
        retry=stored is not None and stored.value.is_missing,
    )
    outside.queues.put(QueueName.LINKEDIN_LEADS, message.to_json())
    row = LeadRow(
        lead=lead,
        registration_id=message.registration_id,
        state=LeadState.ANNOUNCED,
        noted_at=now,
        owner=listing.owner,
        lead_type=listing.lead_type.value,
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


def _park(listed: ListedLead, number: int, listing: Listing, outside: Outside) -> str:
    """Once: what LinkedIn listed has no id, but a keyed digest, which names no person."""
    owner, lead_type = listing.owner, listing.lead_type.value
    digest = keyed_uuid(
        outside.rules.pepper, "lead without id", owner, lead_type, listed.fingerprint
    )
    lead = f"no-id-{digest}"
    if outside.lead_rows.find(lead) is not None:
        return lead
    at = listed.submitted_at
    row = LeadRow(
        lead=lead,
        registration_id=digest,
        state=LeadState.PARKED,
        noted_at=outside.now(),
        owner=owner,
        lead_type=lead_type,
        listed_from=at or listing.start,
        listed_until=at + _MILLISECOND if at else listing.end,
        reasons=(f"lead_unreadable: {listed.problem}", _place(listed, number, listing)),
    )
    with contextlib.suppress(Changed):
        outside.lead_rows.save(Versioned(value=row, etag=None))
        events.alarm(Event.LEAD_PARKED, row.about, reason="; ".join(row.reasons))
    return lead


def _place(listed: ListedLead, number: int, listing: Listing) -> str:
    """Where somebody finds it at LinkedIn."""
    when = f"from {listing.start.isoformat()} to {listing.end.isoformat()}"
    submitted = f", submitted at {listed.submitted_at.isoformat()}" if listed.submitted_at else ""
    return (
        f"at LinkedIn: number {number} of the {listing.lead_type.value} leads of {listing.owner}"
        f" {when}{submitted}"
    )
