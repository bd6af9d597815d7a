"""The kinds of field that a form can have, each with what its answer must satisfy."""

import re
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, field_validator, model_validator

from shared.values.base import Value
from shared.values.localised import LocalisedLine

FieldId = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,49}$"),
    Field(description="the field's name in the register call", examples=["firstName"]),
]
Column = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,99}$"),
    Field(description="logical name of a column of the Dataverse contact table"),
]


class FieldBase(Value):
    """What every kind of field has."""

    id: FieldId
    label: LocalisedLine
    hint: LocalisedLine | None = None
    required: bool = False
    hidden: bool = Field(
        default=False, description="the website sends it, the visitor does not see it"
    )
    autocomplete: str | None = Field(
        default=None,
        description="HTML autocomplete token, e.g. 'given-name' (WCAG 2.2, 1.3.5)",
        pattern=r"^[a-z0-9 -]{1,60}$",
    )
    column: Column | None = Field(
        default=None, description="where the answer goes; without it, it reaches only the trigger"
    )


class TextField(FieldBase):
    """Free text. Line breaks, URLs and markup are refused unless the form allows them."""

    kind: Literal["text"]
    min_length: int = Field(default=0, ge=0)
    max_length: int = Field(default=100, ge=1, le=4000)
    pattern: str | None = Field(
        default=None, description="regular expression that the whole answer must match"
    )
    multiline: bool = Field(default=False, description="line breaks are allowed")
    allow_urls: bool = Field(
        default=False, description="links and markup are allowed; leave off for names"
    )

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, pattern: str | None) -> str | None:
        if pattern is not None:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"is not a regular expression: {error}") from error
        return pattern

    @model_validator(mode="after")
    def _can_be_filled_in(self) -> Self:
        if self.min_length > self.max_length:
            raise ValueError("minLength is greater than maxLength")
        return self


class EmailField(FieldBase):
    """The address that the confirmation mail goes to. A form has exactly one."""

    kind: Literal["email"]
    # 100 is the length of contact.emailaddress1 in Dataverse; a longer address would only
    # fail after the person has confirmed.
    max_length: int = Field(default=100, ge=6, le=254)
    column: Column | None = "emailaddress1"


class PhoneField(FieldBase):
    """A telephone number; stored as E.164 (+4930123456)."""

    kind: Literal["phone"]
    region: str | None = Field(
        default=None,
        pattern=r"^[A-Z]{2}$",
        description="country (ISO 3166) that numbers without a + are read in",
    )


class Option(Value):
    """One option of a choice."""

    value: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,100}$")]
    label: LocalisedLine
    dataverse_value: int | None = Field(
        default=None, description="the option-set value, when the column is a choice column"
    )


class _OptionsField(FieldBase):
    options: tuple[Option, ...] = Field(min_length=1, max_length=200)

    @field_validator("options")
    @classmethod
    def _differ(cls, options: tuple[Option, ...]) -> tuple[Option, ...]:
        values = [option.value for option in options]
        if len(set(values)) != len(values):
            raise ValueError("two options have the same value")
        numbered = [option.dataverse_value is not None for option in options]
        if any(numbered) and not all(numbered):
            raise ValueError("either every option has a dataverseValue or none has")
        return options

    def option(self, value: str) -> Option:
        """The option with this value. Raises KeyError when the form has none."""
        for option in self.options:
            if option.value == value:
                return option
        raise KeyError(value)


class ChoiceField(_OptionsField):
    """One of several options."""

    kind: Literal["choice"]


class MultipleChoiceField(_OptionsField):
    """Any number of several options."""

    kind: Literal["multipleChoice"]


class YesNoField(FieldBase):
    """A box to tick. A required one must be ticked."""

    kind: Literal["yesNo"]


class DateField(FieldBase):
    """A calendar date, written YYYY-MM-DD."""

    kind: Literal["date"]
    earliest: date | None = None
    latest: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.earliest and self.latest and self.earliest > self.latest:
            raise ValueError("earliest is after latest")
        return self


FormField = Annotated[
    TextField
    | EmailField
    | PhoneField
    | ChoiceField
    | MultipleChoiceField
    | YesNoField
    | DateField,
    Field(discriminator="kind"),
]
