"""Rows of leads that nothing can ask about any more are deleted: the table does not grow for ever.

Once a day, through the whole table, as far as the time reaches; the next day it goes on there.
"""

import contextlib
from datetime import timedelta

from shared import events
from shared.failures import Changed, TemporaryFailure
from shared.ports import Deadline, Outside, Versioned
from shared.values.event_catalogue import Event
from shared.values.lead_cursor import FIRST_RUN
from shared.values.lead_row import LeadRow, LeadState
from shared.values.lead_tidying import LeadTidying

# After its lead came, or was deleted. LinkedIn keeps no lead for longer than the first of the two,
# so none can be listed, fetched or deleted there after that; and no form keeps an unconfirmed
# registration for longer. The second is for messages that wait.
KEPT_FOR = FIRST_RUN + timedelta(days=35)


def tidy(deadline: Deadline, outside: Outside) -> None:
    """Never fails: what is not done today is done tomorrow."""
    deleted = 0
    try:
        place = outside.lead_rows.find_tidying()
        while deadline.remaining() > 0:
            page = outside.lead_rows.page(place.value.after)
            for row in page.rows:
                deleted += _delete_if_old(row, outside)
            for lead in page.damaged:
                events.alarm(Event.LEAD_ROW_DAMAGED, lead=lead)
            place = outside.lead_rows.save_tidying(place.moved_to(LeadTidying(after=page.end)))
            if page.end is None:
                break
    except TemporaryFailure as failure:
        events.warn(Event.LEADS_NOT_TIDIED, reason=str(failure))
    except Changed:
        return  # another run is at it
    finally:
        if deleted:
            events.note(Event.LEADS_TIDIED, leads=deleted)


def _delete_if_old(stored: Versioned[LeadRow], outside: Outside) -> bool:
    row = stored.value
    if outside.now() - row.noted_at < KEPT_FOR:
        return False
    with contextlib.suppress(Changed):  # something happens to it after all: it stays
        outside.lead_rows.delete(stored)
        if row.state is LeadState.PARKED:
            events.warn(Event.LEAD_GIVEN_UP, row.about, reason="; ".join(row.reasons))
        return True
    return False
