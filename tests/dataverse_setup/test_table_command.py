"""`doi dataverse table`: shown, made, completed; and made twice."""

from dataclasses import replace
from typing import Any

import pytest

from shared.dataverse.table_making import make_table, plan_table, wait_for_key
from shared.doctor.dataverse_checks import check_dataverse
from shared.failures import PermanentFailure, TemporaryFailure
from shared.ports import Deadline
from shared.values.check import State
from shared.values.dataverse.definitions import KeyStatus
from shared.values.dataverse.registration_table import table_for, usual_row
from shared.values.form import Form
from shared.values.form_journey_row import JourneyRow
from tests.dataverse_setup.commands import (
    DONE,
    NO_ANSWER,
    NOT_ALL_DONE,
    REFUSED,
    SETTINGS_WRONG,
    WRONG_USAGE,
    Doi,
)
from tests.dataverse_setup.outside import SetUpOutside, changed, with_row
from tests.dataverse_setup.worlds import FakeWorld, SimulatorWorld, World, time
from tests.examples import sample_forms

NEWSLETTER = sample_forms()["newsletter"]
USUAL = ["abc_registrationid", "abc_formid", "abc_campaign", "abc_source", "abc_language",
         "abc_confirmedon"]  # fmt: skip


@pytest.fixture
def doi(world: World, monkeypatch: pytest.MonkeyPatch) -> Doi:
    monkeypatch.setenv("COLUMNS", "200")
    return Doi(SetUpOutside(world, by_administrator=True))


def started_by(printed: dict[str, Any]) -> Form:
    """The newsletter, with the snippet that the command printed."""
    definition = NEWSLETTER.model_dump(mode="json", by_alias=True, exclude_none=True)
    del definition["trigger"]
    return Form.model_validate({**definition, "journeyRow": printed["journeyRow"]})


def test_the_usual_table_is_shown_with_the_forms_part(doi: Doi) -> None:
    result = doi("table", "--prefix", "abc")
    assert result.exit_code == DONE, result.output
    assert "Table abc_doiregistration (entity set abc_doiregistrations)" in result.stdout
    assert '"keyColumn": "abc_registrationid"' in result.stdout
    assert '"abc_confirmedon": {\n      "fact": "confirmedAt"' in result.stdout
    (printed,) = doi.printed("table", "--prefix", "abc")
    assert (printed["complete"], printed["missing"], printed["key"]) == (False, USUAL, None)
    assert started_by(printed).journey_row


def test_a_table_that_is_there_is_complete(doi: Doi) -> None:
    doi.outside.forms = {"newsletter": with_row(NEWSLETTER)}
    (printed,) = doi.printed("table")
    assert (printed["table"], printed["complete"]) == ("new_doiregistration", True)
    result = doi("table")
    assert "key Active" in result.stdout
    assert "NO" not in result.stdout


def test_the_usual_table_is_made_and_takes_the_row(world: World, doi: Doi) -> None:
    (made,) = doi.printed("table", "--prefix", "abc", "--create", "--yes")
    assert (made["complete"], made["key"], made["missing"]) == (True, "Active", [])
    doi.outside.forms = {"newsletter": started_by(made)}
    by_the_app = SetUpOutside(world, forms=doi.outside.forms)
    wrong = [check for check in check_dataverse(by_the_app) if check.state is not State.OK]
    assert [check.name for check in wrong] == ["privileges on abc_doiregistration"]
    if isinstance(world, SimulatorWorld):
        doi.printed("role", "--create", "--assign", "--yes")
        assert {check.state for check in check_dataverse(by_the_app)} == {State.OK}
    (again,) = doi.printed("table", "--create", "--yes")
    assert again == made


def test_a_table_of_a_form_with_every_kind_of_column(real: SimulatorWorld) -> None:
    whitepaper = with_row(
        sample_forms()["whitepaper"],
        entitySet="abc_downloads",
        keyColumn="abc_key",
        contact="abc_PersonId",
        columns={
            "abc_size": {"field": "companySize"},
            "abc_topics": {"field": "interests"},
            "abc_start": {"field": "projectStart"},
            "abc_existing": {"field": "existingCustomer"},
            "abc_message": {"field": "message"},
            "abc_page": {"fact": "pageUrl", "otherwise": "none"},
            "abc_source": "website",
        },
    )
    forms = {"whitepaper": whitepaper}
    doi = Doi(SetUpOutside(real, forms=forms, by_administrator=True))
    (made,) = doi.printed("table", "--create", "--yes", "--solution", "Default")
    assert (made["table"], made["complete"]) == ("abc_download", True)
    doi.printed("role", "--create", "--assign", "--yes")
    by_the_app = SetUpOutside(real, forms=forms)
    assert {check.state for check in check_dataverse(by_the_app)} == {State.OK}
    row = {
        "abc_size": 100000001,
        "abc_topics": "100000000,100000002",
        "abc_start": "2027-01-31",
        "abc_existing": True,
        "abc_message": "a\nb",
    }
    assert real.api.call("PATCH", "abc_downloads(abc_key='r1')", row).status_code == 204


def test_what_lacks_is_added_and_nothing_else(world: World, doi: Doi) -> None:
    row = usual_row("abc")
    smaller = JourneyRow.model_validate(
        {**row.model_dump(by_alias=True), "columns": {"abc_formid": {"fact": "form"}}}
    )
    wanted = table_for(smaller, [NEWSLETTER])
    make_table(plan_table(wanted, world.inspection), world.administration, lambda _: None)
    (shown,) = doi.printed("table", "--prefix", "abc")
    assert shown["missing"] == USUAL[2:]
    result = doi("table", "--prefix", "abc", "--create", answer="n\n")
    assert result.exit_code == NOT_ALL_DONE
    assert "Make abc_campaign, abc_source, abc_language, abc_confirmedon in" in result.stderr
    (made,) = doi.printed("table", "--prefix", "abc", "--create", "--yes")
    assert made["complete"]


def test_the_prefix_is_the_publishers(doi: Doi) -> None:
    (printed,) = doi.printed("table", "--solution", "Default")
    assert printed["table"] == "new_doiregistration"


def test_only_the_table_of_one_form(doi: Doi) -> None:
    other = with_row(changed(sample_forms()["webinar"], id="webinar"), entitySet="new_others")
    doi.outside.forms = {"newsletter": with_row(NEWSLETTER), "webinar": other}
    assert [one["table"] for one in doi.printed("table")] == ["new_doiregistration", "new_other"]
    assert [one["table"] for one in doi.printed("table", "--form", "webinar")] == ["new_other"]


@pytest.mark.parametrize(
    "arguments", [("--form", "nope"), ("--solution", "nowhere"), ("--wait", "-1")]
)
def test_wrong_usage(doi: Doi, arguments: tuple[str, ...]) -> None:
    assert doi("table", *arguments).exit_code == WRONG_USAGE


def test_a_prefix_that_is_none(doi: Doi) -> None:
    result = doi("table", "--prefix", "N")
    assert (result.exit_code, "no customization prefix" in result.stderr) == (SETTINGS_WRONG, True)


def test_an_unknown_solution_makes_nothing(world: World, doi: Doi) -> None:
    result = doi("table", "--prefix", "abc", "--solution", "nowhere", "--create", "--yes")
    assert result.exit_code == REFUSED
    assert "no solution nowhere" in result.stderr
    assert world.inspection.table_of("abc_doiregistrations", time()) is None


def test_a_key_that_takes_too_long(world: World, doi: Doi) -> None:
    world.keys_take_long()
    result = doi("table", "--prefix", "abc", "--create", "--yes", "--wait", "1")
    assert result.exit_code == NO_ANSWER
    assert "the alternate key is not active yet" in result.stderr
    (printed,) = doi.printed("table", "--prefix", "abc")
    assert (printed["complete"], printed["key"]) == (False, "Pending")


def test_a_key_that_failed_is_built_once_more() -> None:
    world = FakeWorld()
    doi = Doi(SetUpOutside(world, forms={"newsletter": with_row(NEWSLETTER)}))
    world.dataverse.set_key_status(KeyStatus.FAILED)
    (made,) = doi.printed("table", "--create", "--yes")
    assert made["complete"]
    assert world.dataverse.published == []


def test_a_key_that_fails_again(real: SimulatorWorld) -> None:
    wanted = table_for(usual_row("abc"), [NEWSLETTER])
    real.administration.create_table(wanted, time())
    real.administration.add_column(wanted, wanted.key_column, time())
    for _ in range(2):
        real.api.create("abc_doiregistrations", {"abc_registrationid": "same"})
    doi = Doi(SetUpOutside(real))
    result = doi("table", "--prefix", "abc", "--create", "--yes")
    assert result.exit_code == REFUSED
    assert "rows have the same abc_registrationid; delete them" in result.stderr


def test_waiting_looks_again_until_the_key_is_active() -> None:
    world = FakeWorld()
    world.dataverse.set_key_status(KeyStatus.IN_PROGRESS)
    wanted = table_for(with_row(NEWSLETTER).journey_row or usual_row("new"), [NEWSLETTER])
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 2:
            world.dataverse.set_key_status(KeyStatus.ACTIVE)

    wait_for_key(wanted, world.inspection, Deadline(60), sleep)
    assert slept == [3.0, 3.0]
    world.dataverse.set_key_status(KeyStatus.PENDING)
    with pytest.raises(TemporaryFailure):
        wait_for_key(wanted, world.inspection, Deadline(1), sleep)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"entitySet": "contactes"}, "begins with a prefix"),
        ({"columns": {"new_confirmedon": {"fact": "form"}}}, "is there as DateTime"),
    ],
)
def test_what_is_there_is_never_changed(
    world: World, doi: Doi, changes: dict[str, Any], words: str
) -> None:
    doi.outside.forms = {"newsletter": with_row(NEWSLETTER, **changes)}
    result = doi("table", "--create", "--yes")
    assert result.exit_code in (REFUSED, SETTINGS_WRONG)
    assert words in result.stderr
    assert world.inspection.table_of("new_doiregistrations", time())


def test_a_lookup_or_a_table_of_another_kind() -> None:
    world = FakeWorld()
    wanted = table_for(usual_row("new"), [NEWSLETTER])
    table = world.dataverse.tables["new_doiregistration"]
    world.dataverse.tables[table.name] = replace(table, entity_set="new_signups")
    with pytest.raises(PermanentFailure, match="with the entity set new_signups"):
        plan_table(wanted, world.inspection)
    lookup = replace(table.lookups[0], target="account")
    world.dataverse.tables[table.name] = replace(table, lookups=(lookup,))
    with pytest.raises(PermanentFailure, match="leads to account"):
        plan_table(wanted, world.inspection)


def test_nobody_could_ask_what_is_there() -> None:
    world = FakeWorld()
    world.set_user("missing")
    result = Doi(SetUpOutside(world))("table")
    assert result.exit_code == DONE
    assert "new_registrationid" in result.stdout
    assert "could not be asked" in result.stderr
