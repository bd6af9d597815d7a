"""What the doctor finds in Dataverse, and the step that mends it."""

from dataclasses import replace

import pytest

from shared.doctor.dataverse_checks import check_dataverse
from shared.doctor.dataverse_trigger_checks import similar_names
from shared.failures import PermanentFailure
from shared.values.check import Check, State
from shared.values.dataverse.definitions import (
    ColumnDefinition,
    KeyStatus,
    LookupDefinition,
    ParameterType,
    TriggerParameter,
)
from shared.values.dataverse.depth import Depth
from shared.values.form import Form
from tests.dataverse_setup.outside import (
    SetUpOutside,
    changed,
    with_attributes,
    with_column,
    with_consent,
    with_row,
)
from tests.dataverse_setup.worlds import FakeWorld, SimulatorWorld, World
from tests.examples import sample_forms
from tests.fakes.dataverse import APPLICATION_ID, COMMERCIAL, OTHER_PURPOSE, text

NEWSLETTER, WHITEPAPER = sample_forms()["newsletter"], sample_forms()["whitepaper"]
NOWHERE = "99999999-9999-4999-8999-999999999999"
TRIGGER = "msdynmkt_doiconfirmed_1234567"
TABLES = (
    *("contact", "msdynmkt_contactpointconsent4", "msdynmkt_purpose", "msdynmkt_topic"),
    *("msdynmkt_compliancesettings4", "customapi", "customapirequestparameter", "sdkmessage"),
    *("catalog", "catalogassignment"),
)


def found(world: World, *forms: Form) -> dict[str, Check]:
    """All checks by name; each that is not well says what to do, and none comes twice."""
    outside = SetUpOutside(world)
    if forms:
        outside.forms = {form.id: form for form in forms}
    checks = list(check_dataverse(outside))
    by_name = {check.name: check for check in checks}
    assert len(by_name) == len(checks)
    assert all((check.state is State.OK) == (check.mend is None) for check in checks)
    return by_name


def wrong(world: World, *forms: Form) -> dict[str, Check]:
    """Those that are not well."""
    checks = found(world, *forms)
    return {name: check for name, check in checks.items() if check.state is not State.OK}


def test_all_is_well_with_the_sample_forms(world: World) -> None:
    names = found(world)
    assert {check.state for check in names.values()} == {State.OK}
    assert list(names) == [
        "Dataverse token",
        "Dataverse user",
        *(f"privileges on {table}" for table in TABLES),
        "privileges on definitions",
        *(
            f"form {form}: {aspect}"
            for form in ("newsletter", "webinar", "whitepaper")
            for aspect in ("columns", "consents", "trigger")
        ),
    ]
    assert APPLICATION_ID in names["Dataverse token"].found
    assert names["privileges on contact"].found.startswith("prvCreateContact, prvReadContact")
    assert names["form newsletter: columns"].found == (
        "emailaddress1, firstname, lastname, new_signupsource, new_withdrawlink"
    )
    assert names["form newsletter: trigger"].found == TRIGGER


def test_a_journey_row_is_well_too(world: World) -> None:
    names = found(world, with_row(NEWSLETTER))
    rights = ("privileges on new_doiregistration", "form newsletter: journey row")
    if isinstance(world, FakeWorld):  # whose role has none for the table
        assert names[rights[0]].state is State.MISSING
    else:
        assert names[rights[0]].state is State.OK
    assert names[rights[1]].state is State.OK


def test_there_is_no_token() -> None:
    world = FakeWorld()
    world.dataverse.has_token = False
    (check,) = found(world).values()
    assert (check.name, check.state) == ("Dataverse token", State.MISSING)
    assert "AZURE_CLIENT_ID" in (check.mend or "")
    world.dataverse.credential = "azure-cli"
    (check,) = found(world).values()
    assert check.mend is not None
    assert check.mend.startswith("az login")


def test_a_person_is_told_that_the_app_may_have_other_privileges() -> None:
    world = FakeWorld()
    world.dataverse.is_person = True
    assert "of a person" in found(world)["Dataverse token"].found
    world.set_user("missing")
    assert "az login" in (found(world)["Dataverse user"].mend or "")


def test_a_token_that_names_nobody() -> None:
    world = FakeWorld()
    world.dataverse.application_id = None
    assert "does not name" in found(world)["Dataverse token"].found


def test_the_application_user_is_missing(world: World) -> None:
    world.set_user("missing")
    checks = found(world)
    assert list(checks) == ["Dataverse token", "Dataverse user"]
    mend = checks["Dataverse user"].mend or ""
    assert checks["Dataverse user"].state is State.MISSING
    assert "Settings → Users + permissions → Application users → New app user" in mend
    assert f"Application (client) ID {APPLICATION_ID}, not for the name" in mend


def test_the_application_user_is_deactivated(world: World) -> None:
    world.set_user("disabled")
    mend = found(world)["Dataverse user"].mend or ""
    assert mend.endswith(f"the user with ID {APPLICATION_ID} → Activate")


def test_another_address_answers() -> None:
    world = FakeWorld()
    world.dataverse.failures.append(PermanentFailure("not an answer of the Dataverse Web API"))
    assert "DATAVERSE_URL" in (found(world)["Dataverse user"].mend or "")


def test_dataverse_does_not_answer_now(world: World) -> None:
    world.refuse(503)
    check = found(world)["Dataverse user"]
    assert (check.state, check.mend) == (State.UNKNOWN, "try again later")


@pytest.mark.parametrize(
    ("privilege", "subject", "why"),
    [
        ("prvCreateContact", "contact", "(User: makes the contact of a new person)"),
        ("prvReadContact", "contact", "(Organization: looks whether the address is known)"),
        ("prvWritemsdynmkt_contactpointconsent4", "msdynmkt_contactpointconsent4", "opts in again"),
        ("prvAppendTomsdynmkt_topic", "msdynmkt_topic", "topic"),
        ("prvReadSdkMessage", "sdkmessage", "calls the trigger"),
    ],
)
def test_a_missing_privilege(world: World, privilege: str, subject: str, why: str) -> None:
    world.take(privilege)
    (check,) = wrong(world).values()
    assert (check.name, check.state) == (f"privileges on {subject}", State.MISSING)
    assert check.found.startswith(f"{privilege} is missing (")
    assert why in check.found
    assert "doi dataverse role --create --assign" in (check.mend or "")


def test_a_privilege_that_does_not_reach_far_enough() -> None:
    world = FakeWorld()
    world.dataverse.held_depths["prvReadContact"] = Depth.LOCAL
    (check,) = wrong(world).values()
    assert check.found.startswith(
        "prvReadContact reaches Business unit, and has to reach Organization"
    )


@pytest.mark.parametrize(
    ("privilege", "blind"),
    [
        ("prvReadEntity", {"columns"}),
        ("prvReadCustomAPIRequestParameter", {"trigger"}),
        ("prvReadmsdynmkt_purpose", {"consents"}),
        ("prvReadmsdynmkt_topic", {"consents"}),
    ],
)
def test_what_cannot_be_seen_is_unknown_and_not_missing(
    world: World, privilege: str, blind: set[str]
) -> None:
    world.take(privilege)
    checks = wrong(world, WHITEPAPER)
    unknown = {name for name, check in checks.items() if check.state is State.UNKNOWN}
    assert {f"form whitepaper: {aspect}" for aspect in blind} <= unknown
    missing = [check for check in checks.values() if check.state is State.MISSING]
    assert [f"{privilege} is missing" in check.found for check in missing] == [True]


def test_a_trigger_that_demands_a_privilege() -> None:
    world = FakeWorld()
    trigger = world.dataverse.triggers[TRIGGER]
    world.dataverse.triggers[TRIGGER] = replace(trigger, execute_privilege="prvGuarded")
    check = wrong(world, NEWSLETTER)["privileges to call triggers"]
    assert "prvGuarded is missing" in check.found
    assert f"calls {TRIGGER}" in check.found
    world.dataverse.held_depths["prvGuarded"] = Depth.BASIC
    assert wrong(world, NEWSLETTER) == {}


def test_an_unknown_column(world: World) -> None:
    (check,) = wrong(world, with_column(NEWSLETTER, "firstName", "new_nope")).values()
    assert (check.name, check.state) == ("form newsletter: column new_nope", State.MISSING)
    assert check.found == "table contact has no column new_nope"
    assert (check.mend or "").startswith("correct /fields/1/column in newsletter.json; or make")


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        (with_column(NEWSLETTER, "firstName", "firstname", maxLength=60), "takes 50 characters"),
        (with_column(NEWSLETTER, "firstName", "birthdate"), "is of type DateTime (date only)"),
        (with_column(NEWSLETTER, "firstName", "new_companysize"), "is of type Picklist"),
        (with_column(NEWSLETTER, "firstName", "fullname"), "cannot be written"),
        (with_column(NEWSLETTER, "email", "new_newsletterlanguage"), "takes 10 characters"),
        (changed(NEWSLETTER, withdrawLink="new_assetid"), "takes 100 characters, and up to 400"),
        (
            with_column(WHITEPAPER, "companySize", "new_signupsource"),
            "an option's number is written",
        ),
    ],
)
def test_a_column_that_does_not_take_the_answer(world: World, form: Form, reason: str) -> None:
    (check,) = wrong(world, form).values()
    assert reason in check.found, check.found
    assert f"in {form.id}.json" in (check.mend or "")


def test_options_that_the_column_lacks(world: World) -> None:
    fields = WHITEPAPER.model_dump(mode="json", by_alias=True, exclude_none=True)["fields"]
    size = next(one for one in fields if one["id"] == "companySize")
    size["options"][0]["dataverseValue"] = 7
    (check,) = wrong(world, changed(WHITEPAPER, fields=fields)).values()
    assert "new_companysize has no option 7; it has 100000000, 100000001, 100000002" in check.found


def test_a_secured_column() -> None:
    world = FakeWorld()
    columns = world.dataverse.table_columns["contact"]
    columns["firstname"] = replace(columns["firstname"], secured=True)
    (check,) = wrong(world, NEWSLETTER).values()
    assert "column security profile" in (check.mend or "")


def test_what_linkedin_leads_write_is_looked_at(world: World) -> None:
    linked_in = NEWSLETTER.model_dump(mode="json", by_alias=True, exclude_none=True)["linkedIn"]
    columns = {"new_existingcustomer": "yes", "new_companysize": 100000001}
    form = changed(NEWSLETTER, linkedIn={**linked_in, "columns": columns})
    (check,) = wrong(world, form).values()
    assert "new_existingcustomer is of type Boolean, and text is written" in check.found
    assert "/linkedIn/columns/new_existingcustomer" in (check.mend or "")


def test_an_unknown_purpose_came_from_a_setting(world: World) -> None:
    (check,) = wrong(world, with_consent(NEWSLETTER, purposeId=NOWHERE)).values()
    assert check.name == "form newsletter: purpose of consent newsletter"
    assert check.found == f"there is no purpose {NOWHERE}"
    mend = check.mend or ""
    assert "the setting FORM_PURPOSE_COMMERCIAL (%FORM_PURPOSE_COMMERCIAL%" in mend
    assert f"Commercial {COMMERCIAL}" in mend


def test_an_inactive_purpose(world: World) -> None:
    world.deactivate_purpose(COMMERCIAL)
    checks = wrong(world, NEWSLETTER)
    (check,) = checks.values()
    assert check.found == f"purpose Commercial ({COMMERCIAL}) is inactive"
    assert "Compliance profiles" in (check.mend or "")


def test_a_topic_of_another_purpose(world: World) -> None:
    index = next(i for i, one in enumerate(WHITEPAPER.consents) if one.topic_id)
    consents = WHITEPAPER.model_dump(mode="json", by_alias=True, exclude_none=True)["consents"]
    consents[index]["purposeId"] = OTHER_PURPOSE
    (check,) = wrong(world, changed(WHITEPAPER, consents=consents)).values()
    assert check.name == f"form whitepaper: topic of consent {WHITEPAPER.consents[index].id}"
    assert f"belongs to purpose {COMMERCIAL}, not to {OTHER_PURPOSE}" in check.found
    assert "FORM_TOPIC_PRODUCT_NEWS" in (check.mend or "")


def test_a_topic_that_is_unknown_or_inactive() -> None:
    world = FakeWorld()
    topics = world.dataverse.known_topics
    (topic,) = topics.values()
    topics[topic.id] = replace(topic, active=False)
    (check,) = wrong(world, WHITEPAPER).values()
    assert check.found.endswith("is inactive")
    topics.clear()
    (check,) = wrong(world, WHITEPAPER).values()
    assert check.found == f"there is no topic {topic.id}"


def test_an_unknown_trigger_has_similar_ones(world: World) -> None:
    form = changed(
        NEWSLETTER,
        trigger={**NEWSLETTER.model_dump(mode="json", by_alias=True)["trigger"],
                 "name": "msdynmkt_doiconfirmed_7654321"},
    )  # fmt: skip
    (check,) = wrong(world, form).values()
    assert check.found == (
        f"there is no trigger msdynmkt_doiconfirmed_7654321; similar ones are {TRIGGER},"
        " msdynmkt_whitepaperconfirmed_7654321"
    )
    mend = check.mend or ""
    assert mend.startswith("correct the setting FORM_TRIGGER_NEWSLETTER")
    assert "first line of the code snippet" in mend


@pytest.mark.parametrize(
    ("name", "similar"),
    [
        ("msdynmkt_doiconfirmed_9", [TRIGGER]),
        ("msdynmkt_doiconfirmd_1234567", [TRIGGER]),
        ("msdynmkt_somethingelse_1", []),
    ],
)
def test_similar_names(name: str, similar: list[str]) -> None:
    assert similar_names(name, (TRIGGER, "msdynmkt_zzz_55")) == similar


def test_a_required_parameter_is_not_sent(world: World) -> None:
    (check,) = wrong(world, with_attributes(NEWSLETTER, msdynmkt_campaign=None)).values()
    assert check.name == "form newsletter: trigger attribute msdynmkt_campaign"
    assert check.found == f"{TRIGGER} requires msdynmkt_campaign, and the form does not send it"
    assert check.mend == "give /trigger/attributes/msdynmkt_campaign a source in newsletter.json"


def test_an_undeclared_parameter(world: World) -> None:
    (check,) = wrong(world, with_attributes(NEWSLETTER, msdynmkt_nope="x")).values()
    assert check.found == f"{TRIGGER} declares no msdynmkt_nope"
    assert "It has: msdynmkt_campaign, msdynmkt_formid" in (check.mend or "")


def with_parameter(world: FakeWorld, name: str, parameter: TriggerParameter | None) -> None:
    trigger = world.dataverse.triggers[TRIGGER]
    parameters = {**trigger.parameters}
    if parameter is None:
        del parameters[name]
    else:
        parameters[name] = parameter
    world.dataverse.triggers[TRIGGER] = replace(trigger, parameters=parameters)


@pytest.mark.parametrize(
    ("kind", "source", "fits"),
    [
        (ParameterType.STRING, "x", True),
        (ParameterType.INTEGER, "5", False),
        (ParameterType.ENTITY_REFERENCE, "x", False),
        (ParameterType.DATE_TIME, {"fact": "confirmedAt"}, True),
        (ParameterType.DATE_TIME, {"fact": "campaign"}, False),
        (ParameterType.DATE_TIME, "2026-11-22T10:00:00Z", True),
        (ParameterType.DATE_TIME, "2026-11-22", False),
        (ParameterType.GUID, {"fact": "registrationId"}, True),
        (ParameterType.GUID, NOWHERE, True),
        (ParameterType.GUID, "x", False),
        (None, "x", False),
    ],
)
def test_types_of_parameters(kind: ParameterType | None, source: object, fits: bool) -> None:  # noqa: FBT001 - a case
    world = FakeWorld()
    with_parameter(world, "msdynmkt_source", TriggerParameter(type=kind, optional=False))
    checks = wrong(world, with_attributes(NEWSLETTER, msdynmkt_source=source))
    assert (checks == {}) == fits
    if not fits:
        (check,) = checks.values()
        words = kind.in_words if kind is not None else "unknown"
        assert f"msdynmkt_source is of type {words}, and the form sends text" in check.found


def test_an_optional_attribute_that_is_not_sent_is_a_warning() -> None:
    world = FakeWorld()
    optional = TriggerParameter(type=ParameterType.STRING, optional=True)
    with_parameter(world, "msdynmkt_product", optional)
    (check,) = wrong(world, NEWSLETTER).values()
    assert (check.state, "ends in a failure" in check.found) == (State.WARNING, True)


def test_what_is_no_trigger_of_cij() -> None:
    world = FakeWorld()
    with_parameter(world, "msdynmkt_bindingid", None)
    (check,) = wrong(world, NEWSLETTER).values()
    assert "declares no msdynmkt_bindingid, which the app always sends" in check.found
    entity = TriggerParameter(type=ParameterType.ENTITY, optional=False)
    with_parameter(world, "msdynmkt_bindingid", entity)
    (check,) = wrong(world, NEWSLETTER).values()
    assert "msdynmkt_bindingid is of type entity" in check.found
    world.dataverse.triggers[TRIGGER] = replace(world.dataverse.triggers[TRIGGER], is_action=False)
    (check,) = wrong(world, NEWSLETTER).values()
    assert "is a function" in check.found


@pytest.mark.parametrize(
    ("changes", "name", "words"),
    [
        ({"entitySet": "new_nopes"}, "journey row", "no table with the entity set new_nopes"),
        ({"keyColumn": "new_formid", "columns": {}}, "key of the journey row", "no alternate key"),
        ({"keyColumn": "new_nope"}, "key of the journey row", "has no column new_nope"),
        (
            {"contact": "new_contactId"},
            "contact of the journey row",
            "it has new_ContactId (upper and lower case count)",
        ),
        (
            {"columns": {"new_nope": "x"}},
            "column new_nope of the journey row",
            "has no column new_nope",
        ),
        (
            {"columns": {"new_confirmedon": {"fact": "campaign"}}},
            "column new_confirmedon of the journey row",
            "is of type DateTime, and text is written",
        ),
        (
            {"columns": {"new_language": {"fact": "pageUrl"}}},
            "column new_language of the journey row",
            "takes 10 characters, and up to 2000 may be written",
        ),
    ],
)
def test_a_journey_row_that_does_not_fit(
    world: World, changes: dict[str, object], name: str, words: str
) -> None:
    checks = wrong(world, with_row(NEWSLETTER, **changes))
    checks.pop("privileges on new_doiregistration", None)  # the fake's role has none for it
    (check,) = checks.values()
    assert check.name == f"form newsletter: {name}"
    assert words in check.found, check.found


@pytest.mark.parametrize(
    ("status", "words"),
    [(KeyStatus.PENDING, "wait until"), (KeyStatus.FAILED, "doi dataverse table --create")],
)
def test_a_key_that_is_not_active(status: KeyStatus, words: str) -> None:
    world = FakeWorld()
    world.dataverse.set_key_status(status)
    check = wrong(world, with_row(NEWSLETTER))["form newsletter: key of the journey row"]
    assert status.value in check.found
    assert words in (check.mend or "")


def spoil(world: FakeWorld, column: ColumnDefinition) -> None:
    world.dataverse.table_columns["new_doiregistration"][column.name] = column


@pytest.mark.parametrize(
    ("spoiled", "words"),
    [
        (text("new_registrationid", 20), "no text column of at least 36 characters"),
        (replace(text("new_formid"), secured=True), "cannot be written by the app"),
    ],
)
def test_columns_of_the_row_that_are_spoiled(spoiled: ColumnDefinition, words: str) -> None:
    world = FakeWorld()
    spoil(world, spoiled)
    checks = wrong(world, with_row(NEWSLETTER))
    assert any(words in check.found for check in checks.values())


def test_a_lookup_to_something_else() -> None:
    world = FakeWorld()
    table = world.dataverse.tables["new_doiregistration"]
    lookup = LookupDefinition(column="new_contactid", navigation="new_ContactId", target="account")
    world.dataverse.tables[table.name] = replace(table, lookups=(lookup,))
    check = wrong(world, with_row(NEWSLETTER))["form newsletter: contact of the journey row"]
    assert "leads to account, not to contact" in check.found


def test_drafts_are_not_looked_at_and_archived_forms_are(world: World) -> None:
    broken = with_column(NEWSLETTER, "firstName", "new_nope")
    assert wrong(world, changed(broken, state="draft"), WHITEPAPER) == {}
    assert len(wrong(world, changed(broken, state="archived"), WHITEPAPER)) == 1


def test_everything_is_asked_for_once(real: SimulatorWorld) -> None:
    found(real, *sample_forms().values())
    requests = [entry["path"] for entry in real.api.state()["requests"]]
    assert len(requests) < 25
    purposes = [path for path in requests if path.startswith("msdynmkt_purposes")]
    triggers = [path for path in requests if path.startswith("customapis")]
    assert (len(purposes), len(triggers)) == (1, 2)
