"""Handing a confirmed record over: contact and consents, then the trigger, each once."""

from shared import events
from shared.known_form import known_form
from shared.ports import Deadline, Outside, PermanentFailure, TemporaryFailure, Versioned
from shared.values.contact import contact_of, trigger_of
from shared.values.form import Form
from shared.values.record import Promotion, Record, Status


def hand_over(stored: Versioned[Record], deadline: Deadline, outside: Outside) -> None:
    """Bring a confirmed record to `promoted`, from wherever the last attempt stopped.

    Consent is committed before the trigger: without a consent row a restrictive purpose
    blocks the journey's mails. Raises TemporaryFailure, PermanentFailure, Changed.
    """
    if stored.value.status is Status.PROMOTED:
        return
    form = known_form(stored.value.form, outside)
    if stored.value.promotion is None:
        stored = _write_contact(stored, form, deadline, outside)
    _fire_trigger(stored, form, deadline, outside)


def _write_contact(
    stored: Versioned[Record], form: Form, deadline: Deadline, outside: Outside
) -> Versioned[Record]:
    record = stored.value
    try:
        contact = contact_of(record, form, outside.rules.pepper)
    except KeyError as gone:
        # A consent or option was taken out of the form while the mail was on its way.
        reason = f"form '{form.id}' no longer has {gone}: put it back"
        raise PermanentFailure(reason) from None
    written = outside.customer_insights.write(contact, deadline)
    promotion = Promotion(
        contact_id=written.contact_id,
        contact_created=written.created,
        consent_ids=written.consent_ids,
        written_at=outside.now(),
    )
    events.note("contact_written", record.registration_id, contact=written.contact_id)
    return outside.records.save(stored.moved_to(record.written(promotion)))


def _fire_trigger(
    stored: Versioned[Record], form: Form, deadline: Deadline, outside: Outside
) -> None:
    record = stored.value
    if record.promotion is None:
        raise TemporaryFailure("the contact is not written yet")
    outside.customer_insights.fire(trigger_of(record, form), record.promotion.contact_id, deadline)
    outside.records.save(stored.moved_to(record.promoted(outside.now())))
    events.note("promoted", record.registration_id, form=record.form)
