"""The questions of a lead form (LeadGenFormQuestion)."""

from typing import Any

from pydantic import field_validator, model_validator

from shared.values.linkedin.base import LinkedInValue
from shared.values.linkedin.locale import MultiLocaleString
from shared.values.linkedin.numbers import LongId
from shared.values.linkedin.symbols import PredefinedFieldSymbol

# "The response lengths must be between 1 and 300 characters."
LONGEST_RESPONSE = 300


class TextQuestionDetails(LinkedInValue):
    """A question that is answered in words."""

    default_response: str | None = None
    max_response_length: int = LONGEST_RESPONSE


class Option(LinkedInValue):
    """One choice. Its id is unique within the question, and LinkedIn gives it one if we do not."""

    id: int | None = None
    text: MultiLocaleString
    label: str | None = None


class MultipleChoiceQuestionDetails(LinkedInValue):
    """A question that is answered by choosing."""

    options: tuple[Option, ...] = ()
    default_selected_option: int | None = None


class QuestionDetails(LinkedInValue):
    """A union: one of the two, or one that we do not know (then in `model_extra`)."""

    text_question_details: TextQuestionDetails | None = None
    multiple_choice_question_details: MultipleChoiceQuestionDetails | None = None


class WorkEmailSubmissionCriteria(LinkedInValue):
    """Whether addresses of free mail providers pass as work e-mail."""

    freemium_email_allowed: bool


class QuestionSubmissionCriteria(LinkedInValue):
    """A union with one member so far."""

    work_email_submission_criteria: WorkEmailSubmissionCriteria | None = None


class Question(LinkedInValue):
    """One question. `name` is for the owner's eyes; `label` is the marketer's stable handle."""

    question_id: LongId | None = None
    name: str = ""
    question: MultiLocaleString | None = None
    text_prompt: MultiLocaleString | None = None
    predefined_field: PredefinedFieldSymbol | None = None
    response_editable: bool = True
    response_required: bool = True
    question_details: QuestionDetails | None = None
    question_submission_criteria: QuestionSubmissionCriteria | None = None
    label: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _read_older_spelling(cls, given: Any) -> Any:
        """`{"typeSpecificQuestionDetails": {"com.linkedin.ads.TextQuestionDetails": {}}}`."""
        if not isinstance(given, dict) or "typeSpecificQuestionDetails" not in given:
            return given
        question = dict(given)
        older = question.pop("typeSpecificQuestionDetails")
        if isinstance(older, dict):
            question.setdefault("questionDetails", {_member(k): v for k, v in older.items()})
        return question

    @field_validator("predefined_field", mode="before")
    @classmethod
    def _blank_is_absent(cls, given: Any) -> Any:
        return None if given == "" else given

    @property
    def options(self) -> tuple[Option, ...]:
        """The choices; none for a text question."""
        choices = self.question_details and self.question_details.multiple_choice_question_details
        return choices.options if choices else ()


def _member(java_class: str) -> str:
    name = java_class.rpartition(".")[2]
    return name[:1].lower() + name[1:]
