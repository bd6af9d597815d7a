"""Who may do what: users, roles, privileges and how far they reach."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from local.dataverse_simulator import RunningDataverse
from local.dataverse_simulator.seed import ADMINISTRATOR, APPLICATION_ID
from tests.dataverse_simulator.client import (
    COMMERCIAL,
    CONSENT,
    NOBODY,
    TRIGGER,
    Api,
    issued_token,
    refusal,
)
from tests.dataverse_simulator.test_batches import change_set, read, send
from tests.dataverse_simulator.test_metadata_and_triggers import SIGNAL

CONSENTS = "msdynmkt_contactpointconsent4s"
NOT_A_MEMBER = (403, "0x80072560", "The user is not a member of the organization.")
BY_NAMES = "Microsoft.Dynamics.CRM.RetrieveUserSetOfPrivilegesByNames"
ROLE = "Headless double opt-in"


def user_of(api: Api) -> str:
    user: str = api.call("GET", "WhoAmI").json()["UserId"]
    return user


def role_of(api: Api, name: str = ROLE) -> str:
    (role,) = api.values("roles", filter=f"name eq '{name}'")
    return str(role["roleid"])


def privilege(api: Api, name: str) -> str:
    (found,) = api.values("privileges", filter=f"name eq '{name}'", select="privilegeid")
    return str(found["privilegeid"])


def held(api: Api, user: str, *names: str) -> dict[str, str]:
    listed = ",".join(f'"{name}"' for name in names)
    answer = api.call("GET", f"systemusers({user})/{BY_NAMES}(PrivilegeNames=@p1)?@p1=[{listed}]")
    assert answer.status_code == 200, answer.text
    return {one["PrivilegeName"]: one["Depth"] for one in answer.json()["RolePrivileges"]}


def take(api: Api, name: str) -> None:
    path = f"roles({role_of(api)})/Microsoft.Dynamics.CRM.RemovePrivilegeRole"
    assert api.call("POST", path, {"PrivilegeId": privilege(api, name)}).status_code == 204


def give(api: Api, name: str, depth: object) -> Any:
    path = f"roles({role_of(api)})/Microsoft.Dynamics.CRM.AddPrivilegesRole"
    wanted = {"PrivilegeId": privilege(api, name), "Depth": depth}
    return api.call("POST", path, {"Privileges": [wanted]})


def test_the_seeded_role_does_what_the_app_does(application: Api) -> None:
    contact = application.create("contacts", {"lastname": "X"})
    application.create(CONSENTS, CONSENT)
    bound = {"new_ContactId@odata.bind": f"/contacts({contact})"}
    answer = application.call("PATCH", "new_doiregistrations(new_registrationid='r')", bound)
    assert answer.status_code == 204, answer.text
    assert application.call("POST", TRIGGER, SIGNAL).status_code == 204
    assert application.values("EntityDefinitions(LogicalName='contact')/Attributes")
    row = application.values("contacts", select="_ownerid_value")[0]
    assert row["_ownerid_value"] == user_of(application)


def test_who_is_no_user_is_refused_as_documented(api: Api) -> None:
    stranger = Api(api.url, issued_token(api.url, NOBODY))
    with stranger.session:
        assert refusal(stranger.call("GET", "WhoAmI")) == NOT_A_MEMBER
        answer = send(stranger, change_set(("POST", "contacts", {})))
        assert refusal(answer) == NOT_A_MEMBER
    assert api.values("contacts") == []


def test_the_application_user_can_be_missing_or_disabled(api: Api, application: Api) -> None:
    user = user_of(application)
    assert api.change_environment(applicationUser="disabled").json()["applicationUser"] == (
        "disabled"
    )
    status, code, message = refusal(application.call("GET", "WhoAmI"))
    assert (status, code) == (403, "0x80040225")
    assert f"SystemUserId={user}" in message
    api.change_environment(applicationUser="missing")
    assert refusal(application.call("GET", "contacts")) == NOT_A_MEMBER
    assert api.values("systemusers", filter=f"applicationid eq {APPLICATION_ID}") == []
    api.change_environment(applicationUser="enabled")
    assert user_of(application) == user
    assert held(api, user, "prvCreateContact") == {"prvCreateContact": "Basic"}


def test_an_administrator_can_disable_it_as_well(api: Api, application: Api) -> None:
    answer = api.call("PATCH", f"systemusers({user_of(application)})", {"isdisabled": True})
    assert answer.status_code == 204
    assert application.call("GET", "WhoAmI").status_code == 403
    shown = api.session.get(f"{api.url}/_simulator/environment", timeout=20).json()
    assert shown["applicationUser"] == "disabled"


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"applicationUser": "gone"}, "applicationUser"),
        ({"keyIndexSeconds": -1}, "keyIndexSeconds"),
        ({"nope": 1}, "nope"),
    ],
)
def test_bad_settings_are_named(api: Api, settings: Mapping[str, Any], named: str) -> None:
    answer = api.change_environment(**settings)
    assert answer.status_code == 400
    assert named in answer.json()["error"]


ALL_PARAMETERS = "customapis?$expand=CustomAPIRequestParameters"


@pytest.mark.parametrize(
    ("missing", "call"),
    [
        ("prvReadContact", ("GET", "contacts", None)),
        ("prvReadContact", ("GET", "contacts/$count", None)),
        ("prvCreateContact", ("POST", "contacts", {})),
        ("prvCreateContact", ("PATCH", f"contacts({NOBODY})", {})),
        ("prvCreatemsdynmkt_contactpointconsent4", ("POST", CONSENTS, CONSENT)),
        ("prvAppendmsdynmkt_contactpointconsent4", ("POST", CONSENTS, CONSENT)),
        ("prvAppendTomsdynmkt_purpose", ("POST", CONSENTS, CONSENT)),
        ("prvReadmsdynmkt_purpose", ("GET", f"{CONSENTS}?$expand=msdynmkt_purposeId", None)),
        ("prvReadCustomAPI", ("GET", "customapis", None)),
        ("prvReadCustomAPIRequestParameter", ("GET", ALL_PARAMETERS, None)),
    ],
)
def test_a_missing_privilege_is_named(
    api: Api, application: Api, missing: str, call: tuple[str, str, Any]
) -> None:
    before = application.call(*call)
    assert before.ok, before.text
    api.session.delete(f"{api.url}/_simulator/state", timeout=20)
    take(api, missing)
    status, code, message = refusal(application.call(*call))
    assert (status, code) == (403, "0x80040220")
    assert f"is missing {missing} privilege (Id={privilege(api, missing)})" in message
    assert give(api, missing, "Global").status_code == 204
    assert application.call(*call).ok


PICKLISTS = (
    "EntityDefinitions(LogicalName='contact')/Attributes"
    "/Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$expand=OptionSet"
)


@pytest.mark.parametrize(
    ("missing", "path"),
    [
        ("prvReadEntity", "EntityDefinitions"),
        ("prvReadAttribute", "EntityDefinitions(LogicalName='contact')/Attributes"),
        ("prvReadAttribute", "EntityDefinitions(LogicalName='contact')?$expand=Attributes"),
        ("prvReadEntityKey", "EntityDefinitions(LogicalName='contact')?$expand=Keys"),
        (
            "prvReadRelationship",
            "EntityDefinitions(LogicalName='contact')/ManyToOneRelationships",
        ),
        ("prvReadOptionSet", PICKLISTS),
    ],
)
def test_definitions_need_privileges_of_their_own(
    api: Api, application: Api, missing: str, path: str
) -> None:
    assert application.call("GET", path).status_code == 200
    take(api, missing)
    status, code, message = refusal(application.call("GET", path))
    assert (status, code) == (403, "0x80040220")
    assert f"SecLib::CheckPrivilege failed. User: {user_of(application)}, " in message
    assert f"PrivilegeName: {missing}," in message


def test_a_change_set_without_the_privilege_leaves_nothing(api: Api, application: Api) -> None:
    take(api, "prvCreatemsdynmkt_contactpointconsent4")
    both = change_set(("POST", "contacts", {}), ("POST", CONSENTS, CONSENT))
    (((content_id, status, _, _),),) = read(send(application, both))
    assert (content_id, status) == ("2", 403)
    assert api.values("contacts") == []


def test_depth_decides_about_the_rows_of_others(api: Api, application: Api) -> None:
    theirs = api.create("contacts", {"lastname": "Theirs"})
    own = application.create("contacts", {"lastname": "Own"})
    assert len(application.values("contacts")) == 2
    for name in ("prvReadContact", "prvWriteContact"):
        give(api, name, "Basic")
    assert [row["contactid"] for row in application.values("contacts")] == [own]
    assert application.call("GET", "contacts/$count").text == "1"
    for method, right in (("GET", "Read"), ("PATCH", "Write")):
        status, code, message = refusal(application.call(method, f"contacts({theirs})", {}))
        assert (status, code) == (403, "0x80048306")
        assert f"does not have {right}Access right(s) for record with ID {theirs}" in message
        assert application.call(method, f"contacts({own})", {}).ok
    give(api, "prvReadContact", "Local")  # both users are of one business unit
    assert len(application.values("contacts")) == 2


def test_privileges_of_a_user_by_name(api: Api, application: Api) -> None:
    user = user_of(application)
    names = ("prvReadContact", "prvCreateContact", "prvDeleteContact", "prvNope", "prvReadEntity")
    wanted = {"prvReadContact": "Global", "prvCreateContact": "Basic", "prvReadEntity": "Global"}
    assert held(api, user, *names) == wanted
    assert held(application, user, *names) == wanted  # needs no privilege for oneself
    assert held(api, user_of(api), "prvDeleteContact") == {"prvDeleteContact": "Global"}
    path = f"systemusers({user})/{BY_NAMES}"
    for wrong in ("(PrivilegeNames=@p1)", "(Names=@p1)?@p1=[]", "(PrivilegeNames=@p1)?@p1=[x"):
        assert refusal(api.call("GET", path + wrong))[0] == 400
    assert refusal(api.call("POST", f"{path}(PrivilegeNames=@p1)?@p1=[]"))[0] == 405


def test_definitions_tell_names_and_depths_of_privileges(api: Api) -> None:
    def told(table: str) -> dict[str, tuple[str, bool, bool]]:
        path = f"EntityDefinitions(LogicalName='{table}')"
        found = api.call("GET", path, select="LogicalName,Privileges").json()["Privileges"]
        return {
            one["PrivilegeType"]: (one["Name"], one["CanBeBasic"], one["CanBeGlobal"])
            for one in found
        }

    assert told("contact")["AppendTo"] == ("prvAppendToContact", True, True)
    assert told("contact")["Assign"] == ("prvAssignContact", True, True)
    assert told("systemuser")["Read"] == ("prvReadUser", False, True)
    assert "Share" not in told("systemuser")
    row = api.values("privileges", filter="name eq 'prvReadUser'")[0]
    assert (row["canbebasic"], row["canbeglobal"], row["accessright"]) == (False, True, 1)


def test_a_role_is_made_given_privileges_and_assigned(api: Api, application: Api) -> None:
    (unit,) = api.values("businessunits", filter="_parentbusinessunitid_value eq null")
    bind = {"businessunitid@odata.bind": f"/businessunits({unit['businessunitid']})"}
    role = api.create("roles", {"name": "Deleter", **bind})
    wanted = {"PrivilegeId": privilege(api, "prvDeleteContact"), "Depth": "3"}
    actions = f"roles({role})/Microsoft.Dynamics.CRM."
    answer = api.call("POST", f"{actions}AddPrivilegesRole", {"Privileges": [wanted]})
    assert (answer.status_code, answer.content) == (204, b"")
    found = api.call("GET", f"RetrieveRolePrivilegesRole(RoleId={role})").json()
    assert [(one["PrivilegeName"], one["Depth"]) for one in found["RolePrivileges"]] == [
        ("prvDeleteContact", "Global")
    ]
    names = api.values(f"roles({role})/roleprivileges_association", select="name")
    assert [one["name"] for one in names] == ["prvDeleteContact"]
    contact = api.create("contacts", {})
    assert application.call("DELETE", f"contacts({contact})").status_code == 403
    user = user_of(application)
    path = f"systemusers({user})/systemuserroles_association"
    reference = {"@odata.id": f"{api.root}roles({role})"}
    for _ in range(2):
        assert api.call("POST", f"{path}/$ref", reference).status_code == 204
    assert {one["name"] for one in api.values(path)} == {ROLE, "Deleter"}
    (expanded,) = api.values(
        "systemusers",
        filter=f"applicationid eq {APPLICATION_ID}",
        expand="systemuserroles_association($select=name)",
    )
    assert {one["name"] for one in expanded["systemuserroles_association"]} == {ROLE, "Deleter"}
    assert application.call("DELETE", f"contacts({contact})").status_code == 204
    assert api.call("DELETE", f"{path}({role})/$ref").status_code == 204
    assert [one["name"] for one in api.values(path)] == [ROLE]


@pytest.mark.parametrize(
    ("wanted", "status"),
    [
        ({"PrivilegeId": NOBODY, "Depth": "Global"}, 404),
        ({"Depth": "Global"}, 404),
        ("prvReadContact", 400),
    ],
)
def test_what_is_no_role_privilege_is_refused(api: Api, wanted: Any, status: int) -> None:
    path = f"roles({role_of(api)})/Microsoft.Dynamics.CRM.AddPrivilegesRole"
    assert refusal(api.call("POST", path, {"Privileges": [wanted]}))[0] == status
    assert refusal(api.call("POST", path, {"privileges": []}))[0] == 400
    assert refusal(api.call("GET", path))[0] == 405
    assert refusal(api.call("POST", f"{path}Twice", {}))[0] == 404


@pytest.mark.parametrize("depth", ["Everywhere", "9", None, "Basic"])
def test_depths_that_a_privilege_cannot_have(api: Api, depth: object) -> None:
    assert refusal(give(api, "prvReadUser", depth))[0] == 400  # users are the organisation's


def test_the_application_may_not_make_itself_an_administrator(api: Api, application: Api) -> None:
    administrator = role_of(api, "System Administrator")
    path = f"systemusers({user_of(application)})/systemuserroles_association/$ref"
    reference = {"@odata.id": f"{api.root}roles({administrator})"}
    assert refusal(application.call("POST", path, reference))[0] == 403
    assert refusal(application.call("GET", "roles"))[0] == 403
    path = f"roles({role_of(api)})/Microsoft.Dynamics.CRM.AddPrivilegesRole"
    assert refusal(application.call("POST", path, {"Privileges": []}))[0] == 403


def test_purposes_can_be_deactivated_by_an_administrator_and_never_deleted(api: Api) -> None:
    path = f"msdynmkt_purposes({COMMERCIAL})"
    assert api.call("PATCH", path, {"statecode": 1, "statuscode": 2}).status_code == 204
    assert api.call("GET", path).json()["statecode"] == 1
    assert refusal(api.call("DELETE", path))[:2] == (400, "0x80040265")


def test_the_administrator_has_an_identity_as_well(api: Api) -> None:
    administrator = Api(api.url, issued_token(api.url, ADMINISTRATOR.application_id))
    with administrator.session:
        assert user_of(administrator) == user_of(api) != NOBODY


SEED = """{
  "contactColumns": [{"name": "new_secret", "type": "String", "secured": true}],
  "customApis": [{"uniqueName": "msdynmkt_guarded_1", "executePrivilegeName": "prvGuarded"},
                 {"uniqueName": "msdynmkt_function_1", "isFunction": true}],
  "rows": {"businessunits": [
    {"businessunitid": "00000000-0000-0000-0000-0000000000b2", "name": "North",
     "parentbusinessunitid": "00000000-0000-0000-0000-0000000000b1"}
  ]},
  "security": {
    "users": [{"fullName": "app", "applicationId": "a1b2c3d4-0000-4000-8000-000000000001",
               "roles": ["R"]}],
    "roles": {"R": {"prvCreateContact": "Basic", "prvReadContact": "Deep"}}
  }
}"""


@pytest.fixture
def other(tmp_path: Path) -> Iterator[tuple[Api, Api]]:
    """Administrator and application user of another environment."""
    (tmp_path / "seed.json").write_text(SEED, "utf-8")
    with RunningDataverse(seed=tmp_path / "seed.json") as running:
        clients = Api(running.url), Api(running.url, issued_token(running.url))
        with clients[0].session, clients[1].session:
            yield clients


def test_a_custom_api_may_demand_a_privilege(other: tuple[Api, Api]) -> None:
    api, application = other
    assert api.call("POST", "msdynmkt_guarded_1", {}).status_code == 204
    status, _, message = refusal(application.call("POST", "msdynmkt_guarded_1", {}))
    assert (status, "PrivilegeName: prvGuarded" in message) == (403, True)
    (row,) = api.values("customapis", filter="uniquename eq 'msdynmkt_guarded_1'")
    assert row["executeprivilegename"] == "prvGuarded"
    assert refusal(api.call("POST", "msdynmkt_function_1", {}))[0] == 405


def test_a_secured_column_is_for_administrators(other: tuple[Api, Api]) -> None:
    api, application = other
    assert api.call("POST", "contacts", {"new_secret": "x"}).status_code == 204
    answer = application.call("POST", "contacts", {"new_secret": "x"})
    assert refusal(answer)[:2] == (403, "0x8004f502")


def test_business_units_inherit_roles_and_bound_depths(other: tuple[Api, Api]) -> None:
    api, application = other
    below = "00000000-0000-0000-0000-0000000000b2"
    root = "00000000-0000-0000-0000-0000000000b1"
    in_root = {"businessunitid@odata.bind": f"/businessunits({root})"}
    made = api.create("roles", {"name": "N", **in_root})
    roles = api.values("roles", filter="name eq 'N'")
    assert {one["_businessunitid_value"] for one in roles} == {root, below}
    assert {one["_parentrootroleid_value"] for one in roles} == {made}
    user = user_of(application)
    move = {"businessunitid@odata.bind": f"/businessunits({below})"}
    assert api.call("PATCH", f"systemusers({user})", move).status_code == 204
    path = f"systemusers({user})/systemuserroles_association/$ref"
    assert refusal(api.call("POST", path, {"@odata.id": f"roles({made})"}))[0] == 400
    own = next(one["roleid"] for one in roles if one["_businessunitid_value"] == below)
    assert api.call("POST", path, {"@odata.id": f"roles({own})"}).status_code == 204
    api.create("contacts", {})  # the root unit's: above, and so out of reach
    assert application.values("contacts") == []
    api.call("PATCH", f"systemusers({user})", in_root)
    assert len(application.values("contacts")) == 1


def test_an_unknown_role_in_a_seed_is_named(tmp_path: Path) -> None:
    (tmp_path / "seed.json").write_text(SEED.replace('["R"]', '["Q"]'), "utf-8")
    with pytest.raises(ValueError, match="no role 'Q' for user 'app'"):
        RunningDataverse(seed=tmp_path / "seed.json")


def test_users_roles_and_purposes_survive_a_restart(tmp_path: Path) -> None:
    with RunningDataverse(data=tmp_path) as running:
        first = Api(running.url)
        take(first, "prvCreateContact")
        first.call("PATCH", f"msdynmkt_purposes({COMMERCIAL})", {"statecode": 1})
        first.change_environment(applicationUser="disabled")
        first.session.close()
    with RunningDataverse(data=tmp_path) as running:
        second = Api(running.url)
        shown = second.session.get(f"{second.url}/_simulator/environment", timeout=20).json()
        assert shown["applicationUser"] == "disabled"
        (user,) = second.values("systemusers", filter=f"applicationid eq {APPLICATION_ID}")
        assert held(second, user["systemuserid"], "prvCreateContact", "prvReadContact") == {
            "prvReadContact": "Global"
        }
        assert second.call("GET", f"msdynmkt_purposes({COMMERCIAL})").json()["statecode"] == 1
        assert len(second.values("msdynmkt_purposes")) == 2
        second.session.close()


def test_a_data_file_of_an_earlier_version_keeps_the_seeds_users(tmp_path: Path) -> None:
    (tmp_path / "dataverse.json").write_text(
        '{"lastVersion": 1000005, "triggers": [], "tables": {"contacts": []}}', "utf-8"
    )
    with RunningDataverse(data=tmp_path) as running:
        application = Api(running.url, issued_token(running.url))
        with application.session:
            assert application.values("msdynmkt_purposes")
            assert application.create("contacts", {})
