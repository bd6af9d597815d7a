"""Lead forms as LinkedIn sends them: every field, every symbol, whatever is left out."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from shared.values.linkedin.lead_form import LeadForm
from shared.values.linkedin.question import Question
from shared.values.linkedin.symbols import (
    CallToActionLabel,
    FormState,
    PredefinedField,
    ReviewStatus,
)
from shared.values.linkedin.urns import FormVersion
from tests.linkedin.documentation import LEAKED, form, reviewed_form, text, without


def test_every_field_of_the_form() -> None:
    parsed = LeadForm.model_validate({**form(), "versionTag": 7})
    assert parsed.id == 6755260984438374400
    assert parsed.created == datetime(2021, 1, 13, 23, 15, 25, 356000, tzinfo=UTC)
    assert parsed.last_modified == parsed.created
    assert parsed.creation_locale is not None
    assert parsed.creation_locale.key == "en_US"
    assert parsed.owner is not None
    assert parsed.owner.urn == "urn:li:organization:5509810"
    assert parsed.name == "LeadGen form for Nimbus 2000"
    assert [(one.name, one.value) for one in parsed.hidden_fields] == [
        ("Entity name", "Nimbus 2000")
    ]
    assert parsed.state is FormState.PUBLISHED
    assert parsed.review_info is None
    assert parsed.version_id == 1
    assert parsed.version_tag == "7"
    assert parsed.version == FormVersion(form_id=6755260984438374400, version=1)
    assert parsed.model_extra == {}


def test_every_field_of_the_content() -> None:
    parsed = LeadForm.model_validate(form())
    content = parsed.content
    assert content.headline is not None
    assert content.headline.text(parsed.creation_locale) == f"Contact {LEAKED} about Nimbus 2000"
    assert content.description is not None
    assert content.description.text(parsed.creation_locale).endswith(LEAKED)
    assert content.post_submission_info is None
    assert content.legal_info.legal_info_id == 5604
    assert content.legal_info.privacy_policy_url == "https://cadfad.com/abc"
    assert content.legal_info.legal_disclaimer is not None
    assert content.legal_info.legal_disclaimer.text(None).startswith("All emails")
    (consent,) = content.legal_info.consents
    assert (consent.id, consent.check_required, consent.label) == (1, False, None)
    assert consent.consent is not None
    assert consent.consent.text(None) == f"{LEAKED} may contact me via email"


def test_every_field_of_a_text_question() -> None:
    question = Question.model_validate(
        {
            "questionId": 6755260984438374401,
            "name": "workEmail",
            "question": text("Work email"),
            "textPrompt": text("At your company"),
            "predefinedField": "WORK_EMAIL",
            "responseEditable": False,
            "responseRequired": False,
            "questionDetails": {
                "textQuestionDetails": {"defaultResponse": "a@b.example", "maxResponseLength": 80}
            },
            "questionSubmissionCriteria": {
                "workEmailSubmissionCriteria": {"freemiumEmailAllowed": False}
            },
            "label": "work-email",
        }
    )
    assert question.question_id == 6755260984438374401
    assert question.name == "workEmail"
    assert question.question is not None
    assert question.question.text(None) == "Work email"
    assert question.text_prompt is not None
    assert question.text_prompt.text(None) == "At your company"
    assert question.predefined_field is PredefinedField.WORK_EMAIL
    assert question.response_editable is False
    assert question.response_required is False
    details = question.question_details
    assert details is not None
    assert details.text_question_details is not None
    assert details.text_question_details.default_response == "a@b.example"
    assert details.text_question_details.max_response_length == 80
    criteria = question.question_submission_criteria
    assert criteria is not None
    assert criteria.work_email_submission_criteria is not None
    assert criteria.work_email_submission_criteria.freemium_email_allowed is False
    assert question.label == "work-email"
    assert Question.model_validate(question.to_json()) == question


def test_the_defaults_of_a_question() -> None:
    question = Question.model_validate({"questionDetails": {"textQuestionDetails": {}}})
    assert question.response_editable is True
    assert question.response_required is True
    assert question.predefined_field is None
    assert question.question_details is not None
    assert question.question_details.text_question_details is not None
    assert question.question_details.text_question_details.max_response_length == 300
    assert question.options == ()


def test_every_field_of_a_choice() -> None:
    sample = reviewed_form()
    details = sample["content"]["questions"][1]["questionDetails"]["multipleChoiceQuestionDetails"]
    details["defaultSelectedOption"] = 1
    details["options"][0]["label"] = "yes"
    choice = LeadForm.model_validate(sample).content.questions[1]
    assert [(one.id, one.text.text(None), one.label) for one in choice.options] == [
        (0, "Yes", "yes"),
        (1, "No", None),
    ]
    assert choice.question_details is not None
    assert choice.question_details.multiple_choice_question_details is not None
    assert choice.question_details.multiple_choice_question_details.default_selected_option == 1


def test_every_field_of_the_review_and_of_what_comes_after_sending() -> None:
    parsed = LeadForm.model_validate(reviewed_form())
    assert parsed.review_info is not None
    assert parsed.review_info.review_status is ReviewStatus.REJECTED
    assert parsed.review_info.rejection_reasons == ("CRYPTOCURRENCY", "OFFENSIVE_LANGUAGE")
    assert parsed.review_info.last_updated == datetime(2023, 2, 7, 13, 18, 34, tzinfo=UTC)
    after = parsed.content.post_submission_info
    assert after is not None
    assert after.message is not None
    assert after.message.text(None) == "Thank You"
    assert after.call_to_action is not None
    assert after.call_to_action.call_to_action_label is CallToActionLabel.VISIT_COMPANY_WEBSITE
    assert after.call_to_action.call_to_action_target is not None
    assert after.call_to_action.call_to_action_target.landing_page_url == "https://cadfad.com/abc"


@pytest.mark.parametrize("name", [name for name in form() if name != "content"])
def test_any_field_but_the_content_may_be_left_out(name: str) -> None:
    LeadForm.model_validate(without(form(), name))
    LeadForm.model_validate({**form(), name: None})


@pytest.mark.parametrize("name", ["description", "headline", "legalInfo", "questions"])
def test_any_part_of_the_content_may_be_left_out(name: str) -> None:
    LeadForm.model_validate(without(form(), "content", name))


@pytest.mark.parametrize("name", ["consents", "legalDisclaimer", "privacyPolicyUrl"])
def test_any_legal_text_may_be_left_out(name: str) -> None:
    parsed = LeadForm.model_validate(without(form(), "content", "legalInfo", name))
    if name == "consents":
        assert parsed.content.legal_info.consents == ()


def test_without_content_it_is_no_form() -> None:
    with pytest.raises(ValidationError, match="content"):
        LeadForm.model_validate(without(form(), "content"))


def test_an_empty_review_is_none() -> None:
    assert LeadForm.model_validate({**form(), "reviewInfo": {}}).review_info is None


@pytest.mark.parametrize("sample", [form(), reviewed_form()])
def test_round_trip_with_fields_that_nobody_knows(sample: dict[str, Any]) -> None:
    sample["colour"] = {"of": ["the", "day"]}
    sample["content"]["questions"][0]["sliderDetails"] = 5
    parsed = LeadForm.model_validate(sample)
    stored = json.loads(json.dumps(parsed.to_json()))
    assert LeadForm.model_validate(stored) == parsed
    assert stored["colour"] == {"of": ["the", "day"]}
    assert stored["content"]["questions"][0]["sliderDetails"] == 5
    assert stored["id"] == str(sample["id"])
    assert stored["created"] == sample["created"]
    assert stored["owner"] == sample["owner"]


@pytest.mark.parametrize("field", PredefinedField)
def test_every_predefined_field(field: PredefinedField) -> None:
    for spelling in (field.value, field.value.lower()):
        assert Question.model_validate({"predefinedField": spelling}).predefined_field is field


def test_there_are_23_predefined_fields() -> None:
    assert len(PredefinedField) == 23


def test_an_unknown_predefined_field_is_kept_and_a_blank_one_is_none() -> None:
    assert Question.model_validate({"predefinedField": "Shoe_Size"}).predefined_field == "Shoe_Size"
    assert Question.model_validate({"predefinedField": ""}).predefined_field is None


@pytest.mark.parametrize("state", ["DRAFT", "PUBLISHED", "ARCHIVED"])
def test_every_state(state: str) -> None:
    assert LeadForm.model_validate({**form(), "state": state}).state is FormState(state)


def test_an_unknown_state_is_kept() -> None:
    parsed = LeadForm.model_validate({**form(), "state": "FROZEN"})
    assert parsed.state == "FROZEN"
    assert parsed.to_json()["state"] == "FROZEN"


@pytest.mark.parametrize(
    "status",
    [
        "PENDING",
        "APPROVED",
        "REJECTED",
        "PREAPPROVED",
        "AUTO_APPROVED",
        "NEEDS_REVIEW",
        "AUTO_REJECTED",
    ],
)
def test_every_review_status(status: str) -> None:
    parsed = LeadForm.model_validate({**form(), "reviewInfo": {"reviewStatus": status}})
    assert parsed.review_info is not None
    assert parsed.review_info.review_status is ReviewStatus(status)


@pytest.mark.parametrize(
    ("given", "label"),
    [
        ("VISIT_COMPANY_WEBSITE", CallToActionLabel.VISIT_COMPANY_WEBSITE),
        ("LEARN_MORE", CallToActionLabel.LEARN_MORE),
        ("VIEW_NOW", CallToActionLabel.VIEW_NOW),
        ("DOWNLOAD_NOW", CallToActionLabel.DOWNLOAD_NOW),
        ("DOWNLOAD_NoW", CallToActionLabel.DOWNLOAD_NOW),
        ("TRY_NOW", CallToActionLabel.TRY_NOW),
        (None, CallToActionLabel.VISIT_COMPANY_WEBSITE),
        ("CALL_US", "CALL_US"),
    ],
)
def test_every_call_to_action(given: str | None, label: str) -> None:
    sample = reviewed_form()
    sample["content"]["postSubmissionInfo"]["callToAction"] = {"callToActionLabel": given}
    after = LeadForm.model_validate(sample).content.post_submission_info
    assert after is not None
    assert after.call_to_action is not None
    assert after.call_to_action.call_to_action_label == label


def test_a_question_of_the_older_api_is_read() -> None:
    question = Question.model_validate(
        {
            "name": "customTextQuestion",
            "question": "I have a text question for you! ?",
            "typeSpecificQuestionDetails": {
                "com.linkedin.ads.TextQuestionDetails": {"maxResponseLength": 90}
            },
        }
    )
    assert question.question is not None
    assert question.question.text(None) == "I have a text question for you! ?"
    assert question.question_details is not None
    assert question.question_details.text_question_details is not None
    assert question.question_details.text_question_details.max_response_length == 90
    assert "typeSpecificQuestionDetails" not in question.to_json()
