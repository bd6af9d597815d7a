"""What is sent when a form is written, and what is refused before."""

import copy
from typing import Any

import pytest

from shared.values.linkedin.lead_form import LeadForm
from shared.values.linkedin.lead_form_writing import (
    LeadFormRefused,
    changes_schema,
    creation_body,
    patch_body,
)
from tests.linkedin.documentation import creation, form, reviewed_form, text, without

PAGE = {"organization": "urn:li:organization:5509810"}


def problems(sample: dict[str, Any]) -> tuple[str, ...]:
    try:
        creation_body(LeadForm.model_validate(sample))
    except LeadFormRefused as refusal:
        return refusal.problems
    return ()


def with_question(**changes: Any) -> dict[str, Any]:
    sample = creation()
    sample["content"]["questions"][0].update(changes)
    return sample


def choice(options: int) -> dict[str, Any]:
    return {
        "multipleChoiceQuestionDetails": {
            "options": [{"text": text(f"Choice {number}")} for number in range(options)]
        }
    }


def test_the_body_is_the_documentations() -> None:
    assert creation_body(LeadForm.model_validate(creation())) == creation()


def test_lists_and_ticks_that_linkedin_requires_are_written() -> None:
    sample = without(without(creation(), "hiddenFields"), "content", "legalInfo", "consents")
    body = creation_body(LeadForm.model_validate(sample))
    assert body["hiddenFields"] == []
    assert body["content"]["legalInfo"]["consents"] == []
    sample["content"]["legalInfo"]["consents"] = [{"id": 1, "consent": text("Yes")}]
    body = creation_body(LeadForm.model_validate(sample))
    assert body["content"]["legalInfo"]["consents"][0]["checkRequired"] is False


def test_what_is_linkedins_is_not_sent_back() -> None:
    sample = {**reviewed_form(), "versionTag": "3"}
    body = creation_body(LeadForm.model_validate(sample))
    mine = {"owner", "hiddenFields", "creationLocale", "name", "state", "content"}
    assert body.keys() == mine
    assert all("questionId" not in question for question in body["content"]["questions"])
    assert body["content"]["legalInfo"].keys() == {"consents", "privacyPolicyUrl"}


def test_a_patch_sends_what_changes_and_nothing_else() -> None:
    assert patch_body({"state": "ARCHIVED"}) == {"patch": {"$set": {"state": "ARCHIVED"}}}
    changes = {"name": "Another", "id": 5, "versionId": 2, "versionTag": "x"}
    assert patch_body(changes) == {"patch": {"$set": {"name": "Another"}}}
    content = creation()["content"]
    assert patch_body({"content": content}) == {"patch": {"$set": {"content": content}}}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"id": 5, "reviewInfo": {}},
        {"content": {"questions": []}},
        {"content": "x"},
        {"owner": PAGE},
        {"hiddenFields": [{"name": str(n), "value": ""} for n in range(21)]},
    ],
)
def test_a_patch_is_checked_as_well(changes: dict[str, Any]) -> None:
    with pytest.raises(LeadFormRefused):
        patch_body(changes)


@pytest.mark.parametrize(
    ("changes", "changed"),
    [({"content": {}}, True), ({"hiddenFields": []}, True), ({"state": "ARCHIVED"}, False)],
)
def test_what_changes_the_schema(changes: dict[str, Any], *, changed: bool) -> None:
    assert changes_schema(changes) is changed


@pytest.mark.parametrize(("hidden_fields", "refused"), [(20, False), (21, True)])
def test_at_most_20_hidden_fields(hidden_fields: int, *, refused: bool) -> None:
    fields = [{"name": f"n{n}", "value": "v"} for n in range(hidden_fields)]
    assert bool(problems({**creation(), "hiddenFields": fields})) is refused


@pytest.mark.parametrize(("options", "refused"), [(1, True), (2, False), (15, False), (16, True)])
def test_between_2_and_15_options(options: int, *, refused: bool) -> None:
    found = problems(with_question(questionDetails=choice(options)))
    assert found == (("question 1: between 2 and 15 options",) if refused else ())


@pytest.mark.parametrize(("length", "refused"), [(0, True), (1, False), (300, False), (301, True)])
def test_a_response_of_1_to_300_characters(length: int, *, refused: bool) -> None:
    details = {"textQuestionDetails": {"maxResponseLength": length}}
    found = problems(with_question(questionDetails=details))
    assert found == (("question 1: maxResponseLength is between 1 and 300",) if refused else ())


def test_at_least_one_question() -> None:
    sample = creation()
    sample["content"]["questions"] = []
    assert problems(sample) == ("at least one question",)


def test_a_question_of_no_kind_is_refused() -> None:
    sample = creation()
    del sample["content"]["questions"][1]["questionDetails"]
    assert problems(sample) == ("question 2: questionDetails are missing",)


def test_labels_are_unique_among_their_kind() -> None:
    sample = creation()
    for question in sample["content"]["questions"]:
        question["label"] = "name"
    assert problems(sample) == ("the question label 'name' stands twice",)
    sample["content"]["questions"][1]["label"] = "last-name"
    consents = sample["content"]["legalInfo"]["consents"]
    consents[0]["label"] = "name"
    assert problems(sample) == ()
    consents.append({**copy.deepcopy(consents[0]), "id": 2})
    assert problems(sample) == ("the consent label 'name' stands twice",)
    options = choice(2)
    for option in options["multipleChoiceQuestionDetails"]["options"]:
        option["label"] = "yes"
    assert problems(with_question(questionDetails=options)) == (
        "the option label 'yes' stands twice",
    )


def test_forms_of_organizations_cannot_be_written() -> None:
    (problem,) = problems({**creation(), "owner": PAGE})
    assert "ad accounts" in problem
    assert problems(form())[0] == problem


@pytest.mark.parametrize("name", ["owner", "creationLocale", "name"])
def test_what_linkedin_requires_is_asked_for(name: str) -> None:
    assert problems(without(creation(), name)) == (f"{name} is missing",)


def test_a_headline_is_asked_for() -> None:
    assert problems(without(creation(), "content", "headline")) == ("content/headline is missing",)
