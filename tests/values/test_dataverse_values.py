"""What columns take, what privileges are needed, and what table the forms need."""

from dataclasses import replace

import pytest

from shared.values.dataverse.definitions import ColumnDefinition, PrivilegeDefinition
from shared.values.dataverse.depth import Depth
from shared.values.dataverse.needed_privileges import (
    Needed,
    always_needed,
    named,
    needed_for_row,
    needed_for_trigger,
)
from shared.values.dataverse.registration_table import (
    TableUnclear,
    singular,
    table_for,
    usual_row,
)
from shared.values.dataverse.written_value import Kind, Written, misfit, of_constant, of_field
from shared.values.form_journey_row import JourneyRow
from tests.dataverse_setup.outside import with_row
from tests.examples import sample_forms
from tests.fakes.dataverse import text

NEWSLETTER, WHITEPAPER = sample_forms()["newsletter"], sample_forms()["whitepaper"]


@pytest.mark.parametrize(
    ("depth", "reached"),
    [(Depth.BASIC, 1), (Depth.LOCAL, 2), (Depth.DEEP, 3), (Depth.GLOBAL, 4)],
)
def test_depths_in_their_order(depth: Depth, reached: int) -> None:
    assert sum(depth.reaches(other) for other in Depth) == reached


COLUMNS = {
    "String": text("c", 10),
    "Memo": replace(text("c", 10), kind="Memo"),
    "day": ColumnDefinition(name="c", kind="DateTime", date_only=True),
    "instant": ColumnDefinition(name="c", kind="DateTime"),
    "Boolean": ColumnDefinition(name="c", kind="Boolean"),
    "Integer": ColumnDefinition(name="c", kind="Integer"),
    "Picklist": ColumnDefinition(name="c", kind="Picklist", options=frozenset({1, 2})),
    "choices": ColumnDefinition(name="c", kind="MultiSelectPicklist", options=frozenset({1, 2})),
    "id": ColumnDefinition(name="c", kind="Uniqueidentifier"),
    "Money": ColumnDefinition(name="c", kind="Money"),
}


@pytest.mark.parametrize(
    ("written", "taken_by"),
    [
        (Written(kind=Kind.TEXT, longest=10), {"String", "Memo"}),
        (Written(kind=Kind.TEXT, longest=11), set()),
        (Written(kind=Kind.DAY, longest=10), {"String", "Memo", "day"}),
        (Written(kind=Kind.INSTANT, longest=20), {"instant"}),
        (Written(kind=Kind.YES_NO), {"Boolean"}),
        (Written(kind=Kind.OPTION, options=(1,)), {"Picklist", "Integer"}),
        (Written(kind=Kind.OPTION, options=(1, 3)), {"Integer"}),
        (Written(kind=Kind.OPTIONS, longest=3, options=(1, 2)), {"String", "Memo", "choices"}),
        (Written(kind=Kind.OPTIONS, longest=30, options=(1, 3)), set()),
        (of_constant(value=True), {"Boolean"}),
        (of_constant(2), {"Picklist", "Integer"}),
        (of_constant("text"), {"String", "Memo"}),
        (of_constant("2026-11-22"), {"String", "Memo", "day"}),
        (of_constant("2026-11-22T10:00:00Z"), {"instant"}),
        (of_constant("2026-11-22T10:00:00"), set()),
        (of_constant("10000000-0000-0000-0000-000000000003"), {"id"}),
    ],
)
def test_which_columns_take_what(written: Written, taken_by: set[str]) -> None:
    assert {name for name, column in COLUMNS.items() if not misfit(written, column)} == taken_by


def test_what_the_fields_of_the_white_paper_write() -> None:
    kinds = {field.id: of_field(field) for field in WHITEPAPER.fields}
    assert (kinds["email"].kind, kinds["email"].longest) == (Kind.TEXT, 100)
    assert (kinds["phone"].kind, kinds["phone"].longest) == (Kind.TEXT, 16)
    assert (kinds["companySize"].kind, len(kinds["companySize"].options)) == (Kind.OPTION, 3)
    found = {one.kind for one in kinds.values()}
    assert {Kind.OPTIONS, Kind.YES_NO, Kind.DAY} <= found


def test_always_needed_is_documented_and_unique() -> None:
    names = [one.usual_name for one in always_needed()]
    assert len(names) == len(set(names)) == 26
    assert all(one.why for one in always_needed())
    assert {"prvCreateContact", "prvReadEntity", "prvReadCustomAPI"} <= set(names)
    rights = {one.right for one in always_needed() if one.table}
    assert rights == {"Create", "Read", "Write", "Append", "AppendTo"}


def test_a_row_and_a_trigger_need_more() -> None:
    assert [one.usual_name for one in needed_for_row("new_doiregistration")] == [
        "prvCreatenew_doiregistration",
        "prvReadnew_doiregistration",
        "prvAppendnew_doiregistration",
    ]
    assert needed_for_trigger("msdynmkt_x", None) == ()
    (one,) = needed_for_trigger("msdynmkt_x", "prvGuarded")
    assert one.usual_name == "prvGuarded"


def test_names_and_depths_are_those_of_the_environment() -> None:
    organisation_only = PrivilegeDefinition(
        id="1", name="prvCREATEcontact", right="Create", depths=frozenset({Depth.GLOBAL})
    )
    special = PrivilegeDefinition(
        id="2", name="prvGuarded", right="None", depths=frozenset({Depth.DEEP, Depth.GLOBAL})
    )
    needed = (
        Needed(table="contact", right="Create", depth=Depth.BASIC, why="w"),
        Needed(table="contact", right="Read", depth=Depth.GLOBAL, why="w"),
        Needed(table="", right="prvGuarded", depth=Depth.BASIC, why="w"),
    )
    found = list(named(needed, {"contact": (organisation_only,)}, {"prvGuarded": special}))
    assert [(one.name, one.depth, one.id) for one in found] == [
        ("prvCREATEcontact", Depth.GLOBAL, "1"),
        ("prvReadContact", Depth.GLOBAL, None),
        ("prvGuarded", Depth.DEEP, "2"),
    ]


@pytest.mark.parametrize(
    ("entity_set", "name"),
    [
        ("new_doiregistrations", "new_doiregistration"),
        ("new_cities", "new_city"),
        ("new_boxes", "new_box"),
        ("new_addresses", "new_address"),
        ("new_signedup", "new_signedup"),
        ("new_glass", "new_glass"),
    ],
)
def test_logical_names(entity_set: str, name: str) -> None:
    assert singular(entity_set) == name


def test_the_usual_table() -> None:
    table = table_for(usual_row("abc"), sample_forms().values())
    assert (table.name, table.entity_set) == ("abc_doiregistration", "abc_doiregistrations")
    assert (table.primary_name, table.key_name) == ("abc_name", "abc_registrationid_key")
    assert table.relationship == "abc_contact_abc_doiregistration"
    columns = {one.definition.name: one.definition for one in table.columns}
    assert {name: one.kind for name, one in columns.items()} == {
        "abc_formid": "String",
        "abc_campaign": "String",
        "abc_source": "String",
        "abc_language": "String",
        "abc_confirmedon": "DateTime",
    }
    assert not columns["abc_confirmedon"].date_only
    assert table.key_column.required


@pytest.mark.parametrize("prefix", ["", "A", "1abc", "abcdefghi", "a b"])
def test_prefixes_that_are_none(prefix: str) -> None:
    with pytest.raises(TableUnclear, match="customization prefix"):
        usual_row(prefix)


def columns_of(*forms: object) -> dict[str, ColumnDefinition]:
    rows = [form.journey_row for form in forms]  # type: ignore[attr-defined]
    assert isinstance(rows[0], JourneyRow)
    table = table_for(rows[0], forms)  # type: ignore[arg-type]
    return {one.definition.name: one.definition for one in table.columns}


def test_columns_follow_from_what_is_written() -> None:
    form = with_row(
        WHITEPAPER,
        columns={
            "new_size": {"field": "companySize"},
            "new_topics": {"field": "interests"},
            "new_start": {"field": "projectStart"},
            "new_existing": {"field": "existingCustomer"},
            "new_page": {"fact": "pageUrl"},
            "new_constant": "x",
            "new_long": {"field": "message"},
        },
    )
    columns = columns_of(form)
    assert {name: one.kind for name, one in columns.items()} == {
        "new_size": "Picklist",
        "new_topics": "MultiSelectPicklist",
        "new_start": "DateTime",
        "new_existing": "Boolean",
        "new_page": "String",
        "new_constant": "String",
        "new_long": "Memo",
    }
    assert columns["new_start"].date_only
    assert columns["new_page"].max_length == 2000
    assert columns["new_size"].options == frozenset({100000000, 100000001, 100000002})
    table = table_for(form.journey_row or usual_row("new"), [form])
    labels = {one.definition.name: (one.label, one.labels) for one in table.columns}
    assert labels["new_size"][0] == "Company size"
    assert labels["new_size"][1][100000000].startswith("1")


def test_two_forms_share_a_table() -> None:
    first = with_row(NEWSLETTER, columns={"new_a": {"fact": "form"}, "new_b": {"fact": "form"}})
    second = with_row(WHITEPAPER, columns={"new_a": {"fact": "pageUrl"}})
    columns = columns_of(first, second)
    assert columns["new_a"].max_length == 2000
    assert set(columns) == {"new_a", "new_b"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"columns": {"new_a": {"fact": "confirmedAt"}}}, "would have to be"),
        ({"keyColumn": "new_other"}, "another keyColumn"),
    ],
)
def test_two_forms_that_disagree(changes: dict[str, object], words: str) -> None:
    first = with_row(NEWSLETTER, columns={"new_a": {"fact": "form"}})
    second = with_row(WHITEPAPER, **changes)
    with pytest.raises(TableUnclear, match=words):
        columns_of(first, second)


def test_a_table_without_a_prefix() -> None:
    with pytest.raises(TableUnclear, match="begins with a prefix"):
        columns_of(with_row(NEWSLETTER, entitySet="registrations"))
