"""Answers as Dataverse columns take them."""

from shared.values.answers import Answer
from shared.values.form_fields import (
    ChoiceField,
    FieldBase,
    MultipleChoiceField,
    Option,
)

ColumnValue = str | int | bool


class FormChanged(ValueError):
    """The form lost something that a waiting registration needs; names it, never the answer."""


def column_value(field: FieldBase, answer: Answer, form_id: str) -> ColumnValue:
    """Choices as option-set numbers where the form has them; several as "1,2,3".

    Raises FormChanged when the field has lost the option that was chosen.
    """
    try:
        return _column_value(field, answer)
    except KeyError:
        raise FormChanged(
            f"form '{form_id}': field '{field.id}' no longer has the option that was "
            "chosen: put it back"
        ) from None


def _column_value(field: FieldBase, answer: Answer) -> ColumnValue:
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
