"""What goes to Dataverse once a person has confirmed: contact, consents, trigger or row."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from shared.values.answers import Answer
from shared.values.column_value import ColumnValue, FormChanged, column_value
from shared.values.consent_reason import opt_in_reason
from shared.values.form import Form
from shared.values.form_trigger import AttributeSource, FromField
from shared.values.journey_row import NewJourneyRow, journey_row_of
from shared.values.keyed_digest import keyed_uuid
from shared.values.known_facts import known_fact
from shared.values.mailbox import canonical
from shared.values.record import Record


@dataclass(frozen=True, kw_only=True)
class ConsentRow:
    """One row of msdynmkt_contactpointconsent4 to be opted in: purpose, or topic of a purpose.

    `new_id` is the id for a row that does not exist yet: derived from address, purpose and
    topic, so that two promotions at once make one row.
    """

    new_id: str
    purpose_id: str
    topic_id: str | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class ContactWithConsents:
    """A contact's columns from the form, by logical name, and the consents of its address.

    `new_id` is the contact's id where none exists: derived from the exact address.
    `journey_row` starts the journey where no trigger does: written with the rest, or not at all.
    """

    new_id: str
    email: str
    columns: Mapping[str, ColumnValue]
    consents: tuple[ConsentRow, ...]
    journey_row: NewJourneyRow | None = None


@dataclass(frozen=True, kw_only=True)
class TriggerCall:
    """One call of a CIJ custom trigger, but for the contact's id."""

    name: str
    binding_id: str
    confirmed_at: datetime
    attributes: Mapping[str, str]


def contact_of(
    record: Record, form: Form, pepper: str, *, withdraw_link: str = ""
) -> ContactWithConsents:
    """What `record` says about the person, in Dataverse's words.

    `withdraw_link` is for the column that the form names for it, if any. Raises FormChanged, and
    ValueError for a record that is not confirmed.
    """
    if record.click is None:
        raise ValueError("nothing of a person is written before the click")
    address = canonical(record.email)
    rows: dict[tuple[str, str | None], ConsentRow] = {}
    for given in record.consents:
        try:
            consent = form.consent(given.id)
        except KeyError:
            raise FormChanged(
                f"form '{form.id}' no longer has the consent '{given.id}': put it back"
            ) from None
        # Both purpose and topic must be opted in for a topic to count:
        # learn.microsoft.com/dynamics365/customer-insights/journeys/ →
        # real-time-marketing-compliance-settings
        for topic in (None, consent.topic_id) if consent.topic_id else (None,):
            rows[consent.purpose_id, topic] = ConsentRow(
                new_id=keyed_uuid(pepper, "consent", address, consent.purpose_id, topic or ""),
                purpose_id=consent.purpose_id,
                topic_id=topic,
                reason=opt_in_reason(record.registration_id, record.click.at, given.version),
            )
    return ContactWithConsents(
        new_id=keyed_uuid(pepper, "contact", address),
        email=record.email,
        columns=_columns(record, form, withdraw_link),
        consents=tuple(rows.values()),
        journey_row=journey_row_of(record, form),
    )


def trigger_of(record: Record, form: Form) -> TriggerCall:
    """The form's trigger with every attribute set: CIJ fails later on one that is not.

    Raises ValueError for a record that is not confirmed, or a form without a trigger.
    """
    if record.click is None or form.trigger is None:
        raise ValueError("a trigger is fired only for a confirmed record, of a form that has one")
    return TriggerCall(
        name=form.trigger.name,
        binding_id=f"doiregistration/{record.registration_id}",
        confirmed_at=record.click.at,
        attributes={
            name: _attribute(source, record) for name, source in form.trigger.attributes.items()
        },
    )


def _columns(record: Record, form: Form, withdraw_link: str) -> dict[str, ColumnValue]:
    answers = record.answers or {}
    columns: dict[str, ColumnValue] = {}
    if record.lead and form.linked_in:
        columns.update(form.linked_in.columns)
    for field in form.fields:
        if field.column and field.id in answers:
            columns[field.column] = column_value(field, answers[field.id], form.id)
    if form.withdraw_link and withdraw_link:
        columns[form.withdraw_link] = withdraw_link
    return columns


def _attribute(source: AttributeSource, record: Record) -> str:
    if isinstance(source, str):
        return source
    if isinstance(source, FromField):
        answer = (record.answers or {}).get(source.field)
        return source.otherwise if answer is None else _as_text(answer)
    return known_fact(source.fact, record) or source.otherwise


def _as_text(answer: Answer) -> str:
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    return ",".join(answer) if isinstance(answer, list) else answer
