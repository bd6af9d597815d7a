"""Taking a consent back in Dataverse."""

from shared import events
from shared.failures import Changed, PermanentFailure, TemporaryFailure
from shared.newest import change_newest
from shared.ports import Deadline, Outside, Versioned
from shared.values.event_catalogue import Event
from shared.values.messages import WithdrawalMessage
from shared.values.opt_out import Withdrawal, opt_out_of
from shared.values.record import Record


def opt_out(
    stored: Versioned[Record], message: WithdrawalMessage, deadline: Deadline, outside: Outside
) -> None:
    """Opt the address out of what the record opted in to, and note it. Safe to repeat.

    Raises TemporaryFailure and PermanentFailure.
    """
    record = stored.value
    others = [
        each.value
        for each in outside.records.in_mailbox(record.mailbox_key)
        if each.value.registration_id != record.registration_id
    ]
    withdrawal = Withdrawal(at=message.withdrawn_at, one_click=message.one_click)
    wanted = opt_out_of(record, others, withdrawal, outside.forms, outside.rules.pepper)
    ids = outside.customer_insights.opt_out(wanted, deadline)
    now = outside.now()
    if change_newest(stored, lambda one: one.opted_out(message.withdrawn_at, now, ids), outside):
        took = events.elapsed(message.withdrawn_at, now)
        events.note(Event.OPTED_OUT, record.about, seconds=took)


def opt_out_now(
    stored: Versioned[Record], message: WithdrawalMessage, deadline: Deadline, outside: Outside
) -> bool:
    """The same while the person waits; tells whether it worked.

    Nothing that goes wrong here may reach the person: the press is kept, the queue resumes.
    """
    try:
        opt_out(stored, message, deadline, outside)
    except (TemporaryFailure, PermanentFailure, Changed) as failure:
        reason = str(failure) or type(failure).__name__
    except Exception as bug:  # noqa: BLE001 - see above
        reason = type(bug).__name__
    else:
        return True
    events.warn(Event.WITHDRAWAL_POSTPONED, stored.value.about, reason=reason)
    return False
