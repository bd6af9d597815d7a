"""Leads: what a submission becomes, finder with every filter, get, batch get, both shapes."""

from datetime import timedelta
from typing import Any

import pytest

from tests.linkedin_simulator.client import (
    ENGLISH,
    EVENT,
    GERMAN,
    GERMAN_ANSWERS,
    OWNER,
    PAGE,
    SPONSORED,
    Api,
    refusal,
)
from tests.linkedin_simulator.conftest import START, SteppedClock

FIND = f"leadFormResponses?q=owner&owner={OWNER}&leadType={SPONSORED}"
ENGLISH_ANSWERS: dict[str, Any] = {
    "10548": "Ann",
    "10540": "Other",
    "9244": "ann@example.com",
    "100339966": [0, 2],
}
INFOS = {"ownerInfo", "leadMetadataInfo", "associatedEntityInfo"}


def english(api: Api, **given: Any) -> str:
    return api.lead(**{"form": ENGLISH, "answers": ENGLISH_ANSWERS, "consents": [1], **given})


def found(api: Api, query: str = "") -> list[str]:
    return [lead["id"] for lead in api.elements(f"{FIND}{query}")]


def test_a_lead_has_the_shape_of_the_samples(api: Api) -> None:
    lead = api.call("GET", f"leadFormResponses/{english(api)}").json()
    assert set(lead) == INFOS | {
        *("id", "owner", "submitter", "versionedLeadGenFormUrn", "leadMetadata", "testLead"),
        *("associatedEntity", "leadType", "submittedAt", "formResponse"),
    }
    assert lead["submittedAt"] == int(START.timestamp() * 1000)
    assert lead["associatedEntity"] == {"associatedCreative": "urn:li:sponsoredCreative:121608865"}
    assert lead["leadMetadataInfo"]["sponsoredLeadMetadataInfo"]["campaign"] == {
        "name": "Newsletter - autumn",
        "type": "SPONSORED_UPDATES",
        "id": "urn:li:sponsoredCampaign:367378525",
    }
    answers = lead["formResponse"]["answers"]
    expected = {"answerDetails": {"textQuestionAnswer": {"answer": "Ann"}}, "questionId": 10548}
    assert answers[0] == expected
    options = {"multipleChoiceAnswer": {"options": [0, 2]}}
    assert answers[-1] == {"answerDetails": options, "questionId": 100339966}
    assert lead["formResponse"]["consentResponses"] == [{"accepted": True, "consentId": 1}]


def test_a_lead_has_the_shape_of_the_tables_on_request(api: Api) -> None:
    api.settings(leadShape="table")
    lead = api.call("GET", f"leadFormResponses/{english(api)}").json()
    assert set(lead) == {
        *("id", "leadType", "owner", "leadMetadata", "associatedEntity", "submittedAt"),
        *("responseId", "formResponse", "testLead"),
    }
    answer = lead["formResponse"]["answers"][0]
    expected = {"questionId": 10548, "name": "firstName"}
    assert answer == {**expected, "accepted": {"textQuestionAnswer": {"answer": "Ann"}}}
    (consent,) = lead["formResponse"]["consentResponses"]
    assert consent["consent"].startswith("I want to receive the Contoso newsletter")
    assert (consent["consentId"], consent["accepted"]) == (1, True)


@pytest.mark.parametrize("shape", ["examples", "table"])
def test_lead_and_form_come_in_one_request(api: Api, shape: str) -> None:
    api.settings(leadShape=shape)
    fields = (
        "ownerInfo,associatedEntityInfo,leadMetadataInfo,owner,leadType,versionedLeadGenFormUrn,id,"
        "submittedAt,testLead,formResponse,form:(hiddenFields,creationLocale,name,id,content)"
    )
    lead = api.call("GET", f"leadFormResponses/{english(api)}?fields={fields}").json()
    assert lead["form"]["id"] == ENGLISH
    assert lead["form"]["hiddenFields"] == [{"name": "utm_campaign", "value": "autumn-en"}]
    assert set(lead["form"]) == {"hiddenFields", "creationLocale", "name", "id", "content"}
    assert set(lead) == {"form", *fields.partition(",form:")[0].split(",")}
    plain = api.call("GET", f"leadFormResponses/{lead['id']}?fields=form").json()
    assert plain == {"form": f"urn:li:versionedLeadGenForm:(urn:li:leadGenForm:{ENGLISH},1)"}


def test_a_choice_without_an_option_is_an_empty_list(api: Api) -> None:
    answers = {name: value for name, value in ENGLISH_ANSWERS.items() if name != "100339966"}
    lead = api.call("GET", f"leadFormResponses/{english(api, answers=answers)}").json()
    details = lead["formResponse"]["answers"][-1]["answerDetails"]
    assert details == {"multipleChoiceAnswer": {"options": []}}


def test_test_leads_have_no_campaign(api: Api) -> None:
    lead = api.call("GET", f"leadFormResponses/{english(api, testLead=True)}").json()
    assert lead["testLead"] is True
    assert {"leadMetadata", "associatedEntity"} & set(lead) == set()
    assert lead["leadMetadataInfo"] == lead["associatedEntityInfo"] == {}


def test_every_filter_alone(api: Api, clock: SteppedClock) -> None:
    first = english(api)
    clock.moment += timedelta(seconds=10)
    second = api.lead()
    clock.moment += timedelta(seconds=10)
    third = api.lead(testLead=True)
    start = int(START.timestamp() * 1000)
    assert found(api) == [third, second, first]
    urn = "urn%3Ali%3AversionedLeadGenForm%3A%28urn%3Ali%3AleadGenForm%3A"
    assert found(api, f"&versionedLeadGenFormUrn={urn}{GERMAN}%2C1%29") == [third, second]
    assert found(api, f"&versionedLeadGenFormUrn={urn}{GERMAN}%2C%201%29") == [third, second]
    assert found(api, f"&versionedLeadGenFormUrn={urn}{GERMAN}%2C2%29") == []
    creative = "urn%3Ali%3AsponsoredCreative%3A121608865"
    assert found(api, f"&associatedEntity={creative}") == [second, first]
    assert found(api, f"&associatedEntity=(associatedCreative:{creative})") == [second, first]
    assert found(api, "&limitedToTestLeads=true") == [third]
    assert found(api, "&limitedToTestLeads=false") == [third, second, first]
    assert found(api, f"&submittedAtTimeRange=(start:{start + 1})") == [third, second]
    until = f"&submittedAtTimeRange=(start:{start},end:{start + 10_000})"
    assert found(api, until) == [first]  # the end is not in it
    assert found(api, f"{until}&limitedToTestLeads=true") == []


def test_leads_are_counted_as_documented(api: Api) -> None:
    for _ in range(12):
        api.lead()
    answer = api.call("GET", FIND).json()
    assert len(answer["elements"]) == 10
    assert answer["paging"] == {"start": 0, "count": 10, "links": [], "total": 12}
    assert len(found(api, "&start=10")) == 2
    api.settings(pagingTotal="never")
    assert "total" not in api.call("GET", FIND).json()["paging"]


def test_owner_and_lead_type_are_required(api: Api) -> None:
    for query in (f"owner={OWNER}", f"leadType={SPONSORED}"):
        assert refusal(api.call("GET", f"leadFormResponses?q=owner&{query}"))[0] == 400


@pytest.mark.parametrize(
    ("lead_type", "entity"),
    [
        ("EVENT", {"event": "urn:li:event:7120000000000000123"}),
        ("COMPANY", {"organization": "urn:li:organization:5509810"}),
        ("ORGANIZATION_PRODUCT", {"product": "urn:li:standardizedProduct:450123"}),
    ],
)
def test_leads_of_a_page(api: Api, lead_type: str, entity: dict[str, str]) -> None:
    answers = {"21": "Ann", "22": "ann@example.com"}
    lead = api.lead(EVENT, answers=answers, leadType=lead_type)
    path = f"leadFormResponses?q=owner&owner={PAGE}&leadType=(leadType:{lead_type})"
    (only,) = api.elements(path)
    assert (only["id"], only["associatedEntity"]) == (lead, entity)
    assert only["ownerInfo"] == {"organizationInfo": {"name": "Contoso"}}
    assert "leadMetadata" not in only
    assert found(api) == []


@pytest.mark.parametrize("nesting", ["results", "top"])
def test_batch_get_has_either_nesting(api: Api, nesting: str) -> None:
    api.settings(batchNesting=nesting)
    lead = api.lead()
    query = f"owner={OWNER}&leadType={SPONSORED}"
    body = api.call("GET", f"leadFormResponses?ids=List({lead},gone-1)&{query}").json()
    place = body["results"] if nesting == "results" else body
    assert body["results"][lead]["id"] == lead
    assert place["errors"]["gone-1"]["status"] == 404
    assert place["statuses"]["gone-1"] == 404
    assert set(body) == ({"results"} if nesting == "results" else {"results", "statuses", "errors"})


def test_batch_get_needs_owner_and_lead_type(api: Api) -> None:
    for query in ("", f"&owner={OWNER}", f"&leadType={SPONSORED}"):
        message = refusal(api.call("GET", f"leadFormResponses?ids=List(a-1){query}"))[2]
        assert message == "Please specify a concrete LeadType and Owner for your request."


def test_batch_get_takes_a_thousand(api: Api) -> None:
    lead = api.lead()
    headers = {
        **api.headers,
        "X-HTTP-Method-Override": "GET",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    for count, status in ((1000, 200), (1001, 400)):
        ids = ",".join([lead, *(f"x-{number}" for number in range(count - 1))])
        answer = api.session.post(
            f"{api.url}/rest/leadFormResponses",
            data=f"ids=List({ids})&owner={OWNER}&leadType={SPONSORED}",
            headers=headers,
            timeout=20,
        )
        assert answer.status_code == status


def test_leads_are_kept_for_90_days(api: Api, clock: SteppedClock) -> None:
    lead = api.lead()
    clock.moment += timedelta(days=90)
    api.headers["Authorization"] = f"Bearer {api.token()['access_token']}"
    api.headers["LinkedIn-Version"] = "202609"
    assert found(api) == [lead]
    clock.moment += timedelta(milliseconds=1)
    assert found(api) == []
    assert api.call("GET", f"leadFormResponses/{lead}").status_code == 404
    api.settings(retentionDays=365)
    assert found(api) == [lead]


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"answers": {**GERMAN_ANSWERS, "3": "no address"}}, "3: is no e-mail address"),
        ({"answers": {"3": "a@example.com", "2": "B"}}, "1: is required"),
        ({"answers": {**GERMAN_ANSWERS, "1": "x" * 301}}, "1: at most 300"),
        ({"answers": {**GERMAN_ANSWERS, "1": [1]}}, "1: a text"),
        ({"answers": {**GERMAN_ANSWERS, "99": "x"}}, "99: the form has no such question"),
        ({"consents": [9]}, "consent-9"),
        ({"leadType": "EVENT"}, "EVENT"),
        ({"form": 1}, "no such form"),
        ({"version": 2}, "nobody can see"),
        ({"nothing": 1}, "nothing"),
    ],
)
def test_linkedin_checks_what_people_enter(api: Api, changes: dict[str, Any], named: str) -> None:
    lead = {"form": GERMAN, "answers": GERMAN_ANSWERS, **changes}
    answer = api.control("POST", "leads", lead)
    assert answer.status_code == 400
    assert named in answer.json()["error"]
    assert found(api) == []


def test_required_consents_and_known_options(api: Api) -> None:
    for changes, named in (
        ({"consents": []}, "consent-1: has to be ticked"),
        ({"answers": {**ENGLISH_ANSWERS, "100339966": [7]}}, "no such option"),
    ):
        body = {"form": ENGLISH, "answers": ENGLISH_ANSWERS, "consents": [1], **changes}
        answer = api.control("POST", "leads", body)
        assert (answer.status_code, named in answer.json()["error"]) == (400, True)
    assert api.lead(consents=[])  # the German form does not require its consent


def test_leads_that_should_not_exist_can_be_made(api: Api) -> None:
    lead = api.lead(
        answers={"77": "x", "78": [9]},
        unchecked=True,
        submittedAt=123456789,
        override={"leadType": "ORGANIC", "extra": 1, "versionedLeadGenFormUrn": None},
    )
    api.settings(retentionDays=30_000)
    shown = api.call("GET", f"leadFormResponses/{lead}").json()
    assert (shown["leadType"], shown["extra"]) == ("ORGANIC", 1)
    assert shown["versionedLeadGenFormUrn"] is None
    assert [answer["questionId"] for answer in shown["formResponse"]["answers"]] == [77, 78]
