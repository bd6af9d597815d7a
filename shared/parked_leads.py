"""Parked leads, for an operator: which wait and why, and asking for them once more."""

from collections.abc import Callable

from shared.ports import Outside
from shared.values.lead_row import LeadRow
from shared.values.linkedin.symbols import LeadAction
from shared.values.messages import LeadMessage, QueueName


def waiting(outside: Outside) -> list[LeadRow]:
    """Every parked lead, the oldest first. Raises TemporaryFailure."""
    rows = [stored.value for stored in outside.lead_rows.parked()]
    return sorted(rows, key=lambda row: row.noted_at)


def retry(chosen: Callable[[LeadRow], bool], outside: Outside) -> list[LeadRow]:
    """Fetch the chosen ones from LinkedIn again, which keeps leads for 90 days. Which they were.

    What still cannot become a registration is parked anew. Raises TemporaryFailure.
    """
    rows = [row for row in waiting(outside) if chosen(row)]
    for row in rows:
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
    return rows
