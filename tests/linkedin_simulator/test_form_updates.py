"""PARTIAL_UPDATE of lead forms: what may be edited when, and when a new version begins."""

from copy import deepcopy
from typing import Any

import pytest
import requests

from tests.linkedin_simulator.client import EVENT, GERMAN, GERMAN_ANSWERS, Api, refusal
from tests.linkedin_simulator.test_lead_forms import create


def update(api: Api, form_id: int, patch: Any) -> requests.Response:
    path = f"leadForms/{form_id}"
    return api.call("POST", path, {"patch": patch}, X_RestLi_Method="PARTIAL_UPDATE")


def form_of(api: Api, form_id: int) -> dict[str, Any]:
    found: dict[str, Any] = api.call("GET", f"leadForms/{form_id}").json()
    return found


def test_archiving_as_documented(api: Api) -> None:
    answer = update(api, GERMAN, {"$set": {"state": "ARCHIVED"}})
    assert (answer.status_code, answer.content) == (204, b"")
    form = form_of(api, GERMAN)
    assert (form["state"], form["versionId"]) == ("ARCHIVED", 1)
    assert refusal(update(api, GERMAN, {"$set": {"name": "x"}}))[0] == 400
    assert refusal(update(api, GERMAN, {"$set": {"state": "PUBLISHED"}}))[0] == 400


def test_the_method_header_is_required(api: Api) -> None:
    body = {"patch": {"$set": {"state": "ARCHIVED"}}}
    answer = api.call("POST", f"leadForms/{GERMAN}", body)
    assert refusal(answer)[:2] == (400, "ILLEGAL_ARGUMENT")
    assert form_of(api, GERMAN)["state"] == "PUBLISHED"


def test_a_draft_takes_everything_and_stays_version_1(api: Api) -> None:
    form_id = create(api)
    content = form_of(api, form_id)["content"]
    content["headline"] = {"localized": {"de_DE": "Hallo", "en_US": "Hello"}}
    german = {"language": "de", "country": "DE"}
    patch = {"$set": {"name": "Neu", "creationLocale": german, "content": content}}
    assert update(api, form_id, patch).status_code == 204
    form = form_of(api, form_id)
    assert (form["name"], form["creationLocale"], form["versionId"]) == ("Neu", german, 1)
    assert form["content"]["questions"] == content["questions"]
    assert refusal(update(api, form_id, {"$set": {"state": "ARCHIVED"}}))[0] == 400


def test_editing_a_published_form_makes_version_2(api: Api) -> None:
    before = form_of(api, GERMAN)
    content = deepcopy(before["content"])
    del content["questions"][3]
    content["questions"].append({**content["questions"][0], "name": "Stadt"})
    del content["questions"][3]["questionId"]
    lead = api.lead()
    assert update(api, GERMAN, {"$set": {"content": content}}).status_code == 204
    after = form_of(api, GERMAN)
    assert after["versionId"] == 2
    ids = [question["questionId"] for question in after["content"]["questions"]]
    assert ids[:3] == [1, 2, 3]
    assert ids[3] not in (1, 2, 3, 4)
    content["questions"][3]["name"] = "Land"
    update(api, GERMAN, {"$set": {"content": content}})
    assert form_of(api, GERMAN)["content"]["questions"][3]["questionId"] not in ids  # never again
    api.lead(answers={**GERMAN_ANSWERS, str(ids[3]): "Berlin"}, version=2)
    fields = "?fields=versionedLeadGenFormUrn,form:(versionId,content:(questions:(name)))"
    old = api.call("GET", f"leadFormResponses/{lead}{fields}").json()
    assert old["form"]["versionId"] == 1
    names = [question["name"] for question in old["form"]["content"]["questions"]]
    assert names == ["Vorname", "Nachname", "E-Mail", "Unternehmen"]
    assert old["versionedLeadGenFormUrn"].endswith("(urn:li:leadGenForm:3162,1)")


def test_the_name_alone_counts_as_a_change_only(api: Api) -> None:
    update(api, GERMAN, {"$set": {"name": "Neu"}})
    asked = api.call("GET", f"leadForms/{GERMAN}?fields=name,versionId,versionTag").json()
    assert asked == {"name": "Neu", "versionId": 1, "versionTag": "2"}


def test_a_patch_reaches_inside(api: Api) -> None:
    headline = {"localized": {"de_DE": "Neu"}}
    assert update(api, GERMAN, {"content": {"$set": {"headline": headline}}}).status_code == 204
    assert update(api, GERMAN, {"content": {"$delete": ["description"]}}).status_code == 204
    content = form_of(api, GERMAN)["content"]
    assert content["headline"] == headline
    assert "description" not in content


@pytest.mark.parametrize(
    "patch",
    [
        {},
        {"$set": []},
        {"$delete": {}},
        {"$push": {"name": "x"}},
        {"name": "x"},
        {"nothing": {"$set": {}}},
        {"$set": {"nothing": 1}},
        {"$set": {"name": ""}},
        {"$set": {"id": 5}},
        {"$set": {"versionId": 5}},
        {"$set": {"lastModified": 5}},
        {"$set": {"reviewInfo": {"reviewStatus": "APPROVED"}}},
        {"$set": {"owner": {"sponsoredAccount": "urn:li:sponsoredAccount:1"}}},
        {"$set": {"creationLocale": {"language": "de", "country": "AT"}}},
        {"$set": {"state": "DRAFT"}},
        {"$delete": ["state"]},
        {"$delete": ["content"]},
        {"content": {"$set": {"questions": []}}},
    ],
)
def test_other_patches_are_refused(api: Api, patch: Any) -> None:
    before = form_of(api, GERMAN)
    assert refusal(update(api, GERMAN, patch))[0] == 400
    assert form_of(api, GERMAN) == before


def test_unknown_question_ids_are_refused(api: Api) -> None:
    content = form_of(api, GERMAN)["content"]
    content["questions"][0]["questionId"] = 77
    assert refusal(update(api, GERMAN, {"$set": {"content": content}}))[0] == 400


def test_forms_of_pages_are_not_edited(api: Api) -> None:
    message = refusal(update(api, EVENT, {"$set": {"name": "x"}}))[2]
    assert message == "Non sponsored forms don't support edits"


def test_a_draft_gets_leads_when_it_was_published(api: Api) -> None:
    form_id = create(api)
    lead = {"form": form_id, "unchecked": True}
    assert api.control("POST", "leads", lead).status_code == 400
    assert api.control("POST", f"forms/{form_id}/publish").json()["state"] == "PUBLISHED"
    assert form_of(api, form_id)["reviewInfo"]["reviewStatus"] == "APPROVED"
    assert api.control("POST", "leads", lead).status_code == 201
    assert api.control("POST", f"forms/{form_id}/publish").status_code == 400


def test_an_archived_form_may_still_be_open_somewhere(api: Api) -> None:
    update(api, GERMAN, {"$set": {"state": "ARCHIVED"}})
    lead = api.lead()
    assert api.call("GET", f"leadFormResponses/{lead}").status_code == 200
