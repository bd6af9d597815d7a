"""A lead's answers and consents put beside the questions and texts of its form."""

from dataclasses import dataclass

from shared.values.linkedin.lead_answers import Answer, ConsentResponse, FormResponse
from shared.values.linkedin.lead_form import LeadForm
from shared.values.linkedin.legal_info import FormConsent
from shared.values.linkedin.locale import Locale
from shared.values.linkedin.question import Question


@dataclass(frozen=True, kw_only=True)
class JoinedAnswer:
    """An answer and its question; None when the form has no such question (any more).

    `texts`: the words, or the text of each chosen option, in the form's creation locale.
    `unknown_options`: chosen ids that the form does not have. `unreadable`: an answer of a kind
    that we do not know.
    """

    answer: Answer
    question: Question | None
    texts: tuple[str, ...]
    unknown_options: tuple[int, ...]
    unreadable: bool


@dataclass(frozen=True, kw_only=True)
class JoinedConsent:
    """A checkbox and whether it was ticked. Either side may be missing; both never are."""

    consent: FormConsent | None
    response: ConsentResponse | None

    @property
    def accepted(self) -> bool:
        return self.response is not None and self.response.accepted

    @property
    def required_but_missing(self) -> bool:
        """The form demanded it, and it was not given."""
        return self.consent is not None and self.consent.check_required and not self.accepted


def join_answers(response: FormResponse, form: LeadForm) -> tuple[JoinedAnswer, ...]:
    """In the order of the answers. By question id, compared as text; else by the name."""
    questions = form.content.questions
    by_id = {str(one.question_id): one for one in questions if one.question_id is not None}
    by_name = {one.name: one for one in questions if one.name}
    return tuple(
        _joined(
            answer,
            by_id.get(answer.question_id or "") or by_name.get(answer.name or ""),
            form.creation_locale,
        )
        for answer in response.answers
    )


def join_consents(response: FormResponse, form: LeadForm) -> tuple[JoinedConsent, ...]:
    """Every checkbox of the form, then responses to checkboxes that it does not have.

    Of several responses to one checkbox a refusal counts: a doubt is no consent.
    """
    given: dict[int, ConsentResponse] = {}
    for one in response.consent_responses:
        if not one.accepted or one.consent_id not in given:
            given[one.consent_id] = one
    known = form.content.legal_info.consents
    known_ids = {consent.id for consent in known}
    return (
        *(JoinedConsent(consent=consent, response=given.get(consent.id)) for consent in known),
        *(
            JoinedConsent(consent=None, response=one)
            for consent_id, one in given.items()
            if consent_id not in known_ids
        ),
    )


def _joined(answer: Answer, question: Question | None, locale: Locale | None) -> JoinedAnswer:
    details = answer.answer_details
    text = details.text_question_answer if details else None
    choice = details.multiple_choice_answer if details else None
    options = {
        option.id: option.text.text(locale) for option in (question.options if question else ())
    }
    chosen = choice.options if choice else ()
    words = (text.answer,) if text and text.answer else ()
    return JoinedAnswer(
        answer=answer,
        question=question,
        texts=words + tuple(options[one] for one in chosen if one in options),
        unknown_options=tuple(one for one in chosen if one not in options),
        unreadable=text is None and choice is None,
    )
