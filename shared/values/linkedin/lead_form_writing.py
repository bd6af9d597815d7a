"""What may be sent to LinkedIn of a lead form, and what is refused before it is sent."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from shared.values.linkedin.base import places
from shared.values.linkedin.lead_form import LeadForm
from shared.values.linkedin.question import LONGEST_RESPONSE, Question

MOST_HIDDEN_FIELDS = 20
FEWEST_OPTIONS = 2
MOST_OPTIONS = 15
# Told by LinkedIn, never to LinkedIn. `state` is called read-only there as well, and yet sent.
_READ_ONLY = frozenset({"id", "created", "lastModified", "reviewInfo", "versionId", "versionTag"})
_READ_ONLY_QUESTION = "questionId"
_READ_ONLY_LEGAL_INFO = "legalInfoId"


class LeadFormRefused(ValueError):
    """`problems`: what to mend, one sentence each."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(self.problems))


def creation_body(form: LeadForm) -> dict[str, Any]:
    """The body that creates the form: what was set of it. Raises LeadFormRefused."""
    problems = [*_missing(form), *_owner_problems(form), *content_problems(form)]
    if problems:
        raise LeadFormRefused(problems)
    return _writable(form)


def patch_body(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The body that changes these fields of a form, given as LinkedIn's JSON.

    Which field may be changed when is LinkedIn's to judge. Raises LeadFormRefused.
    """
    given = {name: value for name, value in changes.items() if name not in _READ_ONLY}
    if not given:
        raise LeadFormRefused(["nothing to change: these fields are LinkedIn's own"])
    try:
        form = LeadForm.model_validate({"content": {}, **given})
    except ValidationError as error:
        raise LeadFormRefused([places(error)]) from None
    problems = [*_owner_problems(form), *content_problems(form, has_content="content" in given)]
    if problems:
        raise LeadFormRefused(problems)
    body = _writable(form)
    return {"patch": {"$set": {name: body[name] for name in given}}}


def changes_schema(changes: Mapping[str, Any]) -> bool:
    """Whether whoever reads this form's leads has to be told, and mappings to be checked."""
    return bool({"content", "hiddenFields"} & changes.keys())


def content_problems(form: LeadForm, *, has_content: bool = True) -> list[str]:
    """What LinkedIn's documentation does not allow."""
    problems = []
    if len(form.hidden_fields) > MOST_HIDDEN_FIELDS:
        problems.append(f"at most {MOST_HIDDEN_FIELDS} hidden fields")
    questions = form.content.questions
    if has_content and not questions:
        problems.append("at least one question")
    consents = form.content.legal_info.consents
    options = [option for question in questions for option in question.options]
    for kind, labelled in (("question", questions), ("option", options), ("consent", consents)):
        labels = Counter(one.label for one in labelled if one.label)
        problems += [f"the {kind} label {x!r} stands twice" for x, n in labels.items() if n > 1]
    for number, question in enumerate(questions, start=1):
        problems += [f"question {number}: {problem}" for problem in _question_problems(question)]
    return problems


def _question_problems(question: Question) -> list[str]:
    details = question.question_details
    if details is None:
        return ["questionDetails are missing"]
    problems = []
    text, choice = details.text_question_details, details.multiple_choice_question_details
    if text and not 1 <= text.max_response_length <= LONGEST_RESPONSE:
        problems.append(f"maxResponseLength is between 1 and {LONGEST_RESPONSE}")
    if choice and not FEWEST_OPTIONS <= len(choice.options) <= MOST_OPTIONS:
        problems.append(f"between {FEWEST_OPTIONS} and {MOST_OPTIONS} options")
    return problems


def _missing(form: LeadForm) -> list[str]:
    required = {
        "owner": form.owner,
        "creationLocale": form.creation_locale,
        "name": form.name,
        "content/headline": form.content.headline,
    }
    return [f"{name} is missing" for name, value in required.items() if not value]


def _owner_problems(form: LeadForm) -> list[str]:
    if form.owner is None or form.owner.is_ad_account:
        return []
    return ["LinkedIn lets forms of ad accounts be written only (urn:li:sponsoredAccount:…)"]


def _writable(form: LeadForm) -> dict[str, Any]:
    """What was set. What LinkedIn requires and has a default is written out."""
    body = form.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude_none=True)
    body = {name: value for name, value in body.items() if name not in _READ_ONLY}
    body.setdefault("hiddenFields", [])
    content = body["content"]
    for question in content.get("questions", ()):
        question.pop(_READ_ONLY_QUESTION, None)
    legal_info = content.setdefault("legalInfo", {})
    legal_info.pop(_READ_ONLY_LEGAL_INFO, None)
    for consent in legal_info.setdefault("consents", []):
        consent.setdefault("checkRequired", False)
    return body
