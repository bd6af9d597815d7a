"""Handing a confirmed record over: contact and consents, then the trigger, each once."""

from shared import events
from shared.known_form import known_form
from shared.ports import (
    Changed,
    Deadline,
    Outside,
    PermanentFailure,
    TemporaryFailure,
    Versioned,
)
from shared.values.contact import FormChanged, contact_of, trigger_of
from shared.values.form import Form
from shared.values.record import Record
from shared.values.record_notes import Promotion


def hand_over(stored: Versioned[Record], deadline: Deadline, outside: Outside) -> None:
    """Bring a confirmed record to `promoted`, from wherever the last attempt stopped.

    Consent is committed before the trigger: without a consent row a restrictive purpose
    blocks the journey's mails. Raises TemporaryFailure, PermanentFailure, Changed.
    """
    promotion = stored.value.promotion
    if promotion and promotion.triggered_at:
        return
    form = known_form(stored.value.form, outside)
    if promotion is None:
        stored, promotion = _write_contact(stored, form, deadline, outside)
    else:
        stored, promotion = _claim_trigger(stored, promotion, outside)
    _fire_trigger(stored, promotion, form, deadline, outside)


def _write_contact(
    stored: Versioned[Record], form: Form, deadline: Deadline, outside: Outside
) -> tuple[Versioned[Record], Promotion]:
    """The contact's note is also the claim to fire: one write for both."""
    record = stored.value
    try:
        contact = contact_of(record, form, outside.rules.pepper)
    except FormChanged as changed:
        raise PermanentFailure(str(changed)) from None
    written = outside.customer_insights.write(contact, deadline)
    now = outside.now()
    promotion = Promotion(
        contact_id=written.contact_id,
        contact_created=written.created,
        consent_ids=written.consent_ids,
        written_at=now,
    ).claim(now)
    events.note("contact_written", record.registration_id, contact=written.contact_id)
    return outside.records.save(stored.moved_to(record.handed_over(promotion))), promotion


def _claim_trigger(
    stored: Versioned[Record], promotion: Promotion, outside: Outside
) -> tuple[Versioned[Record], Promotion]:
    """CIJ knows no double: two workers must not fire at the same time."""
    now = outside.now()
    if promotion.busy_until and promotion.busy_until > now:
        wait = (promotion.busy_until - now).total_seconds()
        raise TemporaryFailure("another worker is firing the trigger", retry_after=wait)
    claimed = promotion.claim(now)
    return outside.records.save(stored.moved_to(stored.value.handed_over(claimed))), claimed


def _fire_trigger(
    stored: Versioned[Record],
    promotion: Promotion,
    form: Form,
    deadline: Deadline,
    outside: Outside,
) -> None:
    record = stored.value
    try:
        outside.customer_insights.fire(trigger_of(record, form), promotion.contact_id, deadline)
    except (TemporaryFailure, PermanentFailure):
        _release(stored, promotion, outside)
        raise
    outside.records.save(stored.moved_to(record.promoted(promotion, outside.now())))
    events.note("promoted", record.registration_id, form=record.form)


def _release(stored: Versioned[Record], promotion: Promotion, outside: Outside) -> None:
    """The next attempt need not wait for the claim to run out."""
    try:
        outside.records.save(stored.moved_to(stored.value.handed_over(promotion.release())))
    except (Changed, TemporaryFailure):
        return  # it runs out by itself
