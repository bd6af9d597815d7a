"""Which LinkedIn lead forms lead to this form, and what of theirs becomes what of ours."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from shared.values.base import Value
from shared.values.form_fields import Column, EmailField, FieldId
from shared.values.linkedin.symbols import PredefinedField

if TYPE_CHECKING:
    from shared.values.form import Form

# LinkedIn's ids have up to 64 bits: as a JSON number an editor would round them.
LeadFormId = Annotated[
    str,
    StringConstraints(pattern=r"^[1-9][0-9]{0,18}$"),
    Field(description="id of the lead form, in quotes", examples=["7236142859205541889"]),
]
ConsentId = Annotated[int, Field(ge=0, lt=2**63)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=300)]


class LeadQuestion(Value):
    """A question of the lead form: by what LinkedIn prefills, or by the marketer's label."""

    predefined_field: PredefinedField | None = Field(
        default=None, description="what LinkedIn prefills, such as FIRST_NAME"
    )
    label: Text | None = Field(
        default=None, description="label of a custom question; its name is in anybody's language"
    )
    options: Mapping[Text, Text] = Field(
        default={},
        max_length=200,
        description="label or text of each LinkedIn option → value of ours ('yes', 'no' for yesNo)",
    )

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if (self.predefined_field is None) == (self.label is None):
            raise ValueError("give 'predefinedField' or 'label', and not both")
        return self

    @property
    def name(self) -> str:
        """As it is told to an operator."""
        return self.predefined_field.value if self.predefined_field else f"label '{self.label}'"


class LeadFormMapping(Value):
    """One lead form of LinkedIn."""

    id: LeadFormId
    versions: tuple[Annotated[int, Field(ge=1)], ...] = Field(
        default=(), description="versions that the mapping was checked for; none = any"
    )
    fields: Mapping[FieldId, LeadQuestion] = Field(
        default={}, description="our field id ← question; the address needs no entry"
    )
    consents: Mapping[FieldId, ConsentId] = Field(
        default={}, description="our consent id ← id of the checkbox at LinkedIn"
    )
    campaign: Annotated[str, StringConstraints(min_length=1, max_length=100)] | None = Field(
        default=None, description="campaign of leads for which LinkedIn names none"
    )


class LinkedIn(Value):
    """The lead forms of this form, and what their contacts get."""

    columns: Mapping[Column, str | int | bool] = Field(
        default={},
        max_length=20,
        description="columns of the contact that say where it came from, with their values",
    )
    forms: tuple[LeadFormMapping, ...] = Field(min_length=1, max_length=100)


def broken_linkedin_rules(form: "Form") -> Iterator[tuple[str, str]]:
    """JSON pointer and reason of each rule that the section breaks."""
    if form.linked_in is None:
        return
    own = {field.column for field in form.fields if field.column}
    if taken := own.intersection(form.linked_in.columns):
        yield "/linkedIn/columns", f"a field writes to the column {', '.join(sorted(taken))}"
    ids = [mapping.id for mapping in form.linked_in.forms]
    if twice := {one for one in ids if ids.count(one) > 1}:
        yield "/linkedIn/forms", f"given twice: {', '.join(sorted(twice))}"
    for index, mapping in enumerate(form.linked_in.forms):
        pointer = f"/linkedIn/forms/{index}"
        yield from _fields(form, mapping, pointer)
        yield from _consents(form, mapping, pointer)


def _fields(form: "Form", mapping: LeadFormMapping, pointer: str) -> Iterator[tuple[str, str]]:
    known = {field.id for field in form.fields}
    if missing := set(mapping.fields) - known:
        yield f"{pointer}/fields", f"unknown fields: {', '.join(sorted(missing))}"
    required = {
        field.id for field in form.fields if field.required and not isinstance(field, EmailField)
    }
    if unmapped := required - set(mapping.fields):
        yield f"{pointer}/fields", f"required fields are missing: {', '.join(sorted(unmapped))}"


def _consents(form: "Form", mapping: LeadFormMapping, pointer: str) -> Iterator[tuple[str, str]]:
    if missing := set(mapping.consents) - {consent.id for consent in form.consents}:
        yield f"{pointer}/consents", f"unknown consents: {', '.join(sorted(missing))}"
    required = {consent.id for consent in form.consents if consent.required}
    if unmapped := required - set(mapping.consents):
        yield (
            f"{pointer}/consents",
            f"required consents are missing: {', '.join(sorted(unmapped))}",
        )
    ids = list(mapping.consents.values())
    if len(set(ids)) != len(ids):
        yield f"{pointer}/consents", "two consents come from the same checkbox"
