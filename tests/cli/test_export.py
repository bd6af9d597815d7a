"""`doi export`, as an operator meets it."""

import json
import os
import stat
from pathlib import Path

import pytest

from shared.dataverse.failures import PrivilegeMissing
from shared.values.queue_name import QueueName
from tests.cli.people import (
    ANNA,
    BERTA,
    DONE,
    FIRST,
    NO_ANSWER,
    NOTHING_FOUND,
    REFUSED,
    SECOND,
    TAGGED,
    WRONG_USAGE,
    Doi,
    doi_on,
    people,
    printed,
)
from tests.fakes.outside import FakeOutside
from tests.mail_events import event_grid_event, report_data
from tests.story.journey import link


@pytest.fixture
def outside() -> FakeOutside:
    return people()


@pytest.fixture
def doi(outside: FakeOutside) -> Doi:
    return doi_on(outside)


def test_exporting_everything_of_this_address_and_nothing_of_others(
    doi: Doi, outside: FakeOutside
) -> None:
    outside.queues.put(QueueName.PROMOTIONS.poison, '{"version": 0, "who": "anna@example.com"}')
    outside.queues.put("mail-reports", event_grid_event(report_data("x-1", ANNA)))
    result = doi("export", ANNA, "--dataverse")
    document = printed(result)
    assert document["address"] == ANNA
    assert document["exportedAt"] == "2026-11-22T15:01:00+00:00"
    first, second = document["registrations"]
    assert (first["email"], first["status"], first["askedFrom"]) == (
        ANNA,
        "promoted",
        "203.0.113.7",
    )
    assert first["click"]["address"] == "198.51.100.9"
    assert first["consents"][0]["text"]
    assert second["answers"] == {"email": ANNA, "firstName": "Anna"}
    assert [one["kind"] for one in first["mails"]] == ["confirmation"]
    assert len(document["mailbox"]["mailedAt"]) == 3  # what counts is the mailbox's
    assert [one["queue"] for one in document["messages"]] == [
        "promotions-poison",
        "mail-reports",
    ]
    assert document["messages"][0]["content"] is None  # who knows whom it names besides
    [contact] = document["dataverse"]["contacts"]
    assert contact["emailaddress1"] == ANNA
    assert len(document["dataverse"]["consents"]) == 1
    assert TAGGED not in result.output
    assert BERTA not in result.output
    assert "     2 registrations" in result.stderr
    assert "1 more of the mailbox's addresses" in result.stderr


def test_no_link_of_hers_can_be_made_from_an_export(doi: Doi, outside: FakeOutside) -> None:
    result = doi("export", ANNA, "--dataverse")
    for mail in outside.mailer.sent:
        assert link(mail) not in result.output
        assert link(mail, "decline") not in result.output
    records = [stored.value for stored in outside.table.records.values()]
    sealed = [note.slots for record in records for note in record.mails if note.slots]
    sealed += [origin for record in records for origin in record.origins.values()]
    assert sealed
    assert not [one for one in sealed if one in result.output]


def test_exporting_to_a_file_that_only_the_operator_can_read(doi: Doi, tmp_path: Path) -> None:
    file = tmp_path / "anna.json"
    result = doi("export", ANNA, "--out", str(file))
    assert result.exit_code == DONE
    assert "     2 registrations" in result.stdout
    assert ANNA not in result.stdout
    assert "Dataverse was not asked" in result.stderr
    document = json.loads(file.read_text(encoding="utf-8"))
    assert document["dataverse"] is None
    assert len(document["registrations"]) == 2
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    again = doi("export", ANNA, "--out", str(file))
    assert again.exit_code == WRONG_USAGE
    assert "exists" in again.output


def test_exporting_to_a_file_for_programs(doi: Doi, tmp_path: Path) -> None:
    file = tmp_path / "anna.json"
    summary = printed(doi("export", ANNA, "--out", str(file), "--json", "--dataverse"))
    assert (summary["file"], summary["registrations"]) == (str(file), 2)
    assert summary["contacts in Dataverse"] == 1


def test_exporting_somebody_of_whom_nothing_is_stored(doi: Doi, tmp_path: Path) -> None:
    file = tmp_path / "nobody.json"
    result = doi("export", "nobody@example.com", "--dataverse", "--out", str(file))
    assert (result.exit_code, result.stdout) == (NOTHING_FOUND, "")
    assert "Nothing is stored about this address." in result.stderr
    assert not file.exists()


def test_exporting_the_other_spelling_alone(doi: Doi) -> None:
    result = doi("export", "anna+nothing@example.com")
    assert result.exit_code == NOTHING_FOUND
    assert "2 more of the mailbox's addresses" in result.stderr
    assert ANNA not in result.output


def test_exporting_who_is_known_to_dataverse_alone(doi: Doi, outside: FakeOutside) -> None:
    outside.customer_insights.add_contact("c-1", "dora@example.com", {"firstname": "Dora"})
    document = printed(doi("export", "dora@example.com", "--dataverse"))
    assert document["registrations"] == []
    assert document["dataverse"]["contacts"][0]["firstname"] == "Dora"


def test_what_is_left_of_erased_is_exported(doi: Doi) -> None:
    doi("erase", ANNA, "--yes", "--dataverse")
    document = printed(doi("export", ANNA, "--dataverse"))
    assert [one["registrationId"] for one in document["leftOfErased"]] == [FIRST, SECOND]
    assert document["mailbox"]["erased"]["until"].startswith("2030-11-21")
    assert document["registrations"] == []


def test_an_export_that_may_not_read_dataverse(doi: Doi, outside: FakeOutside) -> None:
    outside.dataverse_people.failures.append(PrivilegeMissing("lacks prvReadContact"))
    result = doi("export", ANNA, "--dataverse")
    assert (result.exit_code, result.stdout) == (REFUSED, "")
    assert "prvReadContact" in result.stderr


@pytest.mark.parametrize("arguments", [[], ["nonsense"], [ANNA, BERTA], [ANNA, "--everything"]])
def test_wrong_usage(doi: Doi, arguments: list[str]) -> None:
    assert doi("export", *arguments).exit_code == WRONG_USAGE


@pytest.mark.parametrize("part", ["table", "queues"])
def test_storage_that_does_not_answer(doi: Doi, outside: FakeOutside, part: str) -> None:
    getattr(outside, part).down = True
    result = doi("export", ANNA)
    assert result.exit_code == NO_ANSWER
    assert "No answer: " in result.stderr
    assert ANNA not in result.output
