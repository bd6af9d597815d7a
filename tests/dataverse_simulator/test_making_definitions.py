"""Tables, columns, lookups and keys that clients make, and rows that use them."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from local.dataverse_simulator import RunningDataverse
from tests.dataverse_simulator.client import Api, issued_token, refusal
from tests.dataverse_simulator.conftest import SteppedClock
from tests.dataverse_simulator.test_batches import part, send

CRM = "Microsoft.Dynamics.CRM."
TABLE = "EntityDefinitions(LogicalName='new_sample')"


def label(text: str, language: int = 1033) -> dict[str, Any]:
    return {
        "@odata.type": f"{CRM}Label",
        "LocalizedLabels": [
            {"@odata.type": f"{CRM}LocalizedLabel", "Label": text, "LanguageCode": language}
        ],
    }


def column(kind: str, name: str, **more: Any) -> dict[str, Any]:
    return {
        "@odata.type": f"{CRM}{kind}AttributeMetadata",
        "SchemaName": name,
        "DisplayName": label(name),
        "RequiredLevel": {
            "Value": "None",
            "CanBeChanged": True,
            "ManagedPropertyLogicalName": "canmodifyrequirementlevelsettings",
        },
        **more,
    }


def text(name: str, **more: Any) -> dict[str, Any]:
    return column("String", name, FormatName={"Value": "Text"}, MaxLength=100, **more)


def options(*values: int) -> dict[str, Any]:
    return {"Options": [{"Value": value, "Label": label(str(value))} for value in values]}


SAMPLE: Mapping[str, Any] = {
    "@odata.type": f"{CRM}EntityMetadata",
    "SchemaName": "new_Sample",
    "DisplayName": label("Sample"),
    "DisplayCollectionName": label("Samples"),
    "OwnershipType": "UserOwned",
    "IsActivity": False,
    "HasActivities": False,
    "HasNotes": False,
    "Attributes": [text("new_Name", IsPrimaryName=True), text("new_Code")],
}
LOOKUP: Mapping[str, Any] = {
    "@odata.type": f"{CRM}OneToManyRelationshipMetadata",
    "SchemaName": "new_contact_new_sample",
    "ReferencedEntity": "contact",
    "ReferencedAttribute": "contactid",
    "ReferencingEntity": "new_sample",
    "CascadeConfiguration": {"Delete": "RemoveLink"},
    "Lookup": column("Lookup", "new_ContactId"),
}
KEY: Mapping[str, Any] = {
    "SchemaName": "new_CodeKey",
    "DisplayName": label("Code"),
    "KeyAttributes": ["new_code"],
}
CUSTOM: Mapping[str, str] = {
    "new_Choice": "Picklist",
    "new_Choices": "MultiSelectPicklist",
}


def make(api: Api, path: str, body: Any, **headers: str) -> str:
    """The address of what was made."""
    answer = api.call("POST", path, body, headers=headers)
    assert answer.status_code == 204, answer.text
    return answer.headers["OData-EntityId"]


def key_status(api: Api) -> str:
    (key,) = api.values(f"{TABLE}/Keys", select="EntityKeyIndexStatus")
    return str(key["EntityKeyIndexStatus"])


def test_a_table_with_columns_lookup_and_key_takes_rows(api: Api, clock: SteppedClock) -> None:
    address = make(api, "EntityDefinitions", SAMPLE)
    assert address.startswith(f"{api.root}EntityDefinitions(")
    shown = api.call("GET", address.removeprefix(api.root)).json()
    assert (shown["LogicalName"], shown["SchemaName"]) == ("new_sample", "new_Sample")
    assert (shown["EntitySetName"], shown["PrimaryIdAttribute"]) == ("new_samples", "new_sampleid")
    assert "prvCreatenew_Sample" in [one["Name"] for one in shown["Privileges"]]
    yes_no = {
        "TrueOption": {"Value": 1, "Label": label("Yes")},
        "FalseOption": {"Value": 0, "Label": label("No")},
        "OptionSetType": "Boolean",
    }
    for body in (
        column("Memo", "new_Text", Format="TextArea", MaxLength=2000),
        column("Boolean", "new_Yes", DefaultValue=False, OptionSet=yes_no),
        column("Picklist", "new_Choice", OptionSet=options(100000000, 100000001)),
        column("MultiSelectPicklist", "new_Choices", OptionSet=options(100000000, 100000001)),
        column("DateTime", "new_When", Format="DateAndTime"),
        column("DateTime", "new_Day", Format="DateOnly", DateTimeBehavior={"Value": "DateOnly"}),
    ):
        assert f"{TABLE}/Attributes(" in make(api, f"{TABLE}/Attributes", body)
    make(api, "RelationshipDefinitions", LOOKUP)
    make(api, f"{TABLE}/Keys", KEY)
    assert key_status(api) == "Pending"
    contact = api.create("contacts", {"lastname": "X"})
    row = {
        "new_text": "a\nb",
        "new_yes": True,
        "new_choice": 100000001,
        "new_choices": "100000000,100000001",
        "new_when": "2026-11-22T10:00:00Z",
        "new_day": "2026-11-22",
        "new_ContactId@odata.bind": f"/contacts({contact})",
    }
    path = "new_samples(new_code='c')"
    assert refusal(api.call("PATCH", path, row))[:2] == (400, "0x80060890")
    clock.moment += timedelta(seconds=2)
    assert key_status(api) == "Active"
    assert api.call("PATCH", path, row).status_code == 204
    stored = api.call("GET", path, expand="new_ContactId($select=lastname)").json()
    assert stored["new_ContactId"]["lastname"] == "X"
    assert {name: stored[name] for name in row if "@" not in name} == {
        name: value for name, value in row.items() if "@" not in name
    }
    attributes = {one["LogicalName"]: one for one in api.values(f"{TABLE}/Attributes")}
    assert attributes["new_day"]["DateTimeBehavior"] == {"Value": "DateOnly"}
    assert attributes["new_when"]["DateTimeBehavior"] == {"Value": "UserLocal"}
    assert attributes["new_code"]["SchemaName"] == "new_Code"


def test_another_entity_set_name_and_the_usual_plurals(api: Api) -> None:
    named = {**SAMPLE, "EntitySetName": "new_registrations"}
    make(api, "EntityDefinitions", named)
    assert api.values("new_registrations") == []
    for name, entity_set in (("new_Box", "new_boxes"), ("new_City", "new_cities")):
        attributes = [text(f"{name}Name", IsPrimaryName=True)]
        make(api, "EntityDefinitions", {**SAMPLE, "SchemaName": name, "Attributes": attributes})
        assert api.values(entity_set) == []
    assert refusal(api.call("POST", "EntityDefinitions", named))[0] == 400


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"SchemaName": "Sample"}, "SchemaName"),
        ({"SchemaName": "new_doiregistration"}, "already exists"),
        ({"DisplayName": label("Probe", 1031)}, "base language of the organization (1033)"),
        ({"DisplayName": {"LocalizedLabels": []}}, "DisplayName.LocalizedLabels"),
        ({"OwnershipType": "Mine"}, "OwnershipType"),
        ({"HasNotes": None}, "HasNotes"),
        ({"EntitySetName": "contacts"}, "'contacts' is taken"),
        ({"IsAuditEnabled": True}, "IsAuditEnabled"),
        ({"Attributes": [text("new_Name")]}, "IsPrimaryName"),
        ({"Attributes": [text("new_A", IsPrimaryName=True), text("new_A")]}, "already exists"),
    ],
)
def test_wrong_tables_are_refused(api: Api, changes: Mapping[str, Any], named: str) -> None:
    status, _, message = refusal(api.call("POST", "EntityDefinitions", {**SAMPLE, **changes}))
    assert (status, named in message) == (400, True), message
    assert api.values("EntityDefinitions", filter="LogicalName eq 'new_sample'") == []


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (text("new_Code"), "already exists"),
        ({**text("new_X"), "@odata.type": f"{CRM}MoneyAttributeMetadata"}, "@odata.type"),
        ({**text("new_X"), "MaxLength": 4001}, "MaxLength"),
        (column("String", "new_X"), "MaxLength"),
        (column("Picklist", "new_X"), "OptionSet"),
        (column("Boolean", "new_X"), "OptionSet"),
        (text("new_X", OptionSet=options(1)), "OptionSet"),
        (column("Picklist", "new_X", OptionSet=options(1, 1)), "OptionSet"),
        (column("Lookup", "new_X"), "RelationshipDefinitions"),
        (column("DateTime", "new_X", DateTimeBehavior={"Value": "Nope"}), "DateTimeBehavior"),
        ([], "StartObject"),
    ],
)
def test_wrong_columns_are_refused(api: Api, body: Any, named: str) -> None:
    make(api, "EntityDefinitions", SAMPLE)
    status, _, message = refusal(api.call("POST", f"{TABLE}/Attributes", body))
    assert (status, named in message) == (400, True), message


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"ReferencedEntity": "nope"}, "'nope' was not found"),
        ({"ReferencingEntity": "nope"}, "'nope' was not found"),
        ({"ReferencedAttribute": "fullname"}, "primary id"),
        ({"Lookup": text("new_Name")}, "primary id"),
        ({"@odata.type": f"{CRM}ManyToManyRelationshipMetadata"}, "@odata.type"),
    ],
)
def test_wrong_lookups_are_refused(api: Api, changes: Mapping[str, Any], named: str) -> None:
    make(api, "EntityDefinitions", SAMPLE)
    body = {**LOOKUP, **changes}
    status, _, message = refusal(api.call("POST", "RelationshipDefinitions", body))
    assert (status, named in message) == (400, True), message


def test_a_navigation_property_has_the_name_that_was_asked_for(api: Api) -> None:
    make(api, "EntityDefinitions", SAMPLE)
    wanted = {**LOOKUP, "ReferencingEntityNavigationPropertyName": "new_Person"}
    make(api, "RelationshipDefinitions", wanted)
    (found,) = api.values(f"{TABLE}/ManyToOneRelationships", filter="ReferencedEntity eq 'contact'")
    assert found["ReferencingEntityNavigationPropertyName"] == "new_Person"
    assert refusal(api.call("POST", "RelationshipDefinitions", wanted))[0] == 400


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"KeyAttributes": ["new_nope"]}, "can't be part of a key"),
        ({"KeyAttributes": []}, "KeyAttributes"),
        ({"SchemaName": "CodeKey"}, "SchemaName"),
    ],
)
def test_wrong_keys_are_refused(api: Api, changes: Mapping[str, Any], named: str) -> None:
    make(api, "EntityDefinitions", SAMPLE)
    status, _, message = refusal(api.call("POST", f"{TABLE}/Keys", {**KEY, **changes}))
    assert (status, named in message) == (400, True), message
    make(api, f"{TABLE}/Keys", KEY)
    assert refusal(api.call("POST", f"{TABLE}/Keys", KEY))[0] == 400


def test_a_key_fails_over_equal_rows_and_can_be_reactivated(api: Api) -> None:
    api.change_environment(keyIndexSeconds=0)
    make(api, "EntityDefinitions", SAMPLE)
    first, second = (api.create("new_samples", {"new_code": "c"}) for _ in range(2))
    api.create("new_samples", {})
    make(api, f"{TABLE}/Keys", KEY)
    assert key_status(api) == "Failed"
    assert api.create("new_samples", {"new_code": "c"})  # nothing keeps it from it
    assert refusal(api.call("GET", "new_samples(new_code='c')"))[0] == 400
    for row in api.values("new_samples", filter="new_code eq 'c'"):
        if row["new_sampleid"] != second:
            api.call("DELETE", f"new_samples({row['new_sampleid']})")
    reference = {"EntityLogicalName": "new_sample", "EntityKeyLogicalName": "new_codekey"}
    assert api.call("POST", "ReactivateEntityKey", reference).status_code == 204
    assert key_status(api) == "Active"
    assert api.call("GET", "new_samples(new_code='c')").json()["new_sampleid"] == second != first
    unknown = {**reference, "EntityKeyLogicalName": "nope"}
    assert refusal(api.call("POST", "ReactivateEntityKey", unknown))[0] == 404


def test_definitions_belong_to_a_solution_that_is_there(api: Api) -> None:
    make(api, "EntityDefinitions", SAMPLE, **{"MSCRM.SolutionUniqueName": "Default"})
    answer = api.call("POST", f"{TABLE}/Keys", KEY, headers={"MSCRM.SolutionUniqueName": "nowhere"})
    assert "solution 'nowhere' was not found" in refusal(answer)[2]
    publisher = "publisherid($select=customizationprefix)"
    (solution,) = api.values("solutions", filter="uniquename eq 'Default'", expand=publisher)
    assert solution["publisherid"]["customizationprefix"] == "new"


def test_publishing_names_tables_that_are_there(api: Api) -> None:
    def publish(name: str) -> Any:
        xml = f"<importexportxml><entities><entity>{name}</entity></entities></importexportxml>"
        return api.call("POST", "PublishXml", {"ParameterXml": xml})

    assert publish("contact").status_code == 204
    assert "'nope' was not found" in refusal(publish("nope"))[2]


@pytest.mark.parametrize(
    ("path", "body", "privilege"),
    [
        ("EntityDefinitions", SAMPLE, "prvCreateEntity"),
        ("EntityDefinitions(LogicalName='contact')/Attributes", {}, "prvCreateAttribute"),
        ("EntityDefinitions(LogicalName='contact')/Keys", {}, "prvCreateEntityKey"),
        ("RelationshipDefinitions", LOOKUP, "prvCreateRelationship"),
        ("PublishXml", {}, "prvPublishCustomization"),
        ("ReactivateEntityKey", {}, "prvCreateEntityKey"),
    ],
)
def test_the_app_itself_may_define_nothing(
    application: Api, path: str, body: Any, privilege: str
) -> None:
    status, _, message = refusal(application.call("POST", path, body))
    assert (status, f"PrivilegeName: {privilege}" in message) == (403, True)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", TABLE),
        ("DELETE", "EntityDefinitions(LogicalName='contact')"),
        ("POST", "EntityDefinitions(LogicalName='nope')/Keys"),
        ("GET", "PublishXml"),
        ("GET", "RelationshipDefinitions"),
    ],
)
def test_what_is_not_made_that_way(api: Api, method: str, path: str) -> None:
    assert refusal(api.call(method, path, None if method == "GET" else {}))[0] in (404, 405)


def test_definitions_do_not_go_into_a_batch(api: Api) -> None:
    inner = part(f"POST {TABLE}/Attributes HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{{}}")
    assert send(api, inner).status_code in (400, 404, 501)


def test_a_column_of_an_existing_table(api: Api, application: Api) -> None:
    before = application.create("contacts", {"lastname": "Before"})
    make(api, "EntityDefinitions(LogicalName='contact')/Attributes", text("new_Added"))
    assert application.call("GET", f"contacts({before})").json()["new_added"] is None
    row = application.create("contacts", {"new_added": "x"})
    assert application.call("GET", f"contacts({row})").json()["new_added"] == "x"


def test_what_was_made_survives_a_restart_and_a_reset_forgets_it(tmp_path: Path) -> None:
    with RunningDataverse(data=tmp_path) as running:
        first = Api(running.url)
        first.change_environment(keyIndexSeconds=0)
        make(first, "EntityDefinitions", SAMPLE)
        make(first, f"{TABLE}/Keys", KEY)
        make(first, "EntityDefinitions(LogicalName='contact')/Attributes", text("new_Added"))
        first.create("contacts", {"new_added": "x"})
        first.call("PATCH", "new_samples(new_code='c')", {})
        first.session.close()
    with RunningDataverse(data=tmp_path) as running:
        second = Api(running.url)
        assert second.call("GET", "new_samples(new_code='c')").status_code == 200
        assert [row["new_added"] for row in second.values("contacts")] == ["x"]
        assert second.values("privileges", filter="name eq 'prvCreatenew_Sample'")
        assert second.call("PATCH", "contacts(new_registrationid='r')", {}).status_code == 204
        second.session.delete(f"{second.url}/_simulator/state", timeout=20)
        assert refusal(second.call("GET", "new_samples"))[0] == 404
        stranger = Api(second.url, issued_token(second.url))
        assert stranger.create("contacts", {})
        stranger.session.close()
        second.session.close()
