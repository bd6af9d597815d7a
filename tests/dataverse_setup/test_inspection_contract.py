"""What can be asked of an environment: the fake and the adapter on the simulator alike."""

from collections.abc import Callable

import pytest

from shared.dataverse.failures import NotAMember, PrivilegeMissing, UserDisabled
from shared.dataverse.ports import DataverseInspection
from shared.failures import TemporaryFailure
from shared.ports import Deadline
from shared.values.dataverse.definitions import KeyStatus, ParameterType
from shared.values.dataverse.depth import Depth
from tests.dataverse_setup.worlds import World, time
from tests.fakes.dataverse import APPLICATION_ID, COMMERCIAL, PRODUCT_NEWS

TRIGGER = "msdynmkt_doiconfirmed_1234567"


def test_the_token_names_the_application(world: World) -> None:
    identity = world.inspection.identity()
    assert (identity.application_id, identity.is_person) == (APPLICATION_ID, False)
    assert identity.credential == world.inspection.credential == "managed-identity"


def test_the_application_user_is_known(world: World) -> None:
    user = world.inspection.who_am_i(time())
    assert user.id
    assert user.business_unit_id == "00000000-0000-0000-0000-0000000000b1"


@pytest.mark.parametrize(
    ("state", "failure"), [("missing", NotAMember), ("disabled", UserDisabled)]
)
def test_who_may_not_come_in(world: World, state: str, failure: type[Exception]) -> None:
    world.set_user(state)
    with pytest.raises(failure):
        world.inspection.who_am_i(time())
    with pytest.raises(failure):
        world.inspection.purposes(time())
    world.set_user("enabled")
    assert world.inspection.purposes(time())


def test_unavailable_is_temporary(world: World) -> None:
    world.refuse(503)
    with pytest.raises(TemporaryFailure):
        world.inspection.who_am_i(time())
    with pytest.raises(TemporaryFailure):
        world.inspection.who_am_i(Deadline(0))


def test_privileges_that_are_held(world: World) -> None:
    user = world.inspection.who_am_i(time()).id
    asked = ("prvReadContact", "prvCreateContact", "prvDeleteContact", "prvNope", "prvReadEntity")
    assert world.inspection.held(user, asked, time()) == {
        "prvReadContact": Depth.GLOBAL,
        "prvCreateContact": Depth.BASIC,
        "prvReadEntity": Depth.GLOBAL,
    }
    world.take("prvReadContact")
    assert "prvReadContact" not in world.inspection.held(user, asked, time())


def test_privileges_by_table_and_by_name(world: World) -> None:
    found = world.inspection.privileges_of(["contact", "customapi", "nope"], time())
    assert set(found) == {"contact", "customapi"}
    names = {one.right: one.name for one in found["contact"]}
    assert (names["Create"], names["AppendTo"]) == ("prvCreateContact", "prvAppendToContact")
    assert "prvReadCustomAPI" in [one.name for one in found["customapi"]]
    create = next(one for one in found["contact"] if one.right == "Create")
    assert Depth.BASIC in create.depths
    named = world.inspection.privileges_named(["prvReadEntity", "prvNope"], time())
    assert set(named) == {"prvReadEntity"}
    assert Depth.GLOBAL in named["prvReadEntity"].depths
    assert world.inspection.privileges_named([], time()) == {}


def test_a_table_with_key_and_lookup(world: World) -> None:
    table = world.inspection.table_of("new_doiregistrations", time())
    assert table is not None
    assert table == world.inspection.table("new_doiregistration", time())
    key = table.key_of("new_registrationid")
    assert key is not None
    assert key.status is KeyStatus.ACTIVE
    assert table.key_of("new_formid") is None
    lookup = table.lookup_by("new_ContactId")
    assert lookup is not None
    assert (lookup.column, lookup.target) == ("new_contactid", "contact")
    assert table.lookup_by("new_contactid") is None


def test_what_is_not_there(world: World) -> None:
    assert world.inspection.table_of("new_nopes", time()) is None
    assert world.inspection.table("new_nope", time()) is None
    assert world.inspection.trigger("msdynmkt_nope_1", time()) is None
    assert world.inspection.columns("contact", ["new_nope"], time()) == {}
    assert world.inspection.columns("contact", [], time()) == {}


def test_columns_of_every_kind(world: World) -> None:
    names = (
        *("firstname", "description", "fullname", "birthdate", "new_existingcustomer"),
        *("new_companysize", "new_interests"),
    )
    found = world.inspection.columns("contact", names, time())
    assert {name: found[name].kind for name in names} == {
        "firstname": "String",
        "description": "Memo",
        "fullname": "String",
        "birthdate": "DateTime",
        "new_existingcustomer": "Boolean",
        "new_companysize": "Picklist",
        "new_interests": "MultiSelectPicklist",
    }
    assert (found["firstname"].max_length, found["description"].max_length) == (50, 2000)
    assert [name for name in names if not found[name].can_be_written] == ["fullname"]
    assert [name for name in names if found[name].date_only] == ["birthdate"]
    sizes = frozenset({100000000, 100000001, 100000002})
    assert found["new_companysize"].options == found["new_interests"].options == sizes
    confirmed = world.inspection.columns("new_doiregistration", ["new_confirmedon"], time())
    assert not confirmed["new_confirmedon"].date_only


def test_purposes_and_topics(world: World) -> None:
    assert world.inspection.purposes(time())[COMMERCIAL].active
    topic = world.inspection.topics(time())[PRODUCT_NEWS]
    assert (topic.active, topic.purpose_id) == (True, COMMERCIAL)
    world.deactivate_purpose(COMMERCIAL)
    assert not world.inspection.purposes(time())[COMMERCIAL].active


def test_a_trigger_with_its_parameters(world: World) -> None:
    trigger = world.inspection.trigger(TRIGGER, time())
    assert trigger is not None
    assert (trigger.is_action, trigger.execute_privilege) == (True, None)
    parameters = {name: (one.type, one.optional) for name, one in trigger.parameters.items()}
    assert parameters["msdynmkt_formid"] == (ParameterType.STRING, False)
    assert parameters["msdynmkt_bindingid"] == (ParameterType.STRING, True)
    assert parameters["msdynmkt_signaltimestamp"] == (ParameterType.DATE_TIME, False)
    assert TRIGGER in world.inspection.trigger_names(time())


@pytest.mark.parametrize(
    ("privilege", "ask"),
    [
        ("prvReadEntity", lambda one: one.table("contact", time())),
        ("prvReadAttribute", lambda one: one.columns("contact", ["firstname"], time())),
        ("prvReadCustomAPI", lambda one: one.trigger(TRIGGER, time())),
        ("prvReadmsdynmkt_purpose", lambda one: one.purposes(time())),
    ],
)
def test_a_missing_privilege_is_named(
    world: World, privilege: str, ask: Callable[[DataverseInspection], object]
) -> None:
    world.take(privilege)
    with pytest.raises(PrivilegeMissing, match=privilege) as failure:
        ask(world.inspection)
    assert failure.value.privilege == privilege
