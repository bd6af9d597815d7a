"""Checks what a person typed against the form's definition, field by field."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from shared.values import text_rules
from shared.values.answer_error import AnswerRefused, FieldError
from shared.values.form_fields import (
    ChoiceField,
    DateField,
    EmailField,
    FieldBase,
    MultipleChoiceField,
    PhoneField,
    TextField,
    YesNoField,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from shared.values.form import Form

Answer = str | bool | list[str]

# A small body must not be able to ask for a large answer.
MOST_UNKNOWN_FIELDS = 50


@dataclass(frozen=True, kw_only=True)
class CheckedAnswers:
    """`answers` by field id, where there is one; `errors` is empty when all is well."""

    answers: Mapping[str, Answer]
    errors: tuple[FieldError, ...]


def check_answers(form: Form, raw: Mapping[str, Any]) -> CheckedAnswers:
    """Every answer checked and put in its normal form, or the errors with JSON pointers."""
    answers: dict[str, Answer] = {}
    errors: list[FieldError] = []
    for field in form.fields:
        try:
            answer = _check(field, raw.get(field.id))
        except AnswerRefused as refused:
            errors.append(refused.at(f"/fields/{field.id}"))
        else:
            if answer is not None:
                answers[field.id] = answer
    known = {field.id for field in form.fields}
    unknown = [name for name in raw if name not in known]
    errors += [
        FieldError(pointer=f"/fields/{text_rules.pointer_part(name)}", code="unknown_field")
        for name in unknown[:MOST_UNKNOWN_FIELDS]
    ]
    return CheckedAnswers(answers=answers, errors=tuple(errors))


def _check(field: FieldBase, raw: Any) -> Answer | None:
    if raw is None or raw in ("", []):
        if field.required:
            raise AnswerRefused("required")
        return None
    answer = _CHECKS[type(field)](field, raw)
    if answer in ("", []) or (field.required and answer is False):
        if field.required:
            raise AnswerRefused("required")
        return None
    return answer


def _text(field: TextField, raw: Any) -> str:
    text = text_rules.cleaned(raw, multiline=field.multiline)
    if not text:
        return ""
    if text_rules.length_of(text) > field.max_length:
        raise AnswerRefused("too_long", limit=field.max_length)
    if text_rules.length_of(text) < field.min_length:
        raise AnswerRefused("too_short", limit=field.min_length)
    if not field.allow_urls:
        text_rules.refuse_urls_and_markup(text)
    if field.pattern and not text_rules.matches(field.pattern, text):
        raise AnswerRefused("pattern")
    return text


def _email(field: EmailField, raw: Any) -> str:
    # Imported here: a form post with any other mistake never pays for it, and neither does GET.
    from shared.values.email_address import normalised_address  # noqa: PLC0415 - see above

    text = text_rules.cleaned(raw, multiline=False)
    if not text:
        return ""
    address = normalised_address(text)
    if text_rules.length_of(address) > field.max_length:
        raise AnswerRefused("too_long", limit=field.max_length)
    return address


def _phone(field: PhoneField, raw: Any) -> str:
    from shared.values.phone_number import e164  # noqa: PLC0415 - only forms with such a field pay

    text = text_rules.cleaned(raw, multiline=False)
    return e164(text, field.region) if text else ""


def _choice(field: ChoiceField, raw: Any) -> str:
    if not isinstance(raw, str):
        raise AnswerRefused("wrong_type")
    try:
        return field.option(raw).value
    except KeyError:
        raise AnswerRefused("not_an_option") from None


def _multiple_choice(field: MultipleChoiceField, raw: Any) -> list[str]:
    if not isinstance(raw, list) or not all(isinstance(value, str) for value in raw):
        raise AnswerRefused("wrong_type")
    offered = [option.value for option in field.options]
    if not set(raw) <= set(offered):
        raise AnswerRefused("not_an_option")
    return [value for value in offered if value in raw]


def _yes_no(_field: YesNoField, raw: Any) -> bool:
    if not isinstance(raw, bool):
        raise AnswerRefused("wrong_type")
    return raw


def _date(field: DateField, raw: Any) -> str:
    if not isinstance(raw, str):
        raise AnswerRefused("wrong_type")
    try:
        day = date.fromisoformat(raw)
    except ValueError:
        raise AnswerRefused("not_a_date") from None
    if raw != day.isoformat():
        raise AnswerRefused("not_a_date")
    if (field.earliest and day < field.earliest) or (field.latest and day > field.latest):
        raise AnswerRefused("out_of_range")
    return raw


_CHECKS: dict[type[FieldBase], Callable[[Any, Any], Answer]] = {
    TextField: _text,
    EmailField: _email,
    PhoneField: _phone,
    ChoiceField: _choice,
    MultipleChoiceField: _multiple_choice,
    YesNoField: _yes_no,
    DateField: _date,
}
