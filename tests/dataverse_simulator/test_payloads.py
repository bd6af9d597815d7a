"""What tables refuse to store."""

from typing import Any

import pytest

from tests.dataverse_simulator.client import COMMERCIAL, CONSENT, NOBODY, Api, refusal

CONSENTS = "msdynmkt_contactpointconsent4s"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("emailaddress1", "anna+news@exämple.com"),
        ("description", "two\nlines"),
        ("birthdate", "1990-02-28"),
        ("preferredcontactmethodcode", 2),
        ("donotbulkemail", True),
        ("numberofchildren", -2),
        ("new_interests", "100000000,100000002"),
        ("new_companysize", 100000002),
        ("new_projectstart", "2026-12-01"),
        ("new_existingcustomer", False),
        ("lastname", "x" * 50),
        ("lastname", None),
    ],
)
def test_values_are_kept_as_given(api: Api, column: str, value: Any) -> None:
    row = api.create("contacts", {column: value})
    assert api.call("GET", f"contacts({row})").json()[column] == value


def test_instants_become_utc_and_choices_are_sorted(api: Api) -> None:
    given = {"new_registrationid": "r", "new_confirmedon": "2026-11-22T11:30:15.25+01:00"}
    row = api.create("new_doiregistrations", given)
    found = api.call("GET", f"new_doiregistrations({row})").json()
    assert found["new_confirmedon"] == "2026-11-22T10:30:15Z"
    row = api.create("contacts", {"new_interests": "100000002, 100000000,100000002"})
    assert api.values("contacts")[0]["new_interests"] == "100000000,100000002"


@pytest.mark.parametrize(
    ("column", "value", "code", "words"),
    [
        ("nope", 1, "0x80048d19", "does not exist on type 'Microsoft.Dynamics.CRM.contact'"),
        ("FirstName", "A", "0x80048d19", "Invalid property 'FirstName'"),
        ("_ownerid_value", NOBODY, "0x80048d19", "direct update of Entity Reference properties"),
        ("lastname", "x" * 51, "0x80044331", "exceeded the maximum allowed length of '50'"),
        ("lastname", 5, "0x80048d19", "expected type 'Edm.String'"),
        ("preferredcontactmethodcode", 9, "0x8004431A", "Accepted Values: 1,2,3,4,5"),
        ("preferredcontactmethodcode", "2", "0x80048d19", "'Edm.Int32'"),
        ("preferredcontactmethodcode", True, "0x80048d19", "'Edm.Int32'"),
        ("new_interests", "100000000,7", "0x8004431A", "'new_interests'"),
        ("new_interests", 100000000, "0x80048d19", "'Edm.String'"),
        ("new_interests", "1;2", "0x80048d19", "'Edm.String'"),
        ("donotbulkemail", "true", "0x80048d19", "'Edm.Boolean'"),
        ("numberofchildren", 2**31, "0x80048d19", "'Edm.Int32'"),
        ("numberofchildren", 1.5, "0x80048d19", "'Edm.Int32'"),
        ("birthdate", "28.02.1990", "0x80048d19", "'Edm.Date'"),
        ("birthdate", "1990-02-30", "0x80048d19", "'Edm.Date'"),
        ("birthdate", "1700-01-01", "0x80040239", "01/01/1753"),
        ("contactid", "me", "0x80048d19", "'Edm.Guid'"),
    ],
)
def test_wrong_values_are_refused(api: Api, column: str, value: Any, code: str, words: str) -> None:
    status, found, message = refusal(api.call("POST", "contacts", {column: value}))
    assert (status, found) == (400, code)
    assert words in message
    assert api.values("contacts") == []


@pytest.mark.parametrize("value", ["2026-11-22", "2026-11-22T10:00:00", "2026-13-22T10:00:00Z", 5])
def test_instants_need_an_offset(api: Api, value: Any) -> None:
    body = {"new_registrationid": "r", "new_confirmedon": value}
    status, _, message = refusal(api.call("POST", "new_doiregistrations", body))
    assert (status, "'Edm.DateTimeOffset'" in message) == (400, True)


@pytest.mark.parametrize(
    "missing",
    [
        "msdynmkt_contactpointvalue",
        "msdynmkt_contactpointtype",
        "msdynmkt_value",
        "msdynmkt_logicalreason",
        "msdynmkt_purposeId@odata.bind",
    ],
)
def test_required_columns(api: Api, missing: str) -> None:
    body = {name: value for name, value in CONSENT.items() if name != missing}
    status, _, message = refusal(api.call("POST", CONSENTS, body))
    column = missing.removesuffix("@odata.bind").lower()
    assert (status, message) == (400, f"Attribute: {column} cannot be set to NULL")
    row = api.create(CONSENTS, CONSENT)
    assert refusal(api.call("PATCH", f"{CONSENTS}({row})", {missing: None}))[0] == 400
    assert api.call("PATCH", f"{CONSENTS}({row})", {"msdynmkt_reason": "x"}).status_code == 204


def test_source_of_a_consent_has_a_default(api: Api) -> None:
    api.create(CONSENTS, {k: v for k, v in CONSENT.items() if k != "msdynmkt_source"})
    assert api.values(CONSENTS)[0]["msdynmkt_source"] == 534120000


def test_unknown_purpose_is_refused(api: Api) -> None:
    body = {**CONSENT, "msdynmkt_purposeId@odata.bind": f"/msdynmkt_purposes({NOBODY})"}
    assert refusal(api.call("POST", CONSENTS, body)) == (
        404,
        "0x80040217",
        f"Entity 'msdynmkt_purpose' With Id = {NOBODY} Does Not Exist",
    )


@pytest.mark.parametrize("name", ["msdynmkt_purposeid", "msdynmkt_PurposeId"])
def test_navigation_properties_are_case_sensitive(api: Api, name: str) -> None:
    body = {k: v for k, v in CONSENT.items() if not k.endswith("@odata.bind")}
    body[f"{name}@odata.bind"] = f"/msdynmkt_purposes({COMMERCIAL})"
    status, code, message = refusal(api.call("POST", CONSENTS, body))
    assert (status, code) == (400, "0x80048d19")
    assert f"An undeclared property '{name}' which only has property annotations" in message


@pytest.mark.parametrize(
    "address",
    [
        "/msdynmkt_topics({})",
        "/msdynmkt_purposes",
        "{}",
        "/msdynmkt_purposes({})/x",
        5,
        "$1",
        "http://[x",
    ],
)
def test_lookups_bind_only_rows_of_their_table(api: Api, address: Any) -> None:
    bound = address.format(COMMERCIAL) if isinstance(address, str) else address
    body = {**CONSENT, "msdynmkt_purposeId@odata.bind": bound}
    assert refusal(api.call("POST", CONSENTS, body))[0] in (400, 404)
    assert api.values(CONSENTS) == []


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'"x"',
        b'{"lastname": "A", "lastname": "B"}',
        b'{"lastname": "\xff"}',
        b'{"lastname": "\\ud800"}',
        b"[" * 100_000,
    ],
)
def test_bodies_that_are_no_json_object(api: Api, body: bytes) -> None:
    answer = api.session.post(
        f"{api.root}contacts", data=body, headers={"Content-Type": "application/json"}, timeout=20
    )
    assert refusal(answer)[:2] == (400, "0x80048d19")


def test_content_type_has_to_be_json(api: Api) -> None:
    answer = api.session.post(f"{api.root}contacts", data={"lastname": "X"}, timeout=20)
    assert answer.status_code == 415


def test_a_nested_row_is_not_simulated_and_says_so(api: Api) -> None:
    body = {"new_registrationid": "r", "new_ContactId": {"lastname": "X"}}
    assert refusal(api.call("POST", "new_doiregistrations", body))[0] == 501
