"""`$select`, `$filter`, `$orderby`, `$top`, `$count`, `$expand`, pages and annotations."""

from datetime import timedelta

import pytest

from tests.dataverse_simulator.client import COMMERCIAL, CONSENT, NEWSLETTER, Api, refusal
from tests.dataverse_simulator.conftest import SteppedClock

PEOPLE = [
    {"lastname": "Alpha", "emailaddress1": "a+x@example.com", "numberofchildren": 1},
    {"lastname": "Beta", "emailaddress1": "b@example.com", "numberofchildren": 2},
    {"lastname": "gamma", "emailaddress1": "o'neil@example.de", "numberofchildren": 3},
    {"firstname": "Only", "donotbulkemail": True, "birthdate": "1990-02-28"},
]
CONSENTS = "msdynmkt_contactpointconsent4s"


@pytest.fixture
def people(api: Api) -> Api:
    for person in PEOPLE:
        api.create("contacts", person)
    return api


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("lastname eq 'ALPHA'", "A"),
        ("emailaddress1 eq 'a+X@example.com'", "A"),
        ("emailaddress1 eq 'o''neil@example.de' and statecode eq 0", "g"),
        ("emailaddress1 eq 'o''neil@example.de' and statecode eq 1", ""),
        ("lastname eq null", "O"),
        ("lastname ne null", "ABg"),
        ("lastname ne 'Beta'", "AgO"),
        ("lastname gt 'alpha' and lastname le 'GAMMA'", "Bg"),
        ("numberofchildren ge 2", "Bg"),
        ("numberofchildren lt 2", "A"),
        ("numberofchildren ne 2", "AgO"),
        ("donotbulkemail eq true", "O"),
        ("donotbulkemail ne true", "ABg"),
        ("birthdate eq 1990-02-28", "O"),
        ("birthdate lt 1990-02-28", ""),
        ("contains(emailaddress1,'EXAMPLE.com')", "AB"),
        ("startswith(lastname, 'b')", "B"),
        ("endswith(emailaddress1,'.de')", "g"),
        ("not contains(emailaddress1,'.com')", "gO"),
        ("not (lastname eq 'Alpha' or lastname eq 'Beta')", "gO"),
        ("lastname eq 'Alpha' or lastname eq 'Beta' and numberofchildren eq 9", "A"),
        ("(lastname eq 'Alpha' or lastname eq 'Beta') and numberofchildren eq 2", "B"),
        ("createdon ge 2020-01-01T00:00:00Z", "ABgO"),
        ("createdon lt 2020-01-01", ""),
        ("lastname eq ' and '", ""),
        ("emailaddress1 eq 'a+x@example.com' or emailaddress1 eq 'B@example.com'", "AB"),
        ("lastname eq 'GÄMMÁ'", "g"),
        ("contains(lastname,'ämm')", "g"),
        (" or ".join(["lastname eq 'Beta'"] * 1000), "B"),
    ],
)
def test_filters(people: Api, condition: str, expected: str) -> None:
    found = people.values("contacts", filter=condition)
    assert "".join((row["lastname"] or row["firstname"])[0] for row in found) == expected


@pytest.mark.parametrize(
    "condition",
    [
        "nope eq 1",
        "LastName eq 'A'",
        "lastname eq",
        "lastname is 'A'",
        "lastname = 'A'",
        "'A' eq lastname",
        "lastname eq 'A' lastname",
        "(lastname eq 'A'",
        "lastname eq 'A",
        "lastname eq 5",
        "numberofchildren eq '5'",
        "numberofchildren eq 1.5",
        "numberofchildren eq " + "9" * 5000,
        "donotbulkemail eq 1",
        f"contactid eq '{COMMERCIAL}'",
        "birthdate eq 1990-02-30",
        "contains(numberofchildren,'1')",
        "contains(lastname)",
        "substringof('a',lastname)",
        "length(lastname) eq 5",
        "lastname in ('A','B')",
        "ownerid eq null",
        "(" * 2000,
    ],
)
def test_what_is_no_filter_is_refused(api: Api, condition: str) -> None:
    assert refusal(api.call("GET", "contacts", filter=condition))[0] == 400


def test_unknown_column_is_named(api: Api) -> None:
    for option in ({"filter": "nope eq 1"}, {"select": "nope"}, {"orderby": "nope"}):
        api.create("contacts", {})
        answer = api.call("GET", "contacts", headers=None, **option)
        assert refusal(answer) == (
            400,
            "0x0",
            "Could not find a property named 'nope' on type 'Microsoft.Dynamics.CRM.contact'.",
        )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("expand", "ownerid($expand=" * 400),
        ("skip", "1"),
        ("frob", "1"),
        ("top", "-1"),
        ("top", "x"),
        ("count", "yes"),
    ],
)
def test_wrong_options_are_refused(api: Api, name: str, value: str) -> None:
    assert refusal(api.call("GET", "contacts", headers=None, **{name: value}))[0] == 400


def test_an_option_stands_once(api: Api) -> None:
    assert refusal(api.call("GET", "contacts?$top=1&$top=2"))[0] == 400


def test_options_of_lists_are_not_for_rows(api: Api) -> None:
    row = api.create("contacts", {})
    assert refusal(api.call("GET", f"contacts({row})", filter="statecode eq 0"))[0] == 400


def test_what_is_not_simulated_says_so(api: Api) -> None:
    assert refusal(api.call("GET", "contacts", apply="groupby((lastname))"))[0] == 501
    assert refusal(api.call("GET", "$metadata"))[0] == 501


def test_select_shows_id_and_etag_always(people: Api) -> None:
    row = people.values("contacts", select="lastname", top="1")[0]
    assert set(row) == {"@odata.etag", "contactid", "lastname"}
    assert row["@odata.etag"].startswith('W/"')


def test_newest_first_as_cij_matches(people: Api, clock: SteppedClock) -> None:
    first = people.values("contacts", filter="lastname eq 'Alpha'")[0]["contactid"]
    clock.moment += timedelta(seconds=1)
    people.call("PATCH", f"contacts({first})", {"emailaddress1": "b@example.com"})
    found = people.values(
        "contacts",
        select="contactid,lastname",
        filter="emailaddress1 eq 'B@example.com' and statecode eq 0",
        orderby="modifiedon desc",
        top="2",
    )
    assert [row["lastname"] for row in found] == ["Alpha", "Beta"]


def test_order_by_several_columns(people: Api) -> None:
    people.create("contacts", {"lastname": "BETA", "numberofchildren": 9})
    found = people.values("contacts", orderby="lastname asc,numberofchildren desc")
    assert [row["lastname"] for row in found] == [None, "Alpha", "BETA", "Beta", "gamma"]
    assert refusal(people.call("GET", "contacts", orderby="lastname down"))[0] == 400


def test_count(people: Api) -> None:
    body = people.call("GET", "contacts", count="true", top="1").json()
    assert (body["@odata.count"], len(body["value"])) == (4, 1)
    assert people.call("GET", "contacts/$count").text == "4"


def test_pages_follow_next_links(people: Api) -> None:
    headers = {"Prefer": "odata.maxpagesize=3"}
    first = people.call("GET", "contacts", headers=headers, select="lastname", orderby="lastname")
    assert first.headers["Preference-Applied"] == "odata.maxpagesize=3"
    link = first.json()["@odata.nextLink"]
    second = people.session.get(link, headers=headers, timeout=20).json()
    assert "@odata.nextLink" not in second
    rows = [*first.json()["value"], *second["value"]]
    assert [row["lastname"] for row in rows] == [None, "Alpha", "Beta", "gamma"]
    assert refusal(people.call("GET", "contacts", skiptoken="xyz"))[0] == 400


def test_top_ends_the_pages(people: Api) -> None:
    headers = {"Prefer": "odata.maxpagesize=2"}
    body = people.call("GET", "contacts", headers=headers, top="2").json()
    assert len(body["value"]) == 2
    assert "@odata.nextLink" not in body


def test_lookup_values_are_guids_in_filters(api: Api) -> None:
    api.create(CONSENTS, CONSENT)
    ours = (
        "msdynmkt_contactpointvalue eq 'ANNA@example.com' and msdynmkt_contactpointtype eq "
        f"534120000 and _msdynmkt_purposeid_value eq {COMMERCIAL}"
    )
    assert len(api.values(CONSENTS, filter=ours)) == 1
    assert api.values(CONSENTS, filter=f"_msdynmkt_topicid_value eq {NEWSLETTER}") == []
    assert len(api.values(CONSENTS, filter="_msdynmkt_topicid_value eq null")) == 1
    answer = api.call("GET", CONSENTS, filter=f"msdynmkt_purposeid eq {COMMERCIAL}")
    assert refusal(answer)[0] == 400


def test_expand_a_lookup(api: Api) -> None:
    api.create(CONSENTS, CONSENT)
    inner = "msdynmkt_purposeId($select=msdynmkt_name),msdynmkt_topicId"
    row = api.values(CONSENTS, select="msdynmkt_value", expand=inner)[0]
    assert row["msdynmkt_purposeId"]["msdynmkt_name"] == "Commercial"
    assert row["msdynmkt_topicId"] is None
    assert refusal(api.call("GET", CONSENTS, expand="msdynmkt_purposeid"))[0] == 400


def test_annotations_only_on_request(api: Api) -> None:
    api.create(CONSENTS, CONSENT)
    columns = "msdynmkt_value,_msdynmkt_purposeid_value"
    plain = api.values(CONSENTS, select=columns)[0]
    assert not [name for name in plain if "@" in name and not name.startswith("@odata")]
    prefer = {"Prefer": 'odata.include-annotations="*"'}
    row = api.call("GET", CONSENTS, headers=prefer, select=columns).json()["value"][0]
    formatted = "@OData.Community.Display.V1.FormattedValue"
    assert row[f"msdynmkt_value{formatted}"] == "Opted in"
    assert row[f"_msdynmkt_purposeid_value{formatted}"] == "Commercial"
    crm = "_msdynmkt_purposeid_value@Microsoft.Dynamics.CRM."
    assert row[f"{crm}lookuplogicalname"] == "msdynmkt_purpose"
    assert row[f"{crm}associatednavigationproperty"] == "msdynmkt_purposeId"
