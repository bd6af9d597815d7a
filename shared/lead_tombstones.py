"""Leads that LinkedIn has deleted: what is still on its way of them ends here."""

from shared.ports import Outside
from shared.values.lead_row import LeadState
from shared.values.registration import Registration


def was_deleted(registration: Registration, outside: Outside) -> bool:
    """Whether it came from a lead that is gone. Reads a row for leads, and nothing for others.

    Raises TemporaryFailure.
    """
    if registration.lead is None:
        return False
    row = outside.lead_rows.find(registration.lead.lead_id)
    return row is not None and row.value.state is LeadState.DELETED
