"""Handing a confirmed record over: contact and consents, then the start of the journey, once.

A form's journey is started in one of two ways: by a trigger, fired after contact and consents
have been written, or by a row that is written together with them.
"""

from datetime import datetime, timedelta

from shared import events
from shared.failures import Changed, PermanentFailure, TemporaryFailure
from shared.known_form import known_form
from shared.newest import change_newest, give_back
from shared.ports import LONGEST_HIDING, Deadline, Outside, Versioned, WrittenContact
from shared.values.column_value import FormChanged
from shared.values.contact import ContactWithConsents, contact_of, trigger_of
from shared.values.event_catalogue import Event
from shared.values.form import Form
from shared.values.record import Record
from shared.values.record_notes import Promotion
from shared.withdraw_link import withdraw_link

# A queue function has no visitor waiting, but must end well before the host's time-out. A visitor
# is not asked to wait for so long.
LONGEST_HAND_OVER = timedelta(seconds=90)


def hand_over(stored: Versioned[Record], deadline: Deadline, outside: Outside) -> None:
    """Bring a confirmed record to `promoted`, from wherever the last attempt stopped.

    What was withdrawn meanwhile goes no further. Consent is committed before the trigger: without
    a consent row a restrictive purpose blocks the journey's mails. Raises TemporaryFailure,
    PermanentFailure, Changed.
    """
    if stored.value.is_triggered or stored.value.was_withdrawn:
        return
    form = known_form(stored.value.form, outside)
    promotion = stored.value.promotion
    if promotion:
        _leave_to_who_fires(promotion, outside)
    if form.journey_row:
        _write_with_row(stored, form, deadline, outside)
        return
    if promotion is None:
        stored, promotion = _write_contact(stored, form, deadline, outside)
    else:
        stored, promotion = _claim_trigger(stored, promotion, outside)
    _fire_trigger(stored, promotion, form, deadline, outside)


def hand_over_now(
    stored: Versioned[Record], deadline: Deadline, outside: Outside
) -> timedelta | None:
    """The same while the person waits. None when it worked, else how long to leave Dataverse alone.

    Nothing that goes wrong here may reach the person: the click is kept, the queue resumes.
    """
    try:
        hand_over(stored, deadline, outside)
    except (TemporaryFailure, PermanentFailure, Changed) as failure:
        reason = str(failure) or type(failure).__name__
        wait = getattr(failure, "retry_after", None) or 0
    except Exception as bug:  # noqa: BLE001 - see above
        reason, wait = type(bug).__name__, 0
    else:
        return None
    events.warn(Event.PROMOTION_POSTPONED, stored.value.about, reason=reason)
    return min(timedelta(seconds=wait), LONGEST_HIDING)


def _leave_to_who_fires(promotion: Promotion, outside: Outside) -> None:
    """CIJ knows no double: two workers must not fire at the same time."""
    now = outside.now()
    if promotion.busy_until and promotion.busy_until > now:
        wait = (promotion.busy_until - now).total_seconds()
        raise TemporaryFailure("another worker is firing the trigger", retry_after=wait)


def _write_with_row(
    stored: Versioned[Record], form: Form, deadline: Deadline, outside: Outside
) -> None:
    """No claim: Dataverse itself knows the row, so whoever repeats this starts nothing twice."""
    contact = _contact(stored.value, form, outside)
    written = _write(contact, stored.value, deadline, outside)
    now = outside.now()
    address = contact.journey_row.address if contact.journey_row else None
    promotion = _noted(written, now, address)
    if not _note_promoted(stored, promotion, now, outside):
        _tell_if_erased(stored.value, promotion, outside)


def _write_contact(
    stored: Versioned[Record], form: Form, deadline: Deadline, outside: Outside
) -> tuple[Versioned[Record], Promotion]:
    """The contact's note is also the claim to fire: one write for both."""
    record = stored.value
    written = _write(_contact(record, form, outside), record, deadline, outside)
    now = outside.now()
    promotion = _noted(written, now).claim(now + outside.rules.claim)
    try:
        return outside.records.save(stored.moved_to(record.handed_over(promotion))), promotion
    except Changed:
        _tell_if_erased(record, promotion, outside)
        raise


def _contact(record: Record, form: Form, outside: Outside) -> ContactWithConsents:
    link = withdraw_link(record, outside) if form.withdraw_link else ""
    try:
        return contact_of(record, form, outside.rules.pepper, withdraw_link=link)
    except FormChanged as changed:
        raise PermanentFailure(str(changed)) from None


def _write(
    contact: ContactWithConsents, record: Record, deadline: Deadline, outside: Outside
) -> WrittenContact:
    written = outside.customer_insights.write(contact, deadline)
    events.note(Event.CONTACT_WRITTEN, record.about, contact=written.contact_id)
    return written


def _noted(written: WrittenContact, now: datetime, journey_row: str | None = None) -> Promotion:
    return Promotion(
        contact_id=written.contact_id,
        contact_created=written.created,
        consent_ids=written.consent_ids,
        written_at=now,
        journey_row=journey_row,
    )


def _claim_trigger(
    stored: Versioned[Record], promotion: Promotion, outside: Outside
) -> tuple[Versioned[Record], Promotion]:
    claimed = promotion.claim(outside.now() + outside.rules.claim)
    return outside.records.save(stored.moved_to(stored.value.handed_over(claimed))), claimed


def _fire_trigger(
    stored: Versioned[Record],
    promotion: Promotion,
    form: Form,
    deadline: Deadline,
    outside: Outside,
) -> None:
    try:
        trigger = trigger_of(stored.value, form)
        outside.customer_insights.fire(trigger, promotion.contact_id, deadline)
    except Exception:
        _release(stored, outside)
        raise
    noted = _note_promoted(stored, promotion, outside.now(), outside)
    if not noted and not _tell_if_erased(stored.value, promotion, outside):
        events.warn(Event.TRIGGERED_TWICE, stored.value.about)


def _tell_if_erased(record: Record, promotion: Promotion, outside: Outside) -> bool:
    """The person may have been erased while we wrote: the app may delete nothing in Dataverse."""
    if outside.records.find(record.key) is not None:
        return False
    events.alarm(Event.WRITTEN_AFTER_ERASURE, record.about, contact=promotion.contact_id)
    return True


def _note_promoted(
    stored: Versioned[Record], promotion: Promotion, started_at: datetime, outside: Outside
) -> bool:
    """Whoever else wrote the record meanwhile: that the journey was started is a fact.

    False when another worker has noted it already.
    """

    def promoted(record: Record) -> Record | None:
        return None if record.is_triggered else record.promoted(promotion, started_at)

    changed = change_newest(stored, promoted, outside)
    if changed:
        click = stored.value.click
        took = events.elapsed(click.at, started_at) if click else None
        events.note(Event.PROMOTED, stored.value.about, seconds=took)
    return changed


def _release(stored: Versioned[Record], outside: Outside) -> None:
    """The next attempt need not wait for the claim to run out."""

    def released(record: Record) -> Record | None:
        if record.promotion is None or record.is_triggered:
            return None
        return record.handed_over(record.promotion.release())

    give_back(stored, released, outside)
