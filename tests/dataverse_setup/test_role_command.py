"""`doi dataverse role`: shown, made, completed, assigned; and made twice."""

import pytest

from shared.doctor.dataverse_checks import check_dataverse
from shared.failures import TemporaryFailure
from shared.values.check import State
from shared.values.dataverse.depth import Depth
from tests.dataverse_setup.commands import (
    DONE,
    NO_ANSWER,
    NOT_ALL_DONE,
    NOTHING_FOUND,
    REFUSED,
    WRONG_USAGE,
    Doi,
)
from tests.dataverse_setup.outside import SetUpOutside, changed, with_row
from tests.dataverse_setup.worlds import ROLE, FakeWorld, SimulatorWorld, World, time
from tests.examples import sample_forms
from tests.fakes.dataverse import APPLICATION_ID

STRANGER = "99999999-0000-4000-8000-000000000001"


@pytest.fixture
def doi(world: World, monkeypatch: pytest.MonkeyPatch) -> Doi:
    monkeypatch.setenv("COLUMNS", "200")
    return Doi(SetUpOutside(world, by_administrator=True))


def test_the_least_role_is_shown_with_reasons(doi: Doi) -> None:
    result = doi("role")
    assert result.exit_code == DONE, result.output
    assert "Security role Headless double opt-in" in result.stdout
    assert "prvCreateContact" in result.stdout
    assert "Organization" in result.stdout
    assert "makes the contact of a new person" in result.stdout
    listed = doi.printed("role")
    assert len(listed["privileges"]) == 26
    assert listed["privileges"][0] == {
        "privilege": "prvCreateContact",
        "depth": "Basic",
        "why": "makes the contact of a new person",
        "inRole": listed["privileges"][0]["inRole"],
    }


def test_a_form_with_a_row_needs_its_table(doi: Doi) -> None:
    doi.outside.forms = {"newsletter": with_row(sample_forms()["newsletter"])}
    names = [one["privilege"] for one in doi.printed("role")["privileges"]]
    assert names[-3:] == [
        "prvCreatenew_doiregistration",
        "prvReadnew_doiregistration",
        "prvAppendnew_doiregistration",
    ]


def test_what_is_to_come_is_named(doi: Doi) -> None:
    newsletter = sample_forms()["newsletter"]
    trigger = {"name": "msdynmkt_later_1", "attributes": {}}
    doi.outside.forms = {
        "newsletter": changed(newsletter, trigger=trigger),
        "row": with_row(newsletter, entitySet="abc_signups"),
    }
    for arguments in ((), ("--create", "--yes")):
        result = doi("role", *arguments)
        assert result.exit_code == DONE, result.output
        assert "msdynmkt_later_1 is not there yet" in result.stderr
        assert "abc_signups is not there yet" in result.stderr


def test_the_seeded_role_is_the_least_one(real: SimulatorWorld) -> None:
    """What the local stack's application user has: no more and no less than is needed."""
    forms = sample_forms()
    wanted = {**forms, "row": with_row(forms["newsletter"])}
    outside = SetUpOutside(real, forms=wanted, by_administrator=True)
    needed = {one["privilege"]: one["depth"] for one in Doi(outside).printed("role")["privileges"]}
    assert all(one["inRole"] for one in Doi(outside).printed("role")["privileges"])
    role = real.administration.role(ROLE, time())
    assert role is not None
    names = {
        row["privilegeid"]: row["name"]
        for row in real.api.values(f"roles({role.id})/roleprivileges_association")
    }
    assert {names[one]: depth.value for one, depth in role.depths.items()} == needed


def test_without_dataverse_the_documented_names_are_shown() -> None:
    world = FakeWorld()
    world.set_user("missing")
    result = Doi(SetUpOutside(world))("role")
    assert result.exit_code == DONE
    assert "prvCreateContact" in result.stdout
    assert "could not be asked" in result.stderr
    assert "and what it has, is not known" in result.stderr


def test_a_role_that_is_not_there_is_told(doi: Doi) -> None:
    result = doi("role", "--name", "Fresh")
    assert result.exit_code == DONE
    assert "The environment has no role Fresh: make it with --create." in result.stderr
    assert "in role" not in result.stdout


def test_a_role_is_made_completed_and_assigned(world: World, doi: Doi) -> None:
    administration = world.administration
    made = doi.printed("role", "--name", "Fresh", "--create", "--assign", "--yes")
    assert (len(made["added"]), made["assigned"]) == (26, True)
    role = administration.role("Fresh", time())
    assert role is not None
    assert (role.id, len(role.depths)) == (made["id"], 26)
    user = administration.application_user(APPLICATION_ID, time())
    assert user is not None
    assert role.id in user.role_ids
    again = doi.printed("role", "--name", "Fresh", "--create", "--assign", "--yes")
    assert again == {"role": "Fresh", "id": role.id, "added": [], "assigned": False}
    doi.outside.forms = {"newsletter": with_row(sample_forms()["newsletter"])}
    completed = doi.printed("role", "--name", "Fresh", "--create", "--yes")
    assert completed["added"] == [
        "prvCreatenew_doiregistration",
        "prvReadnew_doiregistration",
        "prvAppendnew_doiregistration",
    ]


def test_the_role_of_who_erases_people_is_another_one(world: World, doi: Doi) -> None:
    doi.outside.forms = {"newsletter": with_row(sample_forms()["newsletter"])}
    listed = doi.printed("role", "--erasing")
    assert listed["role"] == "Headless double opt-in: erasing"
    assert {one["depth"] for one in listed["privileges"]} == {"Global"}
    assert [one["privilege"] for one in listed["privileges"]] == [
        "prvReadContact",
        "prvDeleteContact",
        "prvReadmsdynmkt_contactpointconsent4",
        "prvDeletemsdynmkt_contactpointconsent4",
        "prvReadnew_doiregistration",
        "prvDeletenew_doiregistration",
    ]
    made = doi.printed("role", "--erasing", "--create", "--yes")
    assert len(made["added"]) == 6
    assert not made["assigned"]
    role = world.administration.role("Headless double opt-in: erasing", time())
    assert role is not None
    assert doi.printed("role", "--erasing", "--create", "--yes")["added"] == []


def test_the_app_is_never_given_the_role_to_erase(doi: Doi) -> None:
    result = doi("role", "--erasing", "--create", "--assign", "--yes")
    assert result.exit_code == WRONG_USAGE
    listed = doi.printed("role")
    assert not [one for one in listed["privileges"] if "Delete" in one["privilege"]]


def test_nothing_is_taken_and_only_what_lacks_is_added(world: World, doi: Doi) -> None:
    administration = world.administration
    made = administration.create_role("Fresh", time())
    of_contact = world.inspection.privileges_of(["contact"], time())["contact"]
    ids = {one.right: one.id for one in of_contact}
    given = {ids["Delete"]: Depth.GLOBAL, ids["Create"]: Depth.DEEP, ids["Read"]: Depth.BASIC}
    administration.add_privileges(made.id, given, time())
    added = doi.printed("role", "--name", "Fresh", "--create", "--yes")["added"]
    assert "prvReadContact" in added
    assert "prvCreateContact" not in added
    role = administration.role("Fresh", time())
    assert role is not None
    assert role.depths[ids["Delete"]] is Depth.GLOBAL
    assert role.depths[ids["Create"]] is Depth.DEEP
    assert role.depths[ids["Read"]] is Depth.GLOBAL


def test_it_asks_first(world: World, doi: Doi) -> None:
    result = doi("role", "--name", "Fresh", "--create", answer="n\n")
    assert result.exit_code == NOT_ALL_DONE
    assert "prvCreateContact (User): makes the contact of a new person" in result.stderr
    assert world.administration.role("Fresh", time()) is None
    assert doi("role", "--name", "Fresh", "--create", answer="y\n").exit_code == DONE
    result = doi("role", "--name", "Fresh", "--assign", answer="n\n")
    assert result.exit_code == NOT_ALL_DONE
    assert f"Assign Fresh to application {APPLICATION_ID}?" in result.stderr


def test_what_the_made_role_gives_is_enough(real: SimulatorWorld) -> None:
    doi, by_the_app = Doi(SetUpOutside(real, by_administrator=True)), SetUpOutside(real)
    links = real.api.state()["tables"]["systemuserrolescollection"]
    for link in links:
        if link["systemuserid"] != real.api.call("GET", "WhoAmI").json()["UserId"]:
            path = f"systemusers({link['systemuserid']})/systemuserroles_association"
            assert real.api.call("DELETE", f"{path}({link['roleid']})/$ref").ok
    lacking = [check for check in check_dataverse(by_the_app) if check.state is State.MISSING]
    assert len(lacking) >= 11
    doi.printed("role", "--name", "Fresh", "--create", "--assign", "--yes")
    assert {check.state for check in check_dataverse(by_the_app)} == {State.OK}


def test_there_is_no_such_application_user(doi: Doi) -> None:
    result = doi("role", "--create", "--assign", "--yes", "--application", STRANGER)
    assert result.exit_code == NOTHING_FOUND
    assert f"no application user with ID {STRANGER}" in result.stderr


def test_a_role_that_is_not_there_cannot_be_assigned(doi: Doi) -> None:
    result = doi("role", "--name", "Nope", "--assign", "--yes")
    assert result.exit_code == NOTHING_FOUND
    assert "make it with --create" in result.stderr


@pytest.mark.parametrize(
    "arguments", [("--assign",), ("--assign", "--application", "no-guid"), ("--nope",)]
)
def test_wrong_usage(doi: Doi, arguments: tuple[str, ...]) -> None:
    doi.outside.client_id = None
    assert doi("role", *arguments).exit_code == WRONG_USAGE


def test_a_privilege_that_the_environment_lacks() -> None:
    world = FakeWorld()
    doi = Doi(SetUpOutside(world, by_administrator=True))
    del world.dataverse.tables["msdynmkt_purpose"]
    result = doi("role", "--create", "--yes")
    assert result.exit_code == REFUSED
    assert "Customer Insights - Journeys has to be installed" in result.stderr
    assert world.dataverse.roles == {}


def test_the_app_itself_may_not_make_roles(real: SimulatorWorld) -> None:
    doi = Doi(SetUpOutside(real))
    real.take("prvReadEntity")
    result = doi("role", "--create", "--yes")
    assert (result.exit_code, "prvReadEntity" in result.stderr) == (REFUSED, True)
    real.reset()
    real.administration = real.administration_as("")
    result = doi("role", "--create", "--yes")
    assert result.exit_code == REFUSED
    assert "lacks the privilege prvReadBusinessUnit; use the login of a System" in result.stderr


def test_dataverse_that_does_not_answer() -> None:
    world = FakeWorld()
    doi = Doi(SetUpOutside(world, by_administrator=True))
    world.dataverse.failures += [TemporaryFailure("503")] * 8
    result = doi("role", "--create", "--yes")
    assert (result.exit_code, "try again" in result.stderr) == (NO_ANSWER, True)
