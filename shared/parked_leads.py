"""Parked leads, for an operator: which wait and why, and asking for them once more."""

from collections.abc import Callable

from shared.lead_listing import Listing, meet_leads
from shared.ports import Deadline, Outside, Versioned
from shared.values.lead_row import LeadRow
from shared.values.linkedin.symbols import LeadAction, LeadType
from shared.values.messages import LeadMessage
from shared.values.queue_name import QueueName

_SECONDS = 600.0  # for listing a time once more


def waiting(outside: Outside) -> list[LeadRow]:
    """Every parked lead, the oldest first. Raises TemporaryFailure."""
    return [stored.value for stored in _stored(outside)]


def retry(chosen: Callable[[LeadRow], bool], outside: Outside) -> list[LeadRow]:
    """Ask LinkedIn, which keeps leads for 90 days, for the chosen ones again. Which they were.

    What still cannot become a registration is parked anew. Raises TemporaryFailure and
    PermanentFailure.
    """
    rows = [stored for stored in _stored(outside) if chosen(stored.value)]
    for row in rows:
        if row.value.has_id:
            _fetch_again(row.value, outside)
        else:
            _list_again(row, outside)
    return [row.value for row in rows]


def _stored(outside: Outside) -> list[Versioned[LeadRow]]:
    return sorted(outside.lead_rows.parked(), key=lambda stored: stored.value.noted_at)


def _fetch_again(row: LeadRow, outside: Outside) -> None:
    message = LeadMessage(
        registration_id=row.registration_id,
        lead=row.lead,
        action=LeadAction.CREATED,
        owner=row.owner,
        lead_type=row.lead_type,
        form=row.form,
        retry=True,
    )
    outside.queues.put(QueueName.LINKEDIN_LEADS, message.to_json())


def _list_again(stored: Versioned[LeadRow], outside: Outside) -> None:
    """It has no id to be fetched by: LinkedIn lists the time in which it was.

    What now has an id is announced like any other; the row stays as long as there is one without.
    """
    row = stored.value
    if not (row.owner and row.lead_type and row.listed_from and row.listed_until):
        return
    listing = Listing(
        owner=row.owner,
        lead_type=LeadType(row.lead_type),
        start=row.listed_from,
        end=row.listed_until,
    )
    met = {one.lead for one in meet_leads(listing, Deadline(_SECONDS), outside)}
    if row.lead not in met:
        outside.lead_rows.delete(stored)
