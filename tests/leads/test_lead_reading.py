"""A lead as a registration: what is mapped, what is kept as evidence, what is refused and why."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest

from shared.values.consent_text import version_of
from shared.values.email_from import EmailFrom
from shared.values.form import Form, State
from shared.values.form_linkedin import LeadFormMapping, LinkedIn
from shared.values.lead_reading import LeadUnfit, Reading, read_lead
from shared.values.linkedin.symbols import LeadType, PredefinedField
from shared.values.registration import Registration
from tests.examples import NOON, sample_forms
from tests.leads.worlds import (
    CONSENT,
    EMAIL,
    FORM,
    LEAD,
    OWNER,
    SUBMITTED,
    TEXTS,
    as_linkedin_has_it,
    form_json,
    lead_json,
    question,
    texts_to,
)

FETCHED = NOON + timedelta(minutes=5)
ID = "00000000-0000-8000-8000-000000000001"


def read(
    lead: Mapping[str, Any] | None = None,
    lead_form: Mapping[str, Any] | None = None,
    forms: Mapping[str, Form] | None = None,
    email_from: EmailFrom = EmailFrom.EMAIL_THEN_WORK,
) -> Registration:
    found = as_linkedin_has_it(lead, lead_form)
    reading = Reading(
        registration_id=ID, email_from=email_from, api_version="202607", fetched_at=FETCHED
    )
    return read_lead(found.lead, found.form, forms or sample_forms(), reading)


def reasons(*given: Any, **named: Any) -> list[str]:
    """The codes of what stands in the way."""
    with pytest.raises(LeadUnfit) as unfit:
        read(*given, **named)
    assert EMAIL not in str(unfit.value)
    return [reason.partition(":")[0].partition(" at ")[0] for reason in unfit.value.reasons]


def answered(
    answers: Sequence[Mapping[str, Any]], consents: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    given = consents or [{"consentId": 1, "accepted": True}]
    return lead_json(formResponse={"answers": answers, "consentResponses": given})


def with_section(form: Form, **changes: Any) -> dict[str, Form]:
    """The form with one lead form, changed."""
    assert form.linked_in
    mapping = form.linked_in.forms[0].model_copy(update=changes)
    section = form.linked_in.model_copy(update={"forms": (mapping,)})
    return {form.id: form.model_copy(update={"linked_in": section})}


def whitepaper() -> dict[str, Form]:
    """The form with every kind of field, reached by a lead form with custom questions."""
    form = sample_forms()["whitepaper"]
    mapping = LeadFormMapping.model_validate(
        {
            "id": str(FORM),
            "fields": {
                "firstName": {"predefinedField": "FIRST_NAME"},
                "lastName": {"predefinedField": "LAST_NAME"},
                "companySize": {
                    "predefinedField": "COMPANY_SIZE",
                    "options": {"1-49 employees": "small"},
                },
                "interests": {"label": "interests", "options": {"Zustellung": "deliverability"}},
                "asset": {"label": "asset"},
            },
            "consents": {consent.id: 1 for consent in form.consents if consent.required},
        }
    )
    section = LinkedIn(forms=(mapping,))
    return {form.id: form.model_copy(update={"linked_in": section})}


def custom_form() -> dict[str, Any]:
    options = [
        {"id": 0, "label": "consent", "text": {"localized": {"en_US": "What people allow"}}},
        {"id": 1, "text": {"localized": {"en_US": "Zustellung"}}},
        {"id": 2, "text": {"localized": {"en_US": "Something else"}}},
    ]
    choice = {
        "questionId": 20,
        "name": "x",
        "label": "interests",
        "questionDetails": {"multipleChoiceQuestionDetails": {"options": options}},
    }
    asset = {"questionId": 21, "name": "y", "label": "asset", "questionDetails": {}}
    form = form_json()
    form["content"]["questions"] += [question(19, "COMPANY_SIZE"), choice, asset]
    return form


def chosen(*numbers: int, size: str = "1-49 employees") -> dict[str, Any]:
    texts = {19: size, 21: "consent"}
    answers = texts_to(TEXTS)
    answers += [
        {"questionId": n, "answerDetails": {"textQuestionAnswer": {"answer": text}}}
        for n, text in texts.items()
    ]
    multiple = {"multipleChoiceAnswer": {"options": list(numbers)}}
    return answered([*answers, {"questionId": 20, "answerDetails": multiple}])


def test_a_lead_becomes_a_registration_like_any_other() -> None:
    registration = read()
    assert registration.id == ID
    assert registration.form == "newsletter"
    assert registration.email == EMAIL
    assert registration.answers == {"email": EMAIL, "firstName": "Anna", "lastName": "Muster"}
    assert registration.locale == "en"
    assert registration.source.campaign == "autumn-en"
    assert registration.asked_at == FETCHED
    assert registration.asked_from is None
    assert registration.privacy_policy_url == "https://www.contoso.example/linkedin-privacy"


@pytest.mark.parametrize(
    "name", [name for name in lead_json(form=form_json()) if name not in ("id", "formResponse")]
)
def test_what_linkedin_may_leave_out_loses_no_lead(name: str) -> None:
    """The form in the version that was answered has to come along in one way or the other."""
    lead = lead_json(form=form_json())
    del lead[name]
    registration = read(lead)
    assert registration.email == EMAIL
    assert [consent.text for consent in registration.consents] == [CONSENT]


def test_the_consent_has_the_text_that_stood_at_linkedin() -> None:
    [consent] = read().consents
    assert consent.id == "newsletter"
    assert consent.text == CONSENT
    assert consent.version == version_of(CONSENT)
    assert consent.language == "en-US"


def test_purpose_and_topic_are_those_of_our_form() -> None:
    [consent] = read().consents
    ours = sample_forms()["newsletter"].consents[0]
    assert (consent.purpose_id, consent.topic_id) == (ours.purpose_id, ours.topic_id)


@pytest.mark.parametrize(
    ("shown", "version"),
    [
        ("https://www.contoso.example/linkedin-privacy", None),  # a notice that we know nothing of
        (sample_forms()["newsletter"].privacy_policy_url["en"], "2026-03"),
        (None, "2026-03"),
    ],
)
def test_the_notice_s_version_is_known_where_it_is_ours(
    shown: str | None, version: str | None
) -> None:
    forms = sample_forms()
    newsletter = forms["newsletter"].model_copy(update={"privacy_policy_version": "2026-03"})
    lead_form = form_json()
    lead_form["content"]["legalInfo"]["privacyPolicyUrl"] = shown
    if shown is None:
        del lead_form["content"]["legalInfo"]["privacyPolicyUrl"]
    registration = read(lead_form=lead_form, forms=forms | {"newsletter": newsletter})
    assert registration.privacy_policy_version == version
    assert registration.privacy_policy_url == (shown or newsletter.privacy_policy_url["en"])


def test_the_evidence_is_what_linkedin_said() -> None:
    lead = read().lead
    assert lead is not None
    assert lead.lead_id == LEAD
    assert lead.owner == OWNER
    assert lead.lead_type == LeadType.SPONSORED
    assert lead.form_id == str(FORM) == "7236142859205541889"
    assert lead.form_version == "1"
    assert lead.legal_info_id == "5604"
    [consent] = lead.consents
    assert consent.model_dump() == {
        "id": "1",
        "label": "newsletter",
        "text": CONSENT,
        "check_required": True,
        "accepted": True,
    }
    assert lead.legal_disclaimer == "We ask for your confirmation."
    assert lead.privacy_policy_url == "https://www.contoso.example/linkedin-privacy"
    assert lead.hidden_fields == {"utm_campaign": "autumn-en"}
    assert lead.campaign == "urn:li:sponsoredCampaign:367378525"
    assert lead.submitted_at == SUBMITTED
    assert lead.fetched_at == FETCHED
    assert lead.api_version == "202607"
    assert lead.test_lead is False


def test_where_it_came_from_is_kept() -> None:
    creative = {
        "id": "urn:li:sponsoredCreative:7",
        "intendedStatus": "ACTIVE",
        "content": {"reference": "urn:li:share:9"},
    }
    campaign = {"name": "Autumn", "type": "SPONSORED_UPDATES"}
    lead = read(
        lead_json(
            ownerInfo={"sponsoredAccountInfo": {"name": "Contoso"}},
            leadMetadataInfo={"sponsoredLeadMetadataInfo": {"campaign": campaign}},
            associatedEntity={"associatedCreative": "urn:li:sponsoredCreative:7"},
            associatedEntityInfo={"associatedCreative": creative},
        )
    ).lead
    assert lead is not None
    assert lead.owner_name == "Contoso"
    assert lead.campaign == "urn:li:sponsoredCampaign:367378525"
    assert (lead.campaign_name, lead.campaign_type) == ("Autumn", "SPONSORED_UPDATES")
    assert (lead.entity, lead.entity_kind) == ("urn:li:sponsoredCreative:7", "associatedCreative")
    assert (lead.entity_status, lead.post) == ("ACTIVE", "urn:li:share:9")


def test_the_language_is_the_lead_forms() -> None:
    german = form_json(creationLocale={"language": "de", "country": "AT"})
    assert read(lead_form=german).locale == "de"
    assert read(lead_form=form_json(creationLocale={"language": "sv"})).locale == "en"


@pytest.mark.parametrize(
    ("hidden", "changes", "campaign"),
    [
        ([{"name": "utm_campaign", "value": "a"}], {}, "a"),
        ([{"name": "campaign", "value": "b"}], {}, "b"),
        ([{"name": "other", "value": "c"}], {}, "urn:li:sponsoredCampaign:367378525"),
        ([], {"leadMetadata": {}}, "linkedin"),
        ([{"name": "campaign", "value": "x" * 200 + "\n"}], {}, "x" * 100),
    ],
)
def test_the_campaign(hidden: list[dict[str, str]], changes: dict[str, Any], campaign: str) -> None:
    assert read(lead_json(**changes), form_json(hiddenFields=hidden)).source.campaign == campaign


@pytest.mark.parametrize(
    ("email_from", "expected"),
    [
        (EmailFrom.EMAIL_THEN_WORK, "a@example.com"),
        (EmailFrom.WORK_THEN_EMAIL, "w@example.com"),
        (EmailFrom.EMAIL, "a@example.com"),
        (EmailFrom.WORK, "w@example.com"),
    ],
)
def test_which_address_is_mailed(email_from: EmailFrom, expected: str) -> None:
    both = form_json()
    both["content"]["questions"].append(question(30, "WORK_EMAIL"))
    work = {"questionId": 30, "answerDetails": {"textQuestionAnswer": {"answer": "w@example.com"}}}
    answers = [*texts_to({**TEXTS, "EMAIL": "a@example.com"}), work]
    assert read(answered(answers), both, email_from=email_from).email == expected


def test_the_other_address_where_one_is_blank() -> None:
    both = form_json()
    both["content"]["questions"].append(question(30, "WORK_EMAIL"))
    work = {"questionId": 30, "answerDetails": {"textQuestionAnswer": {"answer": "w@example.com"}}}
    answers = [*texts_to({**TEXTS, "EMAIL": "  "}), work]
    assert read(answered(answers), both).email == "w@example.com"


def test_the_other_address_where_there_is_but_one() -> None:
    form = form_json()
    form["content"]["questions"][2] = question(12, "WORK_EMAIL")
    assert read(lead_form=form).email == EMAIL
    assert read(email_from=EmailFrom.WORK_THEN_EMAIL).email == EMAIL
    assert reasons(email_from=EmailFrom.WORK) == ["required"]


def test_questions_are_found_by_field_and_label_never_by_name() -> None:
    form = form_json()
    for asked in form["content"]["questions"]:
        asked["name"] = "email"
    assert read(lead_form=form).answers["firstName"] == "Anna"


def test_options_by_mapping_by_our_value_and_by_text() -> None:
    registration = read(chosen(0, 1), custom_form(), whitepaper())
    assert registration.answers["interests"] == ["consent", "deliverability"]
    assert registration.answers["companySize"] == "small"
    assert registration.answers["asset"] == "consent"
    assert "interests" not in read(chosen(), custom_form(), whitepaper()).answers


def test_a_text_that_looks_like_linkedins_insides_is_a_text() -> None:
    leaked = "{localized={en_US=Mario, de_DE=Mario}}"
    lead = answered(texts_to({**TEXTS, "FIRST_NAME": leaked}))
    assert read(lead).answers["firstName"] == leaked


@pytest.mark.parametrize(
    ("lead", "why"),
    [
        (answered(texts_to({"FIRST_NAME": "Anna"})), "required"),
        (answered(texts_to({**TEXTS, "EMAIL": "no address"})), "invalid_email"),
        (answered(texts_to({**TEXTS, "FIRST_NAME": "see https://x.example"})), "url"),
        (answered(texts_to({**TEXTS, "FIRST_NAME": "x" * 51})), "too_long"),
        (lead_json(versionedLeadGenFormUrn="urn:li:leadGenForm:819"), "form_unknown"),
        (
            lead_json(
                versionedLeadGenFormUrn=f"urn:li:versionedLeadGenForm:(urn:li:leadGenForm:{FORM},2)"
            ),
            "form_version_not_sent",
        ),
    ],
)
def test_what_cannot_become_a_registration(lead: dict[str, Any], why: str) -> None:
    [reason] = reasons(lead)
    assert reason == why


@pytest.mark.parametrize(
    "consents",
    [
        [{"consentId": 1, "accepted": False}],
        [{"consentId": 1}],
        [{"consentId": 2, "accepted": True}],
        [{"consentId": 1, "accepted": True}, {"consentId": 1, "accepted": False}],
        [{"consentId": 1, "accepted": False}, {"consentId": 1, "accepted": True}],
    ],
)
def test_without_the_required_consent_nobody_is_mailed(consents: list[dict[str, Any]]) -> None:
    assert set(reasons(answered(texts_to(TEXTS), consents))) == {"consent_required"}


def test_a_consent_that_the_lead_form_does_not_ask_for() -> None:
    form = form_json()
    form["content"]["legalInfo"]["consents"] = []
    assert set(reasons(lead_form=form)) == {"consent_not_asked", "consent_required"}


def test_a_checkbox_without_text_proves_nothing() -> None:
    form = form_json()
    del form["content"]["legalInfo"]["consents"][0]["consent"]
    assert "consent_without_text" in reasons(lead_form=form)


def test_a_checkbox_of_linkedins_own_that_is_required_counts_as_well() -> None:
    form = form_json()
    form["content"]["legalInfo"]["consents"].append(
        {"id": 9, "checkRequired": True, "consent": {"localized": {"en_US": "Terms"}}}
    )
    assert reasons(lead_form=form) == ["consent_required"]


def test_options_that_nobody_knows() -> None:
    """One without our word for it, and one that the form no longer has."""
    assert reasons(chosen(2), custom_form(), whitepaper()) == ["option_unknown"]
    assert reasons(chosen(7), custom_form(), whitepaper()) == ["option_unknown"]
    assert reasons(chosen(0, size="a lot"), custom_form(), whitepaper()) == ["option_unknown"]


def test_an_answer_of_a_kind_that_nobody_knows() -> None:
    strange = {"questionId": 10, "answerDetails": {"voiceAnswer": {"url": "x"}}}
    lead = answered([strange, *texts_to({"LAST_NAME": "M", "EMAIL": EMAIL})])
    assert reasons(lead) == ["answer_unreadable"]


def test_an_answer_without_a_question() -> None:
    stray = {"questionId": 99, "answerDetails": {"textQuestionAnswer": {"answer": EMAIL}}}
    lead = answered([stray, *texts_to(TEXTS)])
    with pytest.raises(LeadUnfit) as unfit:
        read(lead)
    assert unfit.value.reasons == ("answer_unmapped: the lead form has no question 99",)


def test_a_required_question_that_the_lead_form_does_not_ask() -> None:
    form = custom_form()
    form["content"]["questions"] = [
        asked for asked in form["content"]["questions"] if asked.get("label") != "asset"
    ]
    assert "not_asked" in reasons(chosen(0), form, whitepaper())


def test_versions_that_the_mapping_was_checked_for() -> None:
    newsletter = sample_forms()["newsletter"]
    assert reasons(forms=with_section(newsletter, versions=(2, 3))) == ["form_version_unknown"]
    assert read(forms=with_section(newsletter, versions=(1,))).id == ID


@pytest.mark.parametrize("versions", [(), (1,), (1, 4)])
def test_a_lead_form_in_another_version_proves_nothing(versions: tuple[int, ...]) -> None:
    """Its consent texts may be others than the person saw, whatever the mapping says."""
    later = form_json(versionId=4)
    forms = with_section(sample_forms()["newsletter"], versions=versions)
    assert reasons(lead_form=later, forms=forms) == ["form_version_not_sent"]


def test_a_lead_whose_form_has_no_version_waits() -> None:
    bare = lead_json(versionedLeadGenFormUrn=f"urn:li:leadGenForm:{FORM}")
    without = form_json()
    del without["versionId"]
    assert reasons(bare, without) == ["form_version_unknown"]
    assert read(bare).id == ID  # the form says which it is
    assert read(lead_form=without).id == ID  # the lead does


@pytest.mark.parametrize("state", [State.DRAFT, State.ARCHIVED])
def test_a_form_of_ours_that_takes_no_registrations(state: State) -> None:
    form = sample_forms()["newsletter"].model_copy(update={"state": state})
    assert reasons(forms={"newsletter": form}) == ["form_not_published"]


def test_an_archived_lead_form_still_gives_its_leads() -> None:
    assert read(lead_form=form_json(state="ARCHIVED")).id == ID


def test_everything_that_is_wrong_is_told_at_once() -> None:
    lead = answered(texts_to({"FIRST_NAME": "x" * 51}), [{"consentId": 1, "accepted": False}])
    assert set(reasons(lead)) == {"consent_required", "too_long", "required"}


@pytest.mark.parametrize(
    "field", sorted(set(PredefinedField) - {PredefinedField.EMAIL, PredefinedField.WORK_EMAIL})
)
def test_whatever_linkedin_prefills_can_be_mapped(field: PredefinedField) -> None:
    """The addresses need no mapping."""
    newsletter = sample_forms()["newsletter"]
    assert newsletter.linked_in
    fields = newsletter.linked_in.forms[0].model_dump(by_alias=True)["fields"]
    mapping = {**fields, "lastName": {"predefinedField": field.value}}
    remapped = LeadFormMapping.model_validate(
        {**newsletter.linked_in.forms[0].model_dump(by_alias=True), "fields": mapping}
    )
    form = form_json()
    form["content"]["questions"] = [question(10, field.value), question(11, "EMAIL")]
    answers = [
        {"questionId": number, "answerDetails": {"textQuestionAnswer": {"answer": answer}}}
        for number, answer in ((10, "what they said"), (11, EMAIL))
    ]
    forms = {
        "newsletter": newsletter.model_copy(
            update={"linked_in": newsletter.linked_in.model_copy(update={"forms": (remapped,)})}
        )
    }
    registration = read(answered(answers), form, forms)
    assert registration.answers["lastName"] == "what they said"
