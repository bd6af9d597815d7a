"""Rest.li 2.0 on the wire: percent-encoded once, structure raw; anything else is 400."""

import pytest

from tests.linkedin_simulator.client import ENGLISH, OWNER, SPONSORED, Api, place, refusal

FORMS = "leadForms?q=owner&owner="


def test_the_documented_url_is_read(api: Api) -> None:
    found = api.elements(f"leadForms?owner={OWNER}&q=owner&count=1&start=0")
    assert [form["id"] for form in found] == [ENGLISH]


@pytest.mark.parametrize(
    "owner",
    [
        "(sponsoredAccount:urn:li:sponsoredAccount:522529623)",  # not encoded at all
        "(sponsoredAccount:urn%253Ali%253AsponsoredAccount%253A522529623)",  # twice
        "%28sponsoredAccount%3Aurn%3Ali%3AsponsoredAccount%3A522529623%29",  # structure too
        "%28sponsoredAccount%3Aurn%253Ali%253AsponsoredAccount%253A522529623%29",  # params=
        "urn%3Ali%3AsponsoredAccount%3A522529623",  # no union
        "(sponsoredAccount:urn%3Ali%3AsponsoredAccount%3A522529623",  # not closed
        "(sponsoredAccount:urn%3Ali%3AsponsoredAccount%3A522529623))",  # closed twice
        "(organization:urn%3Ali%3AsponsoredAccount%3A522529623)",  # another kind
        "(sponsoredAccount:urn%3Ali%3AsponsoredAccount%3A0x1)",
        "(account:urn%3Ali%3AsponsoredAccount%3A522529623)",
        "(sponsoredAccount:urn%3Ali%3AsponsoredAccount%3A1,organization:urn%3Ali%3Aorganization%3A1)",
        "(value:(sponsoredAccount:urn%3Ali%3AsponsoredAccount%3A522529623))",
        "()",
        "",
        "(sponsoredAccount:%ZZ)",
        "(sponsoredAccount:%FF)",
        "List(sponsoredAccount)",
    ],
)
def test_any_other_encoding_of_the_owner_is_refused(api: Api, owner: str) -> None:
    answer = api.call("GET", FORMS + owner)
    assert refusal(answer)[:2] == (400, "ILLEGAL_ARGUMENT")
    assert place(answer) == "owner"


def test_requests_params_encode_twice_and_are_refused(api: Api) -> None:
    answer = api.session.get(
        f"{api.url}/rest/leadForms",
        params={"q": "owner", "owner": OWNER},
        headers=api.headers,
        timeout=20,
    )
    assert refusal(answer)[0] == 400


@pytest.mark.parametrize(
    "query",
    [
        "versionedLeadGenFormUrn=urn:li:versionedLeadGenForm:(urn:li:leadGenForm:3162,1)",
        "versionedLeadGenFormUrn=urn%3Ali%3AversionedLeadGenForm%3A(urn%3Ali%3AleadGenForm%3A1,1)",
        "versionedLeadGenFormUrn=urn%3Ali%3AleadGenForm%3A3162",
        "submittedAtTimeRange=(start:1.5)",
        "submittedAtTimeRange=(end:2)",
        "submittedAtTimeRange=(start:2,end:1)",
        "submittedAtTimeRange=%28start%3A1%29",
        "limitedToTestLeads=True",
        "associatedEntity=event",
        "start=-1",
        "count=0",
        "count=1001",
        "count=ten",
        "fields=id%2Cform",
        "fields=id,nothing",
        "fields=form:(name",
        "fields=",
    ],
)
def test_wrong_filters_are_refused_by_name(api: Api, query: str) -> None:
    answer = api.call(
        "GET", f"leadFormResponses?q=owner&owner={OWNER}&leadType={SPONSORED}&{query}"
    )
    assert refusal(answer)[0] == 400
    assert place(answer) == query.partition("=")[0]


@pytest.mark.parametrize("lead_type", ["SPONSORED", "(leadType:ORGANIC)", "(type:SPONSORED)", "()"])
def test_the_lead_type_is_wrapped_and_one_of_four(api: Api, lead_type: str) -> None:
    answer = api.call("GET", f"leadFormResponses?q=owner&owner={OWNER}&leadType={lead_type}")
    assert refusal(answer)[0] == 400
    assert place(answer) == "leadType"


def test_unknown_and_repeated_parameters_are_refused(api: Api) -> None:
    unknown = api.call("GET", f"{FORMS}{OWNER}&pageSize=1")
    assert refusal(unknown)[:2] == (400, "QUERY_PARAM_NOT_ALLOWED")
    assert place(unknown) == "pageSize"
    assert refusal(api.call("GET", f"{FORMS}{OWNER}&q=owner"))[0] == 400


@pytest.mark.parametrize(
    "ids", ["List(%223162%22)", "3162", "List(3162", "(3162:1)", "List((a:b))"]
)
def test_ids_are_a_list_without_quotes(api: Api, ids: str) -> None:
    assert refusal(api.call("GET", f"leadForms?ids={ids}"))[0] == 400


def test_a_long_query_is_refused_and_can_be_tunnelled(api: Api) -> None:
    ids = ",".join(str(number) for number in range(10_000, 11_000))
    many = f"ids=List({ids},3162)".replace("10000,", "")
    longer = f"ids=List({','.join(str(number) for number in range(10**9, 10**9 + 800))})"
    assert refusal(api.call("GET", f"leadForms?{longer}"))[0] == 414
    headers = {
        **api.headers,
        "X-HTTP-Method-Override": "GET",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    url = f"{api.url}/rest/leadForms"
    answer = api.session.post(url, data=many, headers=headers, timeout=20)
    assert list(answer.json()["results"]) == ["3162"]
    assert len(answer.json()["errors"]) == 999
    wrong = {**headers, "X-HTTP-Method-Override": "DELETE"}
    assert api.session.post(url, data=many, headers=wrong, timeout=20).status_code == 400
