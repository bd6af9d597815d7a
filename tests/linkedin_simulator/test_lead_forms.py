"""Lead forms: find, get, batch get, create."""

from copy import deepcopy
from typing import Any

import pytest

from tests.linkedin_simulator.client import ACCOUNT_URN, ENGLISH, GERMAN, OWNER, Api, refusal

FORMS = f"leadForms?q=owner&owner={OWNER}"
# The documentation's sample of a creation, for our account.
SAMPLE: dict[str, Any] = {
    "owner": {"sponsoredAccount": ACCOUNT_URN},
    "hiddenFields": [{"name": "Entity name", "value": "Nimbus 2000"}],
    "creationLocale": {"country": "US", "language": "en"},
    "name": "LeadGen Form Creation Testing",
    "state": "DRAFT",
    "content": {
        "questions": [
            {
                "question": {"localized": {"en_US": "First Name"}},
                "name": "firstName",
                "questionDetails": {"textQuestionDetails": {}},
                "predefinedField": "FIRST_NAME",
            },
            {
                "question": {"localized": {"en_US": "Are you interested"}},
                "name": "Custom question 0",
                "questionDetails": {
                    "multipleChoiceQuestionDetails": {
                        "options": [
                            {"text": {"localized": {"en_US": "Yes"}}},
                            {"text": {"localized": {"en_US": "No"}}},
                        ]
                    }
                },
            },
        ],
        "description": {"localized": {"en_US": "Share your information below"}},
        "headline": {"localized": {"en_US": "Contact us about Nimbus 2000"}},
        "postSubmissionInfo": {
            "message": {"localized": {"en_US": "This is a test"}},
            "callToAction": {
                "callToActionTarget": {"landingPageUrl": "http://www.example.com"},
                "callToActionLabel": "VISIT_COMPANY_WEBSITE",
            },
        },
        "legalInfo": {
            "consents": [
                {
                    "checkRequired": False,
                    "id": 1,
                    "consent": {"localized": {"en_US": "may contact me via email"}},
                }
            ],
            "privacyPolicyUrl": "http://cadfad.com/abc",
            "legalDisclaimer": {"localized": {"en_US": "See our Privacy Policy."}},
        },
    },
}


def changed(place: str, value: Any) -> dict[str, Any]:
    """The sample with one value replaced; `content.questions.0.name` names its place."""
    body = deepcopy(SAMPLE)
    *way, last = place.split(".")
    target: Any = body
    for step in way:
        target = target[int(step)] if step.isdigit() else target[step]
    target[int(last) if last.isdigit() else last] = value
    return body


def create(api: Api, body: Any = SAMPLE) -> int:
    answer = api.call("POST", "leadForms", body)
    assert answer.status_code == 201, answer.text
    return int(answer.headers["x-linkedin-id"])


def test_finding_pages_without_total_or_links_as_documented(api: Api) -> None:
    answer = api.call("GET", f"{FORMS}&count=1&start=1").json()
    assert [form["id"] for form in answer["elements"]] == [GERMAN]
    assert answer["paging"] == {"start": 1, "count": 1, "links": []}
    assert api.elements(f"{FORMS}&start=2") == []


def test_finding_with_total_and_links_on_request(api: Api) -> None:
    api.settings(pagingTotal="always", pagingLinks=True)
    paging = api.call("GET", f"{FORMS}&count=1").json()["paging"]
    (link,) = paging["links"]
    assert (paging["total"], link["rel"]) == (2, "next")
    following = api.elements(link["href"].removeprefix("/rest/"))
    assert [form["id"] for form in following] == [GERMAN]
    assert api.call("GET", f"{FORMS}&count=1&start=1").json()["paging"]["links"] == []


def test_a_form_has_everything_but_its_version_tag(api: Api) -> None:
    form = api.call("GET", f"leadForms/{ENGLISH}").json()
    assert form["id"] == 7236142859205541889  # beyond what a float can hold
    assert set(form) == {
        *("id", "created", "lastModified", "creationLocale", "owner", "name", "content"),
        *("hiddenFields", "state", "reviewInfo", "versionId"),
    }
    question = form["content"]["questions"][0]
    assert question["responseEditable"] is question["responseRequired"] is True
    assert question["questionDetails"]["textQuestionDetails"] == {"maxResponseLength": 300}
    asked = api.call("GET", f"leadForms/{ENGLISH}?fields=versionTag,content:(headline)").json()
    assert asked == {"versionTag": "1", "content": {"headline": form["content"]["headline"]}}


def test_batch_get_tells_of_each(api: Api) -> None:
    answer = api.call("GET", f"leadForms?ids=List({GERMAN},999)").json()
    assert answer["results"][str(GERMAN)]["id"] == GERMAN
    assert answer["statuses"] == {str(GERMAN): 200, "999": 404}
    assert answer["errors"]["999"]["status"] == 404
    assert api.call("GET", "leadForms?ids=List()").json()["results"] == {}


def test_the_documented_creation_makes_a_draft(api: Api) -> None:
    answer = api.call("POST", "leadForms", SAMPLE)
    form_id = int(answer.headers["x-linkedin-id"])
    assert answer.headers["Location"] == f"/leadForms/{form_id}"
    form = api.call("GET", f"leadForms/{form_id}").json()
    assert (form["state"], form["versionId"]) == ("DRAFT", 1)
    assert "reviewInfo" not in form
    first, second = form["content"]["questions"]
    assert first["questionId"] != second["questionId"]
    options = second["questionDetails"]["multipleChoiceQuestionDetails"]["options"]
    assert [option["id"] for option in options] == [0, 1]
    assert form["content"]["legalInfo"]["legalInfoId"]
    assert form_id in [each["id"] for each in api.elements(FORMS)]


@pytest.mark.parametrize(
    ("chosen", "headers"),
    [
        ("x-restli-id", {"x-restli-id"}),
        ("location", {"Location"}),
        ("none", set()),
    ],
)
def test_where_the_new_id_stands_can_be_chosen(api: Api, chosen: str, headers: set[str]) -> None:
    api.settings(newIdHeader=chosen)
    answer = api.call("POST", "leadForms", SAMPLE)
    assert {"x-linkedin-id", "x-restli-id", "Location"} & set(answer.headers) == headers


QUESTION = SAMPLE["content"]["questions"][0]
YES = {"text": {"localized": {"en_US": "Yes"}}}
TEXT = "content.questions.0.questionDetails.textQuestionDetails"
OPTIONS = "content.questions.1.questionDetails.multipleChoiceQuestionDetails.options"
CALL_TO_ACTION = "content.postSubmissionInfo.callToAction"


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("name", ""),
        ("names", "x"),
        ("id", 5),
        ("state", "PUBLISHED"),
        ("creationLocale", {"language": "US", "country": "en"}),
        ("creationLocale", {"language": "de", "country": "DE"}),  # without a text in it
        ("owner", {}),
        ("owner", {"sponsoredAccount": "522529623"}),
        ("owner", {"sponsoredAccount": ACCOUNT_URN, "organization": "urn:li:organization:1"}),
        ("content.questions", []),
        ("content.questions.0.predefinedField", "MAIL"),
        ("content.questions.0.questionId", 7),
        ("content.questions.0.question", "First name"),
        ("content.questions.0.question", {"localized": {}}),
        ("content.questions.0.questionDetails", {}),
        ("content.questions.0.typeSpecificQuestionDetails", {}),
        (
            "content.questions.0.questionSubmissionCriteria",
            {"workEmailSubmissionCriteria": {"freemiumEmailAllowed": True}},
        ),
        (TEXT, {"maxResponseLength": 0}),
        (TEXT, {"maxResponseLength": 301}),
        (OPTIONS, [YES]),
        (OPTIONS, [YES] * 16),
        ("content.legalInfo.consents", None),
        ("content.legalInfo.legalInfoId", 5),
        ("content.legalInfo.privacyPolicyUrl", "cadfad.com"),
        (f"{CALL_TO_ACTION}.callToActionLabel", "DOWNLOAD_NoW"),
        (f"{CALL_TO_ACTION}.callToActionTarget.landingPageUrl", "javascript:alert(1)"),
        ("hiddenFields", [{"name": str(number), "value": ""} for number in range(21)]),
    ],
)
def test_what_is_not_in_the_schema_is_refused(api: Api, place: str, value: Any) -> None:
    answer = api.call("POST", "leadForms", changed(place, value))
    assert refusal(answer) == (400, "BAD_REQUEST", "Failed to generate Lead Form identifier.")
    assert len(api.elements(FORMS)) == 2


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (TEXT, {"maxResponseLength": 1}),
        (OPTIONS, [YES] * 15),
        (f"{CALL_TO_ACTION}.callToActionLabel", "DOWNLOAD_NOW"),
        ("hiddenFields", [{"name": str(number), "value": ""} for number in range(20)]),
        ("hiddenFields", []),
        ("content.legalInfo.consents", []),
        ("content.headline", {"localized": {"en_US": "Hi", "de__POSIX": "Hallo", "fr": "Salut"}}),
    ],
)
def test_the_outermost_allowed_values_are_taken(api: Api, place: str, value: Any) -> None:
    create(api, changed(place, value))


def test_forms_of_pages_cannot_be_created(api: Api) -> None:
    body = changed("owner", {"organization": "urn:li:organization:5509810"})
    assert "non sponsored" in refusal(api.call("POST", "leadForms", body))[2]


def test_duplicate_labels_are_a_conflict(api: Api) -> None:
    twice = [{**QUESTION, "label": "a"}, {**QUESTION, "label": "a"}]
    answer = api.call("POST", "leadForms", changed("content.questions", twice))
    expected = (409, "CONFLICT", "The Lead Form has duplicate question label.")
    assert refusal(answer) == expected
    same = [{**YES, "label": "yes"}, {**YES, "label": "yes"}]
    assert api.call("POST", "leadForms", changed(OPTIONS, same)).status_code == 409
    consent = SAMPLE["content"]["legalInfo"]["consents"][0]
    both = changed("content.legalInfo.consents", [consent, consent])
    assert api.call("POST", "leadForms", both).status_code == 409


def test_somebody_elses_account_cannot_be_written(api: Api) -> None:
    body = changed("owner", {"sponsoredAccount": "urn:li:sponsoredAccount:1"})
    answer = api.call("POST", "leadForms", body)
    assert answer.status_code == 401
    assert answer.json()["message"] == "Member is not authorized to create LeadGenForm"


def test_bodies_are_json(api: Api) -> None:
    url, headers = f"{api.url}/rest/leadForms", api.headers
    plain = api.session.post(url, data="{}", headers=headers, timeout=20)
    assert plain.status_code == 415
    headers = {**headers, "Content-Type": "application/json"}
    for body in ("{", "[]", '{"a": NaN}', "“"):
        answer = api.session.post(url, data=body.encode(), headers=headers, timeout=20)
        assert refusal(answer)[0] == 400
