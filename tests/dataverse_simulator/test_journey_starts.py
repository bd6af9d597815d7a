"""Journeys that wait for a row to be created, and what guards such a row."""

from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from local.dataverse_simulator import RunningDataverse
from tests.dataverse_simulator.client import CONSENT, NOBODY, Api, refusal
from tests.dataverse_simulator.test_batches import CONSENTS, Inner, change_set, send

ROWS = "new_doiregistrations"
ROW = f"{ROWS}(new_registrationid='r')"
CREATE_ONLY = {"If-None-Match": "*"}


def bound(contact: str) -> dict[str, Any]:
    return {"new_formid": "newsletter", "new_ContactId@odata.bind": f"/contacts({contact})"}


def starts(api: Api) -> list[Any]:
    found: list[Any] = api.state()["journeyStarts"]
    return found


def test_a_new_row_starts_a_journey_for_its_contact(api: Api) -> None:
    contact = api.create("contacts", {})
    assert api.call("PATCH", ROW, bound(contact), headers=CREATE_ONLY).status_code == 204
    (row,) = api.values(ROWS)
    (start,) = starts(api)
    assert start.pop("startedAt") == row["createdon"]
    assert start == {
        "trigger": "Registration confirmed",
        "entitySet": ROWS,
        "rowId": row["new_doiregistrationid"],
        "contactId": contact,
    }


def test_updating_the_row_starts_nothing(api: Api) -> None:
    contact = api.create("contacts", {})
    api.call("PATCH", ROW, bound(contact))
    assert api.call("PATCH", ROW, bound(contact)).status_code == 204
    assert len(starts(api)) == 1


def test_a_row_that_is_there_is_not_created_again(api: Api) -> None:
    contact = api.create("contacts", {})
    api.call("PATCH", ROW, bound(contact), headers=CREATE_ONLY)
    again = api.call("PATCH", ROW, {"new_formid": "other"}, headers=CREATE_ONLY)
    assert refusal(again)[:2] == (412, "0x80040237")
    assert [row["new_formid"] for row in api.values(ROWS)] == ["newsletter"]
    assert len(starts(api)) == 1


def test_nobody_enters_a_journey_by_a_row_without_a_contact(api: Api) -> None:
    api.create(ROWS, {"new_registrationid": "r"})
    assert starts(api) == []


@pytest.mark.parametrize(
    "refused",
    [
        ("PATCH", "new_nosuchrows(new_registrationid='r')", {}),
        ("PATCH", f"{ROWS}(new_source='r')", {}),
        ("PATCH", f"{ROWS}(new_nosuchcolumn='r')", {}),
        ("PATCH", f"{ROWS}(new_registrationid='s')", {"new_contactid@odata.bind": "/contacts(1)"}),
        ("PATCH", f"{ROWS}(new_registrationid='s')", bound(NOBODY)),
        ("PATCH", f"{ROWS}(new_registrationid='s')", {"new_ContactId@odata.bind": "/accounts(1)"}),
        ("PATCH", f"{ROWS}(new_registrationid='s')", {"new_language": "x" * 11}),
    ],
)
def test_a_refused_row_takes_everything_back(api: Api, refused: Inner) -> None:
    contact = ("PATCH", f"contacts({NOBODY[:-1]}8)", {"lastname": "X"})
    row = ("PATCH", ROW, bound(f"{NOBODY[:-1]}8"))
    answer = send(api, change_set(contact, ("POST", CONSENTS, CONSENT), row, refused))
    assert answer.status_code in (400, 404)
    state = api.state()
    assert [state["tables"][name] for name in ("contacts", CONSENTS, ROWS)] == [[], [], []]
    assert state["journeyStarts"] == []
    assert send(api, change_set(contact, row)).status_code == 200
    assert len(starts(api)) == 1


@pytest.mark.parametrize(
    ("select", "expand"),
    [
        ("new_nosuchcolumn", "new_ContactId($select=contactid)"),
        ("new_formid", "new_contactid($select=contactid)"),
        ("new_formid", "new_ContactId($select=accountid)"),
        ("new_formid", "ownerid($select=contactid)"),
    ],
)
def test_a_query_of_an_empty_table_is_checked_all_the_same(
    api: Api, select: str, expand: str
) -> None:
    answer = api.call("GET", ROWS, select=select, expand=expand)
    assert refusal(answer)[0] == 400


def test_starts_survive_a_restart(tmp_path: Path) -> None:
    with RunningDataverse(data=tmp_path) as running:
        first = Api(running.url)
        first.call("PATCH", ROW, bound(first.create("contacts", {})))
        before = starts(first)
        first.session.close()
    with RunningDataverse(data=tmp_path) as running:
        second = Api(running.url)
        assert len(before) == 1
        assert starts(second) == before
        second.session.close()


def test_the_page_shows_what_a_row_started(api: Api) -> None:
    contact = api.create("contacts", {"lastname": "Doe"})
    api.call("PATCH", ROW, bound(contact))
    page = BeautifulSoup(api.session.get(f"{api.url}/", timeout=20).text, "html.parser")
    section = page.select_one("section[aria-labelledby=journeys]")
    assert section is not None
    assert "Registration confirmed" in section.text
    assert "newsletter" in section.text
    assert "Doe" in section.text
    api.call("DELETE", ROW)
    page = BeautifulSoup(api.session.get(f"{api.url}/", timeout=20).text, "html.parser")
    assert page.select_one("section[aria-labelledby=journeys] li") is not None
