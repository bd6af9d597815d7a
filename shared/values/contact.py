"""What goes to Dataverse once a person has confirmed: contact, consents, trigger."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from shared.values.answers import Answer
from shared.values.form import Form
from shared.values.form_fields import (
    ChoiceField,
    FieldBase,
    MultipleChoiceField,
    Option,
)
from shared.values.form_trigger import AttributeSource, Fact, FromField
from shared.values.keyed_digest import keyed_uuid
from shared.values.mailbox import canonical
from shared.values.record import Record

ColumnValue = str | int | bool


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
    """

    new_id: str
    email: str
    columns: Mapping[str, ColumnValue]
    consents: tuple[ConsentRow, ...]


@dataclass(frozen=True, kw_only=True)
class TriggerCall:
    """One call of a CIJ custom trigger, but for the contact's id."""

    name: str
    binding_id: str
    confirmed_at: datetime
    attributes: Mapping[str, str]


class FormChanged(ValueError):
    """The form lost something that a waiting registration needs; names it, never the answer."""


def contact_of(record: Record, form: Form, pepper: str) -> ContactWithConsents:
    """What `record` says about the person, in Dataverse's words. Raises FormChanged."""
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
                reason=_reason(record, given.version),
            )
    return ContactWithConsents(
        new_id=keyed_uuid(pepper, "contact", address),
        email=record.email,
        columns=_columns(record, form),
        consents=tuple(rows.values()),
    )


def trigger_of(record: Record, form: Form) -> TriggerCall:
    """The form's trigger with every attribute set: CIJ fails later on one that is not."""
    if record.click is None:
        raise ValueError("a trigger is fired only for a confirmed record")
    return TriggerCall(
        name=form.trigger.name,
        binding_id=f"doiregistration/{record.registration_id}",
        confirmed_at=record.click.at,
        attributes={
            name: _attribute(source, record, form)
            for name, source in form.trigger.attributes.items()
        },
    )


def utc_text(moment: datetime) -> str:
    """ISO 8601 in UTC, to the second: "2026-11-22T10:00:00Z"."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _reason(record: Record, text_version: str) -> str:
    confirmed = utc_text(record.click.at) if record.click else ""
    return f"DOI {record.registration_id} {confirmed} text {text_version[:16]}"


def _columns(record: Record, form: Form) -> dict[str, ColumnValue]:
    answers = record.answers or {}
    columns: dict[str, ColumnValue] = {}
    for field in form.fields:
        if field.column and field.id in answers:
            try:
                columns[field.column] = _column_value(field, answers[field.id])
            except KeyError:
                raise FormChanged(
                    f"form '{form.id}': field '{field.id}' no longer has the option that was "
                    "chosen: put it back"
                ) from None
    return columns


def _column_value(field: FieldBase, answer: Answer) -> ColumnValue:
    """Choices as option-set numbers where the form has them; several as "1,2,3"."""
    if isinstance(answer, list):
        chosen = (
            [_option_value(field.option(value)) for value in answer]
            if isinstance(field, MultipleChoiceField)
            else answer
        )
        return ",".join(str(value) for value in chosen)
    if isinstance(field, ChoiceField) and isinstance(answer, str):
        return _option_value(field.option(answer))
    return answer


def _option_value(option: Option) -> str | int:
    return option.value if option.dataverse_value is None else option.dataverse_value


def _attribute(source: AttributeSource, record: Record, form: Form) -> str:
    if isinstance(source, str):
        return source
    if isinstance(source, FromField):
        answer = (record.answers or {}).get(source.field)
        return source.otherwise if answer is None else _as_text(answer)
    return _fact(source.fact, record, form) or source.otherwise


def _as_text(answer: Answer) -> str:
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    return ",".join(answer) if isinstance(answer, list) else answer


def _fact(fact: Fact, record: Record, form: Form) -> str | None:
    known = {
        Fact.FORM: form.id,
        Fact.LANGUAGE: record.locale,
        Fact.REGISTRATION_ID: record.registration_id,
        Fact.CAMPAIGN: record.source.campaign,
        Fact.PAGE_URL: record.source.page_url,
        Fact.CONFIRMED_AT: utc_text(record.click.at) if record.click else None,
    }
    return known[fact]
