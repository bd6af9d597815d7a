"""Whether the questions of a lead form answer the fields that are mapped to them."""

from collections.abc import Iterator, Sequence

from shared.values.form import Form
from shared.values.form_fields import ChoiceField, FieldBase, MultipleChoiceField, YesNoField
from shared.values.form_linkedin import LeadFormMapping
from shared.values.lead_answers_mapped import is_same, map_answers
from shared.values.linkedin.joined_lead import JoinedAnswer, join_answers
from shared.values.linkedin.lead_answers import (
    Answer,
    AnswerDetails,
    FormResponse,
    MultipleChoiceAnswer,
)
from shared.values.linkedin.lead_form import LeadForm
from shared.values.linkedin.question import Option, Question
from shared.values.linkedin.symbols import PredefinedField
from shared.values.mapping_finding import Finding, breaks, tells


def check_questions(
    our_form: Form,
    mapping: LeadFormMapping,
    live: LeadForm,
    addresses: Sequence[PredefinedField],
) -> Iterator[Finding]:
    """See lead_form_check.check_mapping."""
    yield from _fields(our_form, mapping, live)
    yield from _unmapped_questions(our_form, mapping, live, addresses)


def _fields(our_form: Form, mapping: LeadFormMapping, live: LeadForm) -> Iterator[Finding]:
    known = {field.id: field for field in our_form.fields}
    for field in our_form.fields:
        if field.required and field.id not in mapping.fields and field != our_form.email_field:
            yield breaks("field_not_mapped", f"required field '{field.id}' has no question")
    for field_id, wanted in mapping.fields.items():
        question = next((one for one in live.content.questions if is_same(wanted, one)), None)
        if field_id not in known:
            yield breaks("field_unknown", f"form '{our_form.id}' has no field '{field_id}'")
        elif question is None:
            yield breaks(
                "question_unknown", f"the lead form has no {wanted.name}, for field '{field_id}'"
            )
        else:
            yield from _pair(our_form, mapping, live, known[field_id], question)


def _pair(
    our_form: Form, mapping: LeadFormMapping, live: LeadForm, field: FieldBase, question: Question
) -> Iterator[Finding]:
    """One field and the question that answers it."""
    wanted = mapping.fields[field.id]
    if field.required and not question.response_required:
        yield tells(
            "answer_optional", f"{wanted.name} is optional: leads without '{field.id}' are parked"
        )
    if not isinstance(field, ChoiceField | MultipleChoiceField | YesNoField):
        return
    if not question.options:
        yield tells(
            "words_for_choice",
            f"{wanted.name} is answered in words: only those that field '{field.id}' has will do",
        )
    for option in question.options:
        answer = _chosen(question, option, live)
        if field.id not in map_answers(our_form, mapping, live, answer, ()).answers:
            yield breaks(
                "option_unknown",
                f"{wanted.name}: nothing of field '{field.id}' is mapped to option"
                f" '{option.label or option.text.text(live.creation_locale)}'",
            )
    named = {option.label for option in question.options}
    named |= {option.text.text(live.creation_locale) for option in question.options}
    for word in wanted.options:
        if question.options and word not in named:
            yield tells("option_gone", f"{wanted.name} has no option '{word}' (any more)")


def _chosen(question: Question, option: Option, live: LeadForm) -> Sequence[JoinedAnswer]:
    """An answer like those of leads: the option is judged as theirs will be."""
    choice = MultipleChoiceAnswer(options=() if option.id is None else (option.id,))
    answer = Answer(
        question_id=None if question.question_id is None else str(question.question_id),
        name=question.name or None,
        answer_details=AnswerDetails(multiple_choice_answer=choice),
    )
    return join_answers(FormResponse(answers=(answer,)), live)


def _unmapped_questions(
    our_form: Form,
    mapping: LeadFormMapping,
    live: LeadForm,
    addresses: Sequence[PredefinedField],
) -> Iterator[Finding]:
    """Members have to answer them, and nobody takes the answer."""
    for question in live.content.questions:
        is_address = question.predefined_field in addresses
        is_mapped = any(is_same(wanted, question) for wanted in mapping.fields.values())
        if question.response_required and not is_mapped and not is_address:
            name = question.predefined_field or question.label or question.name
            yield tells(
                "question_not_mapped",
                f"members have to answer '{name}', which form '{our_form.id}' does not take",
            )
