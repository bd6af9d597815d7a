"""Answers in a lead form as answers to our fields, by the form's mapping."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.values.form import Form
from shared.values.form_fields import (
    ChoiceField,
    FieldBase,
    MultipleChoiceField,
    YesNoField,
)
from shared.values.form_linkedin import LeadFormMapping, LeadQuestion
from shared.values.linkedin.joined_lead import JoinedAnswer
from shared.values.linkedin.lead_form import LeadForm
from shared.values.linkedin.question import Question
from shared.values.linkedin.symbols import PredefinedField

_YES_NO: Mapping[str, bool] = {"yes": True, "no": False}
RawAnswer = str | bool | list[str]


@dataclass(frozen=True, kw_only=True)
class MappedAnswers:
    """As a website would post them, by field id; and why some are not there, likewise.

    Answers without a question have the number of that instead of a field.
    """

    answers: Mapping[str, RawAnswer]
    problems: Mapping[str, str]


class _Unmappable(Exception):
    """The answer cannot be put into our words. Says why, not what it was."""


def map_answers(
    our_form: Form,
    mapping: LeadFormMapping,
    lead_form: LeadForm,
    joined: Sequence[JoinedAnswer],
    addresses: Sequence[PredefinedField],
) -> MappedAnswers:
    """`addresses`: where the address is looked for, unless the mapping says where."""
    answers: dict[str, RawAnswer] = {}
    problems = _without_question(joined)
    address = our_form.email_field
    for field in our_form.fields:
        question = mapping.fields.get(field.id)
        if question is None and field.id == address.id:
            answers |= _address(field.id, joined, addresses)
            continue
        if question is None:
            continue
        if not any(is_same(question, asked) for asked in lead_form.content.questions):
            if field.required:
                reason = f"not_asked: the lead form has no {question.name} for {field.id}"
                problems[field.id] = reason
            continue
        try:
            answers |= _answer(field, question, joined)
        except _Unmappable as unmappable:
            problems[field.id] = f"{unmappable} at /fields/{field.id}"
    return MappedAnswers(answers=answers, problems=problems)


def _without_question(joined: Sequence[JoinedAnswer]) -> dict[str, str]:
    """Which of our fields it would be, nobody can say: left out silently, it would be lost."""
    numbers = [str(given.answer.question_id) for given in joined if given.question is None]
    return {
        f"question {number}": f"answer_unmapped: the lead form has no question {number}"
        for number in (number if number.isdigit() else "without number" for number in numbers)
    }


def _address(
    field_id: str, joined: Sequence[JoinedAnswer], addresses: Sequence[PredefinedField]
) -> dict[str, RawAnswer]:
    for wanted in addresses:
        for given in joined:
            asked = given.question and given.question.predefined_field
            address = "".join(given.texts[:1])
            if asked == wanted and address.strip():
                return {field_id: address}
    return {}


def _answer(
    field: FieldBase, question: LeadQuestion, joined: Sequence[JoinedAnswer]
) -> dict[str, RawAnswer]:
    """Nothing when the question was not answered. Raises _Unmappable."""
    given = next((one for one in joined if one.question and is_same(question, one.question)), None)
    if given is None:
        return {}
    if given.unreadable:
        raise _Unmappable("answer_unreadable")
    if given.unknown_options:
        raise _Unmappable("option_unknown")
    words = _words(given)
    if not words:
        return {}
    if isinstance(field, ChoiceField | MultipleChoiceField | YesNoField):
        return {field.id: _choice(field, question, words)}
    return {field.id: ", ".join(one[-1] for one in words)}


def _choice(
    field: ChoiceField | MultipleChoiceField | YesNoField,
    question: LeadQuestion,
    words: Sequence[Sequence[str]],
) -> RawAnswer:
    values = [_our_value(field, question, each) for each in words]
    if isinstance(field, MultipleChoiceField):
        return values
    if len(values) > 1:
        raise _Unmappable("several_options")
    return _YES_NO[values[0]] if isinstance(field, YesNoField) else values[0]


def _our_value(
    field: ChoiceField | MultipleChoiceField | YesNoField,
    question: LeadQuestion,
    words: Sequence[str],
) -> str:
    """By the mapping, else by our own value, else by our own label in any language."""
    known = dict.fromkeys(_YES_NO) if isinstance(field, YesNoField) else {}
    labels: dict[str, str] = {}
    if not isinstance(field, YesNoField):
        known = dict.fromkeys(option.value for option in field.options)
        labels = {text: option.value for option in field.options for text in option.label.values()}
    for word in words:
        value = question.options.get(word)
        if value is None:
            value = word if word in known else labels.get(word)
        if value in known:
            return value
    raise _Unmappable("option_unknown")


def _words(given: JoinedAnswer) -> list[list[str]]:
    """What each chosen option is called: its label if it has one, then its text."""
    details = given.answer.answer_details
    choice = details.multiple_choice_answer if details else None
    if choice is None or given.question is None:
        return [[text] for text in given.texts]
    labels = {option.id: option.label for option in given.question.options}
    return [
        [word for word in (labels.get(number), text) if word]
        for number, text in zip(choice.options, given.texts, strict=True)
    ]


def is_same(wanted: LeadQuestion, asked: Question) -> bool:
    """Whether the mapping means this question of the lead form."""
    if wanted.predefined_field is not None:
        return asked.predefined_field == wanted.predefined_field
    return asked.label == wanted.label
