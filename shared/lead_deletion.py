"""LinkedIn deleted a lead: nothing of it goes on, and what was confirmed stays as evidence."""

from datetime import timedelta
from typing import NoReturn

from shared import events
from shared.failures import PermanentFailure, TooSoon
from shared.lead_doubts import ask_later, may_still_agree
from shared.ports import Deadline, Outside, Versioned
from shared.values.event_catalogue import Event
from shared.values.lead_row import LeadRow, LeadState
from shared.values.messages import LeadMessage
from shared.values.record import RecordKey

# A registration that had left the queue before the lead's row said "deleted" is a record by then.
_SECOND_LOOK = timedelta(minutes=1)


def delete_lead(message: LeadMessage, deadline: Deadline, outside: Outside) -> None:
    """Keep a tombstone, so that a late message finds it, and remove an unconfirmed record.

    Raises TemporaryFailure, PermanentFailure and Changed.
    """
    stored = outside.lead_rows.find(message.lead)
    if stored is None or stored.value.state is not LeadState.DELETED:
        # The notification alone erases nothing: LinkedIn itself has to have lost the lead.
        if outside.leads.fetch(message.lead, deadline) is not None:
            _doubt(message, outside)
        stored = _entomb(stored, message, outside)
    _remove_record(stored.value, outside)


def _doubt(message: LeadMessage, outside: Outside) -> NoReturn:
    """Never ends it: LinkedIn notifies once, so the message has to wait where it can be replayed.

    Raises TooSoon and PermanentFailure.
    """
    why = "LinkedIn still has the lead that it calls deleted"
    if may_still_agree(message):
        raise ask_later(message, why, outside)
    raise PermanentFailure(why, replay=message.model_copy(update={"doubts": 0}))


def _entomb(
    stored: Versioned[LeadRow] | None, message: LeadMessage, outside: Outside
) -> Versioned[LeadRow]:
    if stored is None:
        row = LeadRow(
            lead=message.lead,
            registration_id=message.registration_id,
            state=LeadState.DELETED,
            noted_at=outside.now(),
            owner=message.owner,
            lead_type=message.lead_type,
            form=message.form,
        )
        saved = outside.lead_rows.save(Versioned(value=row, etag=None))
    else:
        changes = {"state": LeadState.DELETED, "noted_at": outside.now(), "reasons": ()}
        saved = outside.lead_rows.save(stored.moved_to(stored.value.model_copy(update=changes)))
    events.note(Event.LEAD_DELETED, message.about)
    return saved


def _remove_record(row: LeadRow, outside: Outside) -> None:
    """Like a decline, but the mailbox is not suppressed: the person has nothing against mails."""
    if row.mailbox_key is None:
        return
    key = RecordKey(mailbox_key=row.mailbox_key, registration_id=row.registration_id)
    stored = outside.records.find(key)
    if stored is None:
        wait = row.noted_at + _SECOND_LOOK - outside.now()
        if wait > timedelta(0):
            raise TooSoon("the lead's registration may be on its way", wait)
    elif stored.value.was_confirmed:
        events.alarm(Event.LEAD_DELETED_AFTER_CONFIRMATION, row.about)
    else:
        outside.records.forget(stored)
        events.note(Event.LEAD_RECORD_REMOVED, row.about)
