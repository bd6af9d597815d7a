"""What LinkedIn adds to a lead form that somebody wrote: ids, times, state, version."""

from collections.abc import Collection, Iterator, Mapping
from itertools import count
from typing import Any

from local.linkedin_simulator.errors import LinkedInError, duplicate
from local.linkedin_simulator.form_schema import WrittenForm


def complete(form: WrittenForm, *, form_id: int, now: int) -> dict[str, Any]:
    """The first version; `now` in ms."""
    written = form.as_json()
    return {
        **written,
        "content": with_ids(written["content"], form_id),
        "id": form_id,
        "created": now,
        "lastModified": now,
        "state": written.get("state", "DRAFT"),
        "versionId": 1,
        "versionTag": "1",
    }


def with_ids(
    content: Mapping[str, Any], form_id: int, used: Collection[int] = ()
) -> dict[str, Any]:
    """Give ids to questions, options and legal information that have none yet.

    `used` are ids of questions that earlier versions had: they are not given again.
    """
    first = form_id % 1_000_000 * 1000 + 1
    taken = {*used, *(question.get("questionId") for question in content["questions"])}
    free = (number for number in count(first) if number not in taken)
    return {
        **content,
        "questions": [_question(question, free) for question in content["questions"]],
        "legalInfo": {"legalInfoId": first, **content["legalInfo"]},
    }


def _question(question: Mapping[str, Any], free: Iterator[int]) -> dict[str, Any]:
    question_id = question["questionId"] if "questionId" in question else next(free)
    details = question["questionDetails"]
    choice = details.get("multipleChoiceQuestionDetails")
    if choice:
        taken = {option.get("id") for option in choice["options"]}
        options = (number for number in count() if number not in taken)
        with_options = [
            option if "id" in option else {"id": next(options), **option}
            for option in choice["options"]
        ]
        details = {"multipleChoiceQuestionDetails": {**choice, "options": with_options}}
    return {**question, "questionId": question_id, "questionDetails": details}


def duplicates(form: WrittenForm) -> LinkedInError | None:
    """Labels are unique within a form, consent ids within its legal information (409)."""
    content = form.content
    choices = [
        question.question_details.multiple_choice_question_details for question in content.questions
    ]
    unique: dict[str, list[str | None] | list[int | None] | list[int]] = {
        "question label": [question.label for question in content.questions],
        "question id": [question.question_id for question in content.questions],
        "option label": [option.label for choice in choices if choice for option in choice.options],
        "consent label": [consent.label for consent in content.legal_info.consents],
        "consent id": [consent.id for consent in content.legal_info.consents],
    }
    for field, values in unique.items():
        given = [value for value in values if value is not None]
        if len(set(given)) < len(given):
            return duplicate(field)
    for choice in choices:
        ids = [option.id for option in choice.options if option.id is not None] if choice else []
        if len(set(ids)) < len(ids):
            return duplicate("option id")
    return None
