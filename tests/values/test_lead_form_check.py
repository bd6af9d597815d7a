"""A mapping beside the lead form as LinkedIn has it: what breaks it, and what one should know."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

import pytest

from shared.values.form import Form, State
from shared.values.form_linkedin import LeadFormMapping
from shared.values.lead_form_check import check_mapping
from shared.values.linkedin.lead_form import LeadForm
from shared.values.linkedin.symbols import PredefinedField
from tests.examples import sample_forms
from tests.leads.worlds import FORM, form_json, question

Change = Callable[[dict[str, Any]], object]
ADDRESSES = (PredefinedField.EMAIL, PredefinedField.WORK_EMAIL)
NEWSLETTER = sample_forms()["newsletter"]
WHITEPAPER = sample_forms()["whitepaper"]
TO_NEWSLETTER: Mapping[str, Any] = {
    "id": str(FORM),
    "fields": {
        "firstName": {"predefinedField": "FIRST_NAME"},
        "lastName": {"predefinedField": "LAST_NAME"},
    },
    "consents": {"newsletter": 1},
}
TO_WHITEPAPER: Mapping[str, Any] = {
    "id": str(FORM),
    "fields": {
        "firstName": {"predefinedField": "FIRST_NAME"},
        "lastName": {"predefinedField": "LAST_NAME"},
        "interests": {"label": "interests", "options": {"Zustellung": "deliverability"}},
    },
    "consents": {WHITEPAPER.consents[0].id: 1},
}


def codes(
    live: dict[str, Any], form: Form = NEWSLETTER, mapping: Mapping[str, Any] = TO_NEWSLETTER
) -> list[tuple[str, bool]]:
    found = check_mapping(
        form,
        LeadFormMapping.model_validate(mapping),
        LeadForm.model_validate(live),
        ADDRESSES,
    )
    return [(finding.code, finding.breaks) for finding in found]


def changed(change: Change) -> dict[str, Any]:
    live = deepcopy(form_json())
    change(live)
    return live


def choice(*options: Mapping[str, Any]) -> dict[str, Any]:
    """The lead form with a custom question of these options."""
    live = form_json()
    details = {"multipleChoiceQuestionDetails": {"options": list(options)}}
    live["content"]["questions"].append(
        {
            "questionId": 20,
            "name": "x",
            "label": "interests",
            "responseRequired": False,
            "questionDetails": details,
        }
    )
    return live


def option(number: int, text: str, **more: Any) -> dict[str, Any]:
    return {"id": number, "text": {"localized": {"en_US": text}}, **more}


def questions(live: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = live["content"]["questions"]
    return found


def box(live: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = live["content"]["legalInfo"]["consents"][0]
    return found


def test_a_form_that_fits_has_nothing_to_say() -> None:
    assert codes(form_json()) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda live: live.update(state="ARCHIVED"), "form_archived"),
        (lambda live: live.update(reviewInfo={"reviewStatus": "AUTO_REJECTED"}), "form_rejected"),
        (lambda live: questions(live).pop(0), "question_unknown"),
        (lambda live: questions(live).pop(2), "address_not_asked"),
        (lambda live: box(live).update(id=2), "checkbox_unknown"),
        (lambda live: box(live).pop("consent"), "checkbox_without_text"),
        (lambda live: box(live).update(consent={"localized": {}}), "checkbox_without_text"),
    ],
)
def test_what_breaks_a_mapping(change: Change, code: str) -> None:
    assert (code, True) in codes(changed(change))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda live: live.update(state="DRAFT"), "form_not_live"),
        (
            lambda live: live.update(creationLocale={"language": "it", "country": "IT"}),
            "language_unknown",
        ),
        (lambda live: questions(live)[2].update(responseRequired=False), "address_optional"),
        (lambda live: box(live).update(checkRequired=False), "checkbox_optional"),
        (lambda live: questions(live).append(question(30, "SENIORITY")), "question_not_mapped"),
        (
            lambda live: live["content"]["legalInfo"]["consents"].append(
                {"id": 9, "checkRequired": True, "consent": {"localized": {"en_US": "More"}}}
            ),
            "checkbox_not_mapped",
        ),
    ],
)
def test_what_one_should_know_breaks_nothing(change: Change, code: str) -> None:
    assert codes(changed(change)) == [(code, False)]


def test_an_optional_question_that_nobody_takes_is_no_matter() -> None:
    live = changed(
        lambda live: questions(live).append(question(30, "SENIORITY", responseRequired=False))
    )
    assert codes(live) == []


def test_a_work_address_will_do() -> None:
    live = changed(lambda live: questions(live)[2].update(predefinedField="WORK_EMAIL"))
    assert codes(live) == []


@pytest.mark.parametrize(("versions", "fits"), [((), True), ((1, 2), True), ((2,), False)])
def test_a_version_that_the_mapping_was_not_checked_for(
    versions: tuple[int, ...], *, fits: bool
) -> None:
    found = codes(form_json(), mapping={**TO_NEWSLETTER, "versions": list(versions)})
    assert found == ([] if fits else [("form_version_unknown", True)])


def test_our_own_form_has_to_be_published() -> None:
    draft = NEWSLETTER.model_copy(update={"state": State.DRAFT})
    assert codes(form_json(), draft) == [("form_not_published", True)]


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        ({**TO_NEWSLETTER, "consents": {}}, "consent_not_mapped"),
        ({**TO_NEWSLETTER, "consents": {"newsletter": 1, "other": 2}}, "consent_unknown"),
        (
            {**TO_NEWSLETTER, "fields": {"other": {"predefinedField": "EMAIL"}}},
            "field_unknown",
        ),
    ],
)
def test_what_our_own_form_does_not_have(mapping: Mapping[str, Any], code: str) -> None:
    assert (code, True) in codes(form_json(), mapping=mapping)


def test_an_optional_answer_for_a_required_field() -> None:
    live = changed(lambda live: questions(live)[0].update(responseRequired=False))
    fields = [
        field.model_copy(update={"required": True}) if field.id == "firstName" else field
        for field in NEWSLETTER.fields
    ]
    ours = NEWSLETTER.model_copy(update={"fields": tuple(fields)})
    assert codes(live, ours) == [("answer_optional", False)]
    no_mapping = {**TO_NEWSLETTER, "fields": {"lastName": {"predefinedField": "LAST_NAME"}}}
    assert ("field_not_mapped", True) in codes(live, ours, no_mapping)


def interests(live: dict[str, Any], options: Mapping[str, str] | None = None) -> list[str]:
    """Codes about field `interests` of the whitepaper, a choice of several."""
    mapping = deepcopy(dict(TO_WHITEPAPER))
    if options is not None:
        mapping["fields"]["interests"]["options"] = dict(options)
    about_options = {"option_unknown", "option_gone", "words_for_choice"}
    return [code for code, _ in codes(live, WHITEPAPER, mapping) if code in about_options]


def test_options_are_taken_by_mapping_label_or_our_own_words() -> None:
    ours = next(field for field in WHITEPAPER.fields if field.id == "interests")
    value = ours.model_dump()["options"][0]["value"]
    assert interests(choice(option(0, "Zustellung"), option(1, "x", label=value))) == []


def test_an_option_that_nothing_is_mapped_to_parks_its_leads() -> None:
    live = choice(option(0, "Zustellung"), option(1, "Something else"))
    assert interests(live) == ["option_unknown"]
    assert interests(live, {"Zustellung": "deliverability", "Something else": "nonsense"}) == [
        "option_unknown"
    ]


def test_an_option_that_linkedin_no_longer_has() -> None:
    mapped = {"Zustellung": "deliverability", "Gone": "deliverability"}
    assert interests(choice(option(0, "Zustellung")), mapped) == ["option_gone"]


def test_words_where_a_choice_is_expected() -> None:
    live = form_json()
    live["content"]["questions"].append(
        {
            "questionId": 20,
            "name": "x",
            "label": "interests",
            "questionDetails": {"textQuestionDetails": {}},
        }
    )
    assert interests(live) == ["words_for_choice"]
