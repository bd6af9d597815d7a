"""A lead of LinkedIn becomes a registration, like one that a website posts.

Notified and listed leads meet in queue `linkedin-leads`, where each comes once or more often.
The lead's row says how far it has come: only its first message does something.
"""

from shared import double_opt_in, events
from shared.failures import PermanentFailure
from shared.lead_deletion import delete_lead
from shared.lead_doubts import ask_later, may_still_agree
from shared.linkedin.failures import AnswerUnreadable
from shared.ports import Deadline, LeadWithForm, Outside, Versioned
from shared.rules import LinkedInRules
from shared.values.about import About
from shared.values.event_catalogue import Event
from shared.values.lead_reading import LeadUnfit, Reading, read_lead
from shared.values.lead_row import NOT_FOUND, LeadRow, LeadState, lead_registration_id
from shared.values.linkedin.lead_notification import LeadNotification
from shared.values.linkedin.symbols import LeadAction
from shared.values.mailbox import mailbox_key
from shared.values.messages import LeadMessage, MessageTooLarge
from shared.values.queue_name import QueueName
from shared.values.registration import Registration

FETCH_SECONDS = 60
_SETTLED = frozenset({LeadState.TAKEN_IN, LeadState.TEST, LeadState.DELETED})


def announce(notification: LeadNotification, outside: Outside) -> None:
    """Put one message for one notification: the only storage operation of the webhook.

    Raises TemporaryFailure when the queue did not say that it took it.
    """
    action = notification.lead_action
    if not isinstance(action, LeadAction):
        about = About(registration_id(notification.lead_id, outside), source="linkedin")
        events.alarm(Event.LEAD_ACTION_UNKNOWN, about)
        return
    message = LeadMessage(
        registration_id=registration_id(notification.lead_id, outside),
        lead=notification.lead_id,
        action=action,
        owner=notification.owner.urn if notification.owner else None,
        lead_type=notification.lead_type,
        form=str(notification.lead_gen_form) if notification.lead_gen_form else None,
        occurred_at=notification.occurred_at,
    )
    outside.queues.put(QueueName.LINKEDIN_LEADS, message.to_json())
    events.note(Event.LEAD_ANNOUNCED, message.about, action=action.value)


def take_in(message: LeadMessage, outside: Outside) -> None:
    """Do what the message says. Raises TemporaryFailure, PermanentFailure, Changed."""
    linkedin = outside.rules.linkedin
    if linkedin is None:
        raise PermanentFailure("LinkedIn is not configured: see docs/linkedin.md")
    deadline = Deadline(FETCH_SECONDS)
    if message.action is LeadAction.DELETED:
        delete_lead(message, deadline, outside)
        return
    stored = outside.lead_rows.find(message.lead)
    row = stored.value if stored else _row(message, outside)
    if row.state in _SETTLED or (row.state is LeadState.PARKED and not message.retry):
        events.note(Event.LEAD_KNOWN, row.about, state=row.state.value)
        return
    # A row that somebody else writes meanwhile, deletion included, makes the save below fail.
    versioned = stored or Versioned(value=row, etag=None)
    try:
        found = outside.leads.fetch(message.lead, deadline)
    except AnswerUnreadable as unreadable:
        _park(versioned, LeadUnfit([f"lead_unreadable: {unreadable}"]), outside)
        return
    if found is None:
        if may_still_agree(message):
            raise ask_later(message, "LinkedIn does not know the lead (yet)", outside)
        _park(versioned, LeadUnfit([f"{NOT_FOUND}: LinkedIn has no such lead"]), outside)
    elif found.lead.test_lead:
        _save(versioned, outside, state=LeadState.TEST)
        events.note(Event.LEAD_TEST, message.about)
    else:
        _register(versioned, found, linkedin, outside)


def registration_id(lead: str, outside: Outside) -> str:
    """The id of the registration that a lead becomes."""
    return lead_registration_id(lead, outside.rules.pepper)


def _register(
    row: Versioned[LeadRow], found: LeadWithForm, linkedin: LinkedInRules, outside: Outside
) -> None:
    reading = Reading(
        registration_id=row.value.registration_id,
        email_from=linkedin.email_from,
        api_version=linkedin.api_version,
        fetched_at=outside.now(),
    )
    try:
        registration = read_lead(found.lead, found.form, outside.forms, reading)
    except LeadUnfit as unfit:
        _park(row, unfit, outside)
        return
    # Where the record will be, before there can be one: a deletion after a crash has to find it.
    row = _save(
        row,
        outside,
        state=LeadState.ANNOUNCED,
        our_form=registration.form,
        mailbox_key=_mailbox(registration, outside),
        reasons=(),
    )
    try:
        # Before the row says so: a crash in between repeats it, and the record is there once.
        double_opt_in.register(registration, outside)
    except MessageTooLarge as too_large:
        _park(row, LeadUnfit([f"too_large: {too_large}"], registration.form), outside)
        return
    _save(row, outside, state=LeadState.TAKEN_IN)


def _park(row: Versioned[LeadRow], unfit: LeadUnfit, outside: Outside) -> None:
    """Keep the lead's ids and why it has to wait; its answers stay with LinkedIn."""
    parked = _save(
        row, outside, state=LeadState.PARKED, our_form=unfit.our_form, reasons=unfit.reasons
    ).value
    events.alarm(Event.LEAD_PARKED, parked.about, lead_form=parked.form, reason=str(unfit))


def _save(row: Versioned[LeadRow], outside: Outside, **changes: object) -> Versioned[LeadRow]:
    value = row.value.model_copy(update={"noted_at": outside.now(), **changes})
    return outside.lead_rows.save(row.moved_to(value))


def _row(message: LeadMessage, outside: Outside) -> LeadRow:
    return LeadRow(
        lead=message.lead,
        registration_id=message.registration_id,
        state=LeadState.ANNOUNCED,
        noted_at=outside.now(),
        owner=message.owner,
        lead_type=message.lead_type,
        form=message.form,
    )


def _mailbox(registration: Registration, outside: Outside) -> str:
    return mailbox_key(registration.email, outside.rules.pepper)
