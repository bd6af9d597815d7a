"""The row that starts a form's journey: what a form may say of it, and what is written."""

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from shared.values.column_value import FormChanged
from shared.values.contact import contact_of, trigger_of
from shared.values.form import Form
from shared.values.journey_row import NewJourneyRow, journey_row_of
from shared.values.registration import Source
from tests.examples import PEPPER, registration
from tests.values.form_definitions import Change, changed, mistakes
from tests.values.form_definitions import whitepaper as definition
from tests.values.test_contact import ANSWERS, FORM, confirmed
from tests.values.test_form_rules import put
from tests.values.test_form_schema import SCHEMA

ROW: dict[str, Any] = {
    "entitySet": "new_doiregistrations",
    "keyColumn": "new_registrationid",
    "contact": "new_ContactId",
    "columns": {
        "new_source": "website",
        "new_formid": {"fact": "form"},
        "new_campaign": {"fact": "campaign", "otherwise": "none"},
        "new_size": {"field": "companySize"},
    },
}


def by_row(change: Change | None = None) -> Change:
    """A change that puts the row, itself changed, in the trigger's place."""

    def replace(form: dict[str, Any]) -> None:
        del form["trigger"]
        form["journeyRow"] = ROW | {"columns": dict(ROW["columns"])}
        if change:
            change(form["journeyRow"])

    return replace


def form_with(columns: dict[str, Any], folder: Path) -> Form:
    return changed(folder, by_row(put("columns", value=columns)))


def test_a_row_in_the_place_of_the_trigger(tmp_path: Path) -> None:
    form = changed(tmp_path, by_row())
    assert form.trigger is None
    assert form.journey_row is not None
    assert form.journey_row.fields() == {"companySize"}


def test_settings_are_filled_in(tmp_path: Path) -> None:
    form = changed(tmp_path, by_row(put("columns", "new_source", value="%FORM_WEBSITE_URL%")))
    assert form.journey_row is not None
    assert form.journey_row.columns["new_source"] == "https://www.contoso.example"


@pytest.mark.parametrize(
    ("change", "pointer", "reason"),
    [
        (put("entitySet", value="new_Registrations"), "/entitySet", "pattern"),
        (put("entitySet", value="contacts(1)"), "/entitySet", "pattern"),
        (put("keyColumn", value="new_RegistrationId"), "/keyColumn", "pattern"),
        (put("contact", value="new_ContactId@odata.bind"), "/contact", "pattern"),
        (put("key", value="x"), "/key", "is unknown here"),
        (put("columns", "new_X", value="x"), "/columns/new_X", "pattern"),
        (put("columns", "new_source", value=""), "/columns/new_source", "at least 1 character"),
        (put("columns", "new_source", value=5), "/columns/new_source", "valid string"),
        (
            put("columns", "new_source", value={"fact": "weather"}),
            "/columns/new_source/fact",
            "'form', 'language'",
        ),
        (
            put("columns", "new_source", value={"field": "companySize", "otherwise": ""}),
            "/columns/new_source/otherwise",
            "at least 1 character",
        ),
        (put("columns", "new_registrationid", value="x"), "", "app itself: new_registrationid"),
        (put("columns", "new_contactid", value="x"), "", "set by the app itself: new_contactid"),
        (put("columns", "new_x", value={"field": "age"}), "/columns", "unknown fields: age"),
    ],
)
def test_a_mistake_in_the_row(tmp_path: Path, change: Change, pointer: str, reason: str) -> None:
    ((found_pointer, found_reason),) = mistakes(tmp_path, by_row(change))
    assert found_pointer == f"/journeyRow{pointer}"
    assert reason in found_reason


def test_exactly_one_of_trigger_and_row(tmp_path: Path) -> None:
    ((pointer, reason),) = mistakes(tmp_path, put("journeyRow", value=ROW))
    assert (pointer, "only one of them" in reason) == ("/journeyRow", True)
    ((pointer, reason),) = mistakes(tmp_path, lambda form: form.pop("trigger"))
    assert (pointer, "'trigger' or 'journeyRow'" in reason) == ("/trigger", True)


def test_an_editor_wants_exactly_one_of_them() -> None:
    def complaints(form: dict[str, Any]) -> int:
        return len(list(Draft202012Validator(SCHEMA).iter_errors(form)))

    trigger_only = definition()
    row_only = definition() | {"journeyRow": ROW}
    del row_only["trigger"]
    assert complaints(trigger_only) == complaints(row_only) == 0
    assert complaints(trigger_only | {"journeyRow": ROW}) == 1
    assert complaints({name: trigger_only[name] for name in trigger_only if name != "trigger"}) == 1


def test_the_row(tmp_path: Path) -> None:
    row = journey_row_of(confirmed(source=Source()), changed(tmp_path, by_row()))
    assert row == NewJourneyRow(
        entity_set="new_doiregistrations",
        key_column="new_registrationid",
        key=registration().id,
        contact="new_ContactId",
        columns={
            "new_source": "website",
            "new_formid": "whitepaper",
            "new_campaign": "none",
            "new_size": 100000001,
        },
    )
    assert row.address == f"new_doiregistrations(new_registrationid='{registration().id}')"


def test_answers_as_their_own_columns_have_them(tmp_path: Path) -> None:
    fields = ("firstName", "interests", "projectStart", "existingCustomer", "asset")
    form = form_with({f"new_{each.lower()}": {"field": each} for each in fields}, tmp_path)
    row = journey_row_of(confirmed(), form)
    assert row is not None
    assert row.columns == {
        "new_firstname": "Anna",
        "new_interests": "100000000,100000002",
        "new_projectstart": "2027-01-01",
        "new_existingcustomer": False,
        "new_asset": "consent-that-holds",
    }


def test_what_is_not_known_is_not_written_unless_there_is_something_else(tmp_path: Path) -> None:
    columns = {
        "new_phone": {"field": "phone"},
        "new_jobtitle": {"field": "jobTitle", "otherwise": "unknown"},
        "new_page": {"fact": "pageUrl"},
        "new_campaign": {"fact": "campaign", "otherwise": "none"},
    }
    row = journey_row_of(confirmed(source=Source()), form_with(columns, tmp_path))
    assert row is not None
    assert row.columns == {"new_jobtitle": "unknown", "new_campaign": "none"}


def test_it_belongs_to_the_contact_of_its_form(tmp_path: Path) -> None:
    form = changed(tmp_path, by_row())
    assert contact_of(confirmed(), form, PEPPER).journey_row == journey_row_of(confirmed(), form)
    assert contact_of(confirmed(), FORM, PEPPER).journey_row is None


def test_an_option_that_the_form_lost_is_named_and_never_the_answer(tmp_path: Path) -> None:
    form = form_with({"new_size": {"field": "companySize"}}, tmp_path)
    answers = ANSWERS | {"companySize": "enormous"}
    with pytest.raises(FormChanged, match="'companySize' no longer has the option") as refused:
        journey_row_of(confirmed(answers), form)
    assert "enormous" not in str(refused.value)


def test_no_trigger_for_a_form_without_one(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="of a form that has one"):
        trigger_of(confirmed(), changed(tmp_path, by_row()))
