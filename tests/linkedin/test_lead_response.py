"""Leads as LinkedIn sends them, and their answers beside the form."""

import copy
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from shared.values.linkedin.joined_lead import join_answers, join_consents
from shared.values.linkedin.lead_answers import FormResponse
from shared.values.linkedin.lead_form import LeadForm
from shared.values.linkedin.lead_origin import Attribution
from shared.values.linkedin.lead_response import LeadResponse
from shared.values.linkedin.symbols import LeadType
from shared.values.linkedin.urns import FormVersion
from tests.linkedin.documentation import LEAD_ID, form, lead, reviewed_form, text, without

CAMPAIGN = "urn:li:sponsoredCampaign:367378525"
CREATIVE = "urn:li:sponsoredCreative:121608865"


def test_every_field_of_the_lead() -> None:
    parsed = LeadResponse.model_validate({**lead(), "responseId": "abc=="})
    assert parsed.id == LEAD_ID
    assert parsed.lead_type is LeadType.SPONSORED
    assert parsed.form_version == FormVersion(form_id=3162, version=1)
    assert parsed.owner is not None
    assert parsed.owner.is_ad_account
    assert parsed.submitted_at == datetime(2023, 6, 7, 23, 59, 18, 881000, tzinfo=UTC)
    assert parsed.response_id == "abc=="
    assert parsed.test_lead is False
    assert parsed.submitter == "urn:li:person:MpGcnvaU_p"
    assert parsed.whole_form is None
    assert parsed.model_extra == {}
    assert LeadResponse.model_validate(parsed.to_json()) == parsed


@pytest.mark.parametrize(
    ("shown", "version"),
    [
        ({}, None),
        ({"id": 3162}, FormVersion(form_id=3162, version=None)),
        ({"id": 3162, "versionId": 2, "content": {}}, FormVersion(form_id=3162, version=2)),
    ],
)
def test_a_form_without_content_is_no_more_than_its_name(
    shown: dict[str, Any], version: FormVersion | None
) -> None:
    parsed = LeadResponse.model_validate(
        {"id": "1", "formResponse": {}, "form": shown},
    )
    assert parsed.whole_form is None
    assert parsed.form_version == version


def test_where_it_came_from() -> None:
    assert LeadResponse.model_validate(lead()).attribution == Attribution(
        owner="urn:li:sponsoredAccount:522529623",
        owner_name="Angela Test",
        campaign=CAMPAIGN,
        campaign_name="Brand awareness - May 3, 2022",
        campaign_type="SPONSORED_UPDATES",
        entity=CREATIVE,
        entity_kind="associatedCreative",
        entity_status="ACTIVE",
        post="urn:li:ugcPost:6927151919538794496",
    )


def test_a_test_lead_has_hardly_any_origin() -> None:
    bare = {"id": "1", "formResponse": {}, "testLead": True}
    parsed = LeadResponse.model_validate(bare)
    assert parsed.test_lead is True
    assert set(vars(parsed.attribution).values()) == {None}


@pytest.mark.parametrize(
    ("info", "name"),
    [
        ({"organizationInfo": {"name": "Contoso"}}, "Contoso"),
        ({"organizationInfo": {"name": text("Contoso")}}, "Contoso"),
        ({"organizationInfo": {"name": 5}}, None),
        ({"sponsoredAccountInfo": {}}, None),
        ({}, None),
    ],
)
def test_the_owners_name(info: dict[str, Any], name: str | None) -> None:
    parsed = LeadResponse.model_validate({**lead(), "ownerInfo": info})
    assert parsed.attribution.owner_name == name


def test_the_campaign_is_known_by_either_of_two_fields() -> None:
    for missing in ("leadMetadata", "leadMetadataInfo"):
        parsed = LeadResponse.model_validate(without(lead(), missing))
        assert parsed.attribution.campaign == CAMPAIGN


INDISPENSABLE = ("id", "formResponse")


@pytest.mark.parametrize("name", [name for name in lead() if name not in INDISPENSABLE])
def test_any_other_field_may_be_left_out(name: str) -> None:
    for sample in (without(lead(), name), {**lead(), name: None}):
        assert LeadResponse.model_validate(sample).id == LEAD_ID


@pytest.mark.parametrize("name", INDISPENSABLE)
def test_without_these_it_is_no_lead(name: str) -> None:
    with pytest.raises(ValidationError, match=name):
        LeadResponse.model_validate(without(lead(), name))


EMPTIED = (
    "ownerInfo",
    "leadMetadata",
    "leadMetadataInfo",
    "associatedEntity",
    "associatedEntityInfo",
)


@pytest.mark.parametrize("name", EMPTIED)
def test_an_empty_object_is_as_good_as_none(name: str) -> None:
    emptied = LeadResponse.model_validate({**lead(), name: {}})
    assert emptied.model_dump() == LeadResponse.model_validate(without(lead(), name)).model_dump()


@pytest.mark.parametrize("lead_type", LeadType)
def test_every_lead_type(lead_type: LeadType) -> None:
    parsed = LeadResponse.model_validate({**lead(), "leadType": lead_type.value.lower()})
    assert parsed.lead_type is lead_type


def test_an_unknown_lead_type_is_kept() -> None:
    assert LeadResponse.model_validate({**lead(), "leadType": "PODCAST"}).lead_type == "PODCAST"


@pytest.mark.parametrize(
    "name",
    ["versionedLeadGenFormUrn", "versionedForm", "versionedFormUrn", "leadGenForm", "form"],
)
def test_the_form_goes_by_five_names(name: str) -> None:
    sample = without(lead(), "versionedLeadGenFormUrn")
    sample[name] = "urn:li:versionedLeadGenForm:(urn:li:leadGenForm:3162, 2)"
    parsed = LeadResponse.model_validate(sample)
    assert parsed.form_version == FormVersion(form_id=3162, version=2)


def test_the_form_itself_may_come_with_the_lead() -> None:
    sample = {**without(lead(), "versionedLeadGenFormUrn"), "form": form()}
    parsed = LeadResponse.model_validate(sample)
    assert parsed.whole_form == LeadForm.model_validate(form())
    assert parsed.form_version == FormVersion(form_id=6755260984438374400, version=1)


def test_a_form_that_nobody_can_name_is_no_version() -> None:
    parsed = LeadResponse.model_validate(without(lead(), "versionedLeadGenFormUrn"))
    assert parsed.form_version is None


def respelled(sample: dict[str, Any]) -> dict[str, Any]:
    """The same lead in the spelling of the documentation's table."""
    changed = copy.deepcopy(sample)
    for answer in changed["formResponse"]["answers"]:
        answer["accepted"] = answer.pop("answerDetails")
    return changed


@pytest.mark.parametrize("spelling", [lambda sample: sample, respelled])
def test_answers_in_both_spellings(spelling: Any) -> None:
    response = LeadResponse.model_validate(spelling(lead())).form_response
    words, choice = response.answers
    assert words.question_id == "1"
    assert words.answer_details is not None
    assert words.answer_details.text_question_answer is not None
    assert words.answer_details.text_question_answer.answer == "Hello World-testing purpose"
    assert choice.question_id == "2"
    assert choice.answer_details is not None
    assert choice.answer_details.multiple_choice_answer is not None
    assert choice.answer_details.multiple_choice_answer.options == (1, 3)
    (consent,) = response.consent_responses
    assert (consent.consent_id, consent.accepted, consent.consent) == (4, True, None)


def test_a_consent_that_does_not_say_is_not_given() -> None:
    response = FormResponse.model_validate({"consentResponses": [{"consentId": 4}]})
    assert response.consent_responses[0].accepted is False


def answers(*given: dict[str, Any]) -> FormResponse:
    return FormResponse.model_validate({"answers": list(given)})


def chosen(*options: int) -> dict[str, Any]:
    return {"multipleChoiceAnswer": {"options": list(options)}}


FORM = LeadForm.model_validate(reviewed_form())


@pytest.mark.parametrize("question_id", [400339966, "400339966"])
def test_options_become_texts_by_question_id(question_id: Any) -> None:
    (joined,) = join_answers(
        answers({"questionId": question_id, "answerDetails": chosen(1, 0)}), FORM
    )
    assert joined.question == FORM.content.questions[1]
    assert joined.texts == ("No", "Yes")
    assert joined.unknown_options == ()
    assert not joined.unreadable


def test_an_option_that_the_form_no_longer_has() -> None:
    (joined,) = join_answers(
        answers({"questionId": 400339966, "answerDetails": chosen(0, 9)}), FORM
    )
    assert (joined.texts, joined.unknown_options) == (("Yes",), (9,))


@pytest.mark.parametrize("details", [chosen(), {"multipleChoiceAnswer": {}}])
def test_no_choice_at_all(details: dict[str, Any]) -> None:
    (joined,) = join_answers(answers({"questionId": 400339966, "answerDetails": details}), FORM)
    assert (joined.texts, joined.unknown_options, joined.unreadable) == ((), (), False)


def test_by_name_where_no_id_fits() -> None:
    details = {"textQuestionAnswer": {"answer": "Anna"}}
    given = answers({"questionId": 1, "name": "First name", "answerDetails": details})
    (joined,) = join_answers(given, FORM)
    assert joined.question == FORM.content.questions[0]
    assert joined.texts == ("Anna",)


def test_an_answer_without_question_is_kept() -> None:
    details = {"textQuestionAnswer": {"answer": "Anna"}}
    (joined,) = join_answers(answers({"questionId": 1, "answerDetails": details}), FORM)
    assert joined.question is None
    assert joined.texts == ("Anna",)


def test_an_answer_of_an_unknown_kind_is_kept() -> None:
    given = answers({"questionId": 400339966, "answerDetails": {"sliderAnswer": {"at": 5}}})
    (joined,) = join_answers(given, FORM)
    assert joined.unreadable
    assert joined.answer.to_json()["answerDetails"] == {"sliderAnswer": {"at": 5}}


def test_every_consent_of_the_form_and_those_that_it_does_not_have() -> None:
    sample = form()
    consents = sample["content"]["legalInfo"]["consents"]
    consents.append({"id": 2, "checkRequired": True, "consent": text("Terms"), "label": "terms"})
    consents.append({"id": 3, "checkRequired": True, "consent": text("Calls")})
    given = [{"consentId": 2, "accepted": True}, {"consentId": 9, "accepted": True}]
    response = FormResponse.model_validate({"consentResponses": given})
    joined = join_consents(response, LeadForm.model_validate(sample))
    assert [
        (one.consent and one.consent.id, one.response and one.response.consent_id, one.accepted)
        for one in joined
    ] == [(1, None, False), (2, 2, True), (3, None, False), (None, 9, True)]
    assert [one.required_but_missing for one in joined] == [False, False, True, False]
    assert joined[1].consent is not None
    assert joined[1].consent.label == "terms"
