"""The table for journey rows, as it has to be for the forms that name it.

Lengths and types follow from what the forms write; a longer column does no harm.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from shared.values.dataverse.definitions import ColumnDefinition
from shared.values.dataverse.written_value import (
    Kind,
    Written,
    of_constant,
    of_fact,
    of_field,
)
from shared.values.form import Form
from shared.values.form_fields import ChoiceField, FieldBase, MultipleChoiceField
from shared.values.form_journey_row import (
    ColumnFromFact,
    ColumnFromField,
    ColumnSource,
    JourneyRow,
)
from shared.values.form_trigger import Fact

USUAL_LENGTH = 100
_CHOICES = ("Picklist", "MultiSelectPicklist")
LONGEST_STRING = 4000
_PREFIX = re.compile(r"[a-z][a-z0-9]{1,7}")
_KINDS: Mapping[Kind, str] = {
    Kind.DAY: "DateTime",
    Kind.INSTANT: "DateTime",
    Kind.YES_NO: "Boolean",
    Kind.OPTION: "Picklist",
    Kind.OPTIONS: "MultiSelectPicklist",
}
_FACTS: Mapping[Fact, str] = {
    Fact.FORM: "Form",
    Fact.LANGUAGE: "Language",
    Fact.REGISTRATION_ID: "Registration",
    Fact.CAMPAIGN: "Campaign",
    Fact.PAGE_URL: "Page",
    Fact.CONFIRMED_AT: "Confirmed on",
    Fact.SOURCE: "Source",
}


class TableUnclear(ValueError):
    """Two forms want different things of one table, or a name is none."""


@dataclass(frozen=True, kw_only=True)
class NewColumn:
    """`definition` is what it has to be at least; `labels` are of its options."""

    definition: ColumnDefinition
    label: str
    labels: Mapping[int, str] = field(default_factory=dict)
    required: bool = False


@dataclass(frozen=True, kw_only=True)
class NewTable:
    """`contact` is the lookup's navigation property; `name` and columns are logical names.

    `key_column` is among no columns, and neither is the primary one. `language` (LCID) is that
    of all labels; `solution` is the unique name of the solution that it becomes part of.
    """

    name: str
    entity_set: str
    key_column: NewColumn
    contact: str
    columns: tuple[NewColumn, ...]
    label: str = "Sign-up registration"
    plural_label: str = "Sign-up registrations"
    language: int = 1033
    solution: str | None = None

    @property
    def prefix(self) -> str:
        """Of the publisher: what stands before the first underscore."""
        return self.name.partition("_")[0]

    @property
    def primary_name(self) -> str:
        """The column that Dataverse wants for a row's name."""
        return f"{self.prefix}_name"

    @property
    def key_name(self) -> str:
        """The alternate key."""
        return f"{self.key_column.definition.name}_key"

    @property
    def relationship(self) -> str:
        """The relationship behind the lookup to the contact."""
        return f"{self.prefix}_contact_{self.name}"


def usual_row(prefix: str) -> JourneyRow:
    """What docs/forms.md shows, for who has no form with a row yet. Raises TableUnclear."""
    if not _PREFIX.fullmatch(prefix):
        raise TableUnclear(f"'{prefix}' is no customization prefix: 2 to 8 letters and digits")
    return JourneyRow(
        entity_set=f"{prefix}_doiregistrations",
        key_column=f"{prefix}_registrationid",
        contact=f"{prefix}_ContactId",
        columns={
            f"{prefix}_formid": ColumnFromFact(fact=Fact.FORM),
            f"{prefix}_campaign": ColumnFromFact(fact=Fact.CAMPAIGN),
            f"{prefix}_source": ColumnFromFact(fact=Fact.SOURCE),
            f"{prefix}_language": ColumnFromFact(fact=Fact.LANGUAGE),
            f"{prefix}_confirmedon": ColumnFromFact(fact=Fact.CONFIRMED_AT),
        },
    )


def table_for(row: JourneyRow, forms: Iterable[Form]) -> NewTable:
    """The table that takes the rows of all these forms. Raises TableUnclear.

    `row` is the forms' own, or the usual one; forms without one count as if they had it.
    """
    name = singular(row.entity_set)
    if not re.fullmatch(rf"{_PREFIX.pattern}_[a-z0-9_]+", name):
        raise TableUnclear(f"'{row.entity_set}': a table's name begins with a prefix and '_'")
    columns: dict[str, NewColumn] = {}
    for form in forms:
        wanted = form.journey_row or row
        if (wanted.key_column, wanted.contact) != (row.key_column, row.contact):
            raise TableUnclear(
                f"form '{form.id}' wants another keyColumn or contact of {row.entity_set} than"
                " another form"
            )
        for column, source in wanted.columns.items():
            new = _column(column, source, form)
            columns[column] = _wider(columns.get(column, new), new)
    key = ColumnDefinition(name=row.key_column, kind="String", max_length=USUAL_LENGTH)
    return NewTable(
        name=name,
        entity_set=row.entity_set,
        key_column=NewColumn(definition=key, label="Registration id", required=True),
        contact=row.contact,
        columns=tuple(columns.values()),
    )


def singular(entity_set: str) -> str:
    """The logical name that an environment would have made this entity set of.

    https://learn.microsoft.com/dotnet/api/microsoft.xrm.sdk.metadata.entitymetadata.entitysetname:
    another set name can be given to a custom table, so this is a name and no more.
    """
    if entity_set.endswith("ies"):
        return f"{entity_set[:-3]}y"
    if re.search(r"(s|x|z|ch|sh)es$", entity_set):
        return entity_set[:-2]
    return entity_set.removesuffix("s") if not entity_set.endswith("ss") else entity_set


def written_by(source: ColumnSource, form: Form) -> tuple[Written, ...]:
    """All that the source may put into its column."""
    if isinstance(source, str):
        return (of_constant(source),)
    otherwise = () if source.otherwise is None else (of_constant(source.otherwise),)
    if isinstance(source, ColumnFromField):
        return (of_field(_field(source.field, form)), *otherwise)
    return (of_fact(source.fact, form), *otherwise)


def _field(field_id: str, form: Form) -> FieldBase:
    return next(field for field in form.fields if field.id == field_id)


def _column(name: str, source: ColumnSource, form: Form) -> NewColumn:
    first, *others = written_by(source, form)
    kind = _KINDS.get(first.kind, "String")
    longest = max([first.longest, *(other.longest for other in others)])
    if kind == "String" and (first.multiline or longest > LONGEST_STRING):
        kind = "Memo"
    definition = ColumnDefinition(
        name=name,
        kind=kind,
        max_length=max(longest, USUAL_LENGTH) if kind in ("String", "Memo") else None,
        options=frozenset(first.options) if kind in _CHOICES else frozenset(),
        date_only=first.kind is Kind.DAY,
    )
    label = _label(source, form) or name
    return NewColumn(definition=definition, label=label, labels=_labels(source, form))


def _label(source: ColumnSource, form: Form) -> str | None:
    """For people who look at the table; None for a constant."""
    if isinstance(source, ColumnFromField):
        return _field(source.field, form).label[form.languages[0]]
    return _FACTS[source.fact] if isinstance(source, ColumnFromFact) else None


def _labels(source: ColumnSource, form: Form) -> dict[int, str]:
    if not isinstance(source, ColumnFromField):
        return {}
    answered = _field(source.field, form)
    if not isinstance(answered, ChoiceField | MultipleChoiceField):
        return {}
    return {
        option.dataverse_value: option.label[form.languages[0]]
        for option in answered.options
        if option.dataverse_value is not None
    }


def _wider(one: NewColumn, other: NewColumn) -> NewColumn:
    """The column that takes what both take. Raises TableUnclear."""
    first, second = one.definition, other.definition
    if {first.kind, second.kind} == {"String", "Memo"}:
        first, second = replace(first, kind="Memo"), replace(second, kind="Memo")
    if (first.kind, first.date_only) != (second.kind, second.date_only):
        raise TableUnclear(f"column {first.name} would have to be {first.kind} and {second.kind}")
    lengths = [length for length in (first.max_length, second.max_length) if length]
    wider = replace(
        first,
        max_length=max(lengths) if lengths else None,
        options=first.options | second.options,
    )
    return replace(one, definition=wider, labels={**other.labels, **one.labels})
