"""What the environment says about itself, and the triggers it takes."""

from typing import Any

import pytest

from tests.dataverse_simulator.client import NOBODY, TRIGGER, Api, refusal

SIGNAL = {
    "msdynmkt_signaluserauthid": NOBODY,
    "msdynmkt_profileid": NOBODY,
    "msdynmkt_signaltimestamp": "2026-11-22T10:00:00Z",
    "msdynmkt_signalingestiontimestamp": "2026-11-22T10:00:00.5Z",
    "msdynmkt_formid": "newsletter",
    "msdynmkt_source": "website",
    "msdynmkt_campaign": "",
    "msdynmkt_language": "de",
}


def test_entity_definitions_are_found_by_logical_name(api: Api) -> None:
    found = api.values(
        "EntityDefinitions",
        select="LogicalName,EntitySetName,PrimaryIdAttribute,PrimaryNameAttribute",
        filter="LogicalName eq 'msdynmkt_contactpointconsent4'",
    )
    assert len(found) == 1
    assert found[0]["EntitySetName"] == "msdynmkt_contactpointconsent4s"
    assert found[0]["PrimaryIdAttribute"] == "msdynmkt_contactpointconsent4id"
    assert len(api.values("EntityDefinitions")) > 5


def test_one_definition_with_what_belongs_to_it(api: Api) -> None:
    path = "EntityDefinitions(LogicalName='contact')"
    body = api.call(
        "GET", path, select="LogicalName", expand="Attributes($select=LogicalName),Keys"
    ).json()
    assert {"LogicalName": "emailaddress1"}.items() <= body["Attributes"][8].items()
    assert body["Keys"][0]["KeyAttributes"] == ["new_registrationid"]
    assert "EntitySetName" not in body
    assert refusal(api.call("GET", "EntityDefinitions(LogicalName='nope')"))[0] == 404
    assert refusal(api.call("GET", path, select="Nope"))[0] == 400
    assert refusal(api.call("GET", f"{path}/Nope"))[0] == 404


def test_navigation_property_has_its_exact_case(api: Api) -> None:
    found = api.values(
        "EntityDefinitions(LogicalName='msdynmkt_contactpointconsent4')/ManyToOneRelationships",
        select="ReferencingAttribute,ReferencingEntityNavigationPropertyName",
    )
    named = {
        one["ReferencingAttribute"]: one["ReferencingEntityNavigationPropertyName"] for one in found
    }
    assert named["msdynmkt_purposeid"] == "msdynmkt_purposeId"
    assert named["msdynmkt_topicid"] == "msdynmkt_topicId"


def test_attributes_tell_type_length_and_requirement(api: Api) -> None:
    attributes = {
        one["LogicalName"]: one
        for one in api.values(
            "EntityDefinitions(LogicalName='msdynmkt_contactpointconsent4')/Attributes"
        )
    }
    address = attributes["msdynmkt_contactpointvalue"]
    assert (address["AttributeType"], address["MaxLength"]) == ("String", 400)
    assert address["RequiredLevel"]["Value"] == "SystemRequired"
    assert attributes["createdon"]["IsValidForCreate"] is False
    found = api.values(
        "EntityDefinitions(LogicalName='contact')/Attributes", filter="LogicalName eq 'birthdate'"
    )
    assert [one["LogicalName"] for one in found] == ["birthdate"]
    path = "EntityDefinitions(LogicalName='contact')/Attributes(LogicalName='birthdate')"
    assert api.call("GET", path, select="AttributeType").json()["AttributeType"] == "DateTime"


def test_picklists_with_their_options(api: Api) -> None:
    found = api.values(
        "EntityDefinitions(LogicalName='contact')/Attributes"
        "/Microsoft.Dynamics.CRM.PicklistAttributeMetadata",
        select="LogicalName",
        expand="OptionSet($select=Options)",
    )
    sizes = {one["LogicalName"]: one["OptionSet"]["Options"] for one in found}
    assert set(sizes) == {"preferredcontactmethodcode", "gendercode", "new_companysize"}
    assert sizes["new_companysize"][1]["Value"] == 100000001
    assert (
        sizes["new_companysize"][1]["Label"]["UserLocalizedLabel"]["Label"]
        == "50\N{EN DASH}249 people"
    )


def test_custom_api_tells_its_parameters(api: Api) -> None:
    found = api.values(
        "customapis",
        filter=f"uniquename eq '{TRIGGER}'",
        select="uniquename,executeprivilegename,isfunction,isprivate",
        expand="CustomAPIRequestParameters($select=uniquename,type,isoptional),"
        "CustomAPIResponseProperties($select=uniquename,type)",
    )
    assert found[0]["CustomAPIResponseProperties"] == []
    parameters = {
        one["uniquename"]: (one["type"], one["isoptional"])
        for one in found[0]["CustomAPIRequestParameters"]
    }
    assert parameters["msdynmkt_signaltimestamp"] == (1, False)
    assert parameters["msdynmkt_bindingid"] == (10, True)
    assert set(parameters) == {*SIGNAL, "msdynmkt_bindingid"}


def test_trigger_is_recorded_with_all_it_carried(api: Api) -> None:
    sent = {**SIGNAL, "msdynmkt_bindingid": "doiregistration/r-1"}
    answer = api.call("POST", TRIGGER, sent)
    assert (answer.status_code, answer.content) == (204, b"")
    (fired,) = api.state()["triggers"]
    assert (fired["name"], fired["parameters"]) == (TRIGGER, sent)
    assert fired["receivedAt"].endswith("Z")


@pytest.mark.parametrize("missing", sorted(SIGNAL))
def test_every_parameter_but_the_optional_one_is_needed(api: Api, missing: str) -> None:
    sent = {name: value for name, value in SIGNAL.items() if name != missing}
    for body in (sent, {**sent, missing: None}):
        assert refusal(api.call("POST", TRIGGER, body)) == (
            400,
            "0x80040203",
            f"Required field '{missing}' is missing for RequestName='{TRIGGER}'",
        )
    assert api.state()["triggers"] == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("msdynmkt_product", "x"),
        ("source", "website"),
        ("msdynmkt_source", 5),
        ("msdynmkt_source", ["website"]),
        ("msdynmkt_signaltimestamp", "22.11.2026"),
        ("msdynmkt_signaltimestamp", "2026-11-22T10:00:00"),
        ("msdynmkt_signaltimestamp", "2026-11-22T11:00:00+01:00"),
        ("msdynmkt_signaltimestamp", 1795341600),
        ("msdynmkt_signaluserauthid", "anna@example.com"),
    ],
)
def test_wrong_parameters_are_refused(api: Api, name: str, value: Any) -> None:
    assert refusal(api.call("POST", TRIGGER, {**SIGNAL, name: value}))[0] == 400
    assert api.state()["triggers"] == []


def test_unknown_trigger_is_404_and_get_405(api: Api) -> None:
    assert refusal(api.call("POST", "msdynmkt_nope_1", SIGNAL)) == (
        404,
        "0x8006088a",
        "Resource not found for the segment 'msdynmkt_nope_1'.",
    )
    assert refusal(api.call("GET", TRIGGER))[0] == 405
