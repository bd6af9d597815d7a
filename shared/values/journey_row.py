"""The Dataverse row whose creation starts the journey of a person who confirmed."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.values.column_value import ColumnValue, column_value
from shared.values.form import Form
from shared.values.form_journey_row import ColumnFromField, ColumnSource
from shared.values.known_facts import known_fact
from shared.values.record import Record


@dataclass(frozen=True, kw_only=True)
class NewJourneyRow:
    """The row to be written, but for the contact's id.

    `key` is the value of `key_column`, an alternate key: the registration id, so that a
    registration has one row however often it is written. `contact` is the navigation property
    of the lookup to the contact; neither of them is among `columns`.
    """

    entity_set: str
    key_column: str
    key: str
    contact: str
    columns: Mapping[str, ColumnValue]

    @property
    def address(self) -> str:
        """Where the row is, below the Web API's root."""
        return f"{self.entity_set}({self.key_column}='{self.key}')"


def journey_row_of(record: Record, form: Form) -> NewJourneyRow | None:
    """The row for `record`; None when a trigger starts the form's journey. Raises FormChanged."""
    wanted = form.journey_row
    if wanted is None:
        return None
    values = {name: _value(source, record, form) for name, source in wanted.columns.items()}
    return NewJourneyRow(
        entity_set=wanted.entity_set,
        key_column=wanted.key_column,
        key=record.registration_id,
        contact=wanted.contact,
        columns={name: value for name, value in values.items() if value is not None},
    )


def _value(source: ColumnSource, record: Record, form: Form) -> ColumnValue | None:
    if isinstance(source, str):
        return source
    if not isinstance(source, ColumnFromField):
        return known_fact(source.fact, record) or source.otherwise
    answer = (record.answers or {}).get(source.field)
    if answer is None:
        return source.otherwise
    field = next(field for field in form.fields if field.id == source.field)
    return column_value(field, answer, form.id)
