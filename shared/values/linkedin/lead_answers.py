"""What a member answered in a lead form (FormResponse)."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from shared.values.linkedin.base import LinkedInValue


def _as_text(given: Any) -> Any:
    is_number = isinstance(given, int) and not isinstance(given, bool)
    return str(given) if is_number else given


class TextQuestionAnswer(LinkedInValue):
    """In the member's words."""

    answer: str = Field(default="", repr=False)  # a person's: not for logs


class MultipleChoiceAnswer(LinkedInValue):
    """Ids of the chosen options; empty when the member chose none."""

    options: tuple[int, ...] = ()


class AnswerDetails(LinkedInValue):
    """A union: one of the two, or one that we do not know (then in `model_extra`)."""

    text_question_answer: TextQuestionAnswer | None = None
    multiple_choice_answer: MultipleChoiceAnswer | None = None


class Answer(LinkedInValue):
    """One answer. `name` is the question's name, where LinkedIn sends it."""

    question_id: Annotated[str | None, BeforeValidator(_as_text)] = None
    name: str | None = None
    answer_details: AnswerDetails | None = None

    @model_validator(mode="before")
    @classmethod
    def _read_documented_spelling(cls, given: Any) -> Any:
        """LinkedIn's table calls it `accepted`, its samples `answerDetails`."""
        if not isinstance(given, dict) or not isinstance(given.get("accepted"), dict):
            return given
        answer = dict(given)
        documented = answer.pop("accepted")
        answer.setdefault("answerDetails", documented)
        return answer


class ConsentResponse(LinkedInValue):
    """Whether a checkbox was ticked. Its text stands on the form. Unsaid is not ticked."""

    consent_id: int
    consent: str | None = None
    accepted: bool = False


class FormResponse(LinkedInValue):
    """All answers of one lead."""

    answers: tuple[Answer, ...] = ()
    consent_responses: tuple[ConsentResponse, ...] = ()
