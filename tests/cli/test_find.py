"""`doi find`, as an operator meets it."""

import json

import pytest

from shared import double_opt_in
from shared.failures import PermanentFailure
from shared.ports import Deadline
from shared.values.record_notes import WithdrawalNote
from shared.withdraw_link import withdraw_link
from tests.cli.people import (
    ANNA,
    BERTA,
    BERTAS,
    DONE,
    FIRST,
    NO_ANSWER,
    NOTHING_FOUND,
    OTHER,
    SECOND,
    TAGGED,
    WRONG_USAGE,
    Doi,
    doi_on,
    people,
    printed,
)
from tests.examples import registration
from tests.fakes.outside import FakeOutside
from tests.story.journey import deliver, stored


@pytest.fixture
def outside() -> FakeOutside:
    return people()


@pytest.fixture
def doi(outside: FakeOutside) -> Doi:
    return doi_on(outside)


def test_finding_by_address_tells_all_of_the_mailbox_and_names_none(doi: Doi) -> None:
    found = printed(doi("find", "Anna@Example.com", "--json"))
    assert [(one["registration"], one["status"], one["otherAddress"]) for one in found] == [
        (FIRST, "promoted", False),
        (SECOND, "pending", False),
        (OTHER, "pending", True),
    ]
    text = doi("find", ANNA)
    assert "(of another address of the mailbox)" in text.stdout
    for output in (text.output, json.dumps(found)):
        assert TAGGED not in output
        assert "Anna" not in output


def test_what_is_told_of_each(doi: Doi, outside: FakeOutside) -> None:
    first = printed(doi("find", ANNA, "--json"))[0]
    assert first == {
        "registration": FIRST,
        "otherAddress": False,
        "form": "newsletter",
        "status": "promoted",
        "askedAt": "2026-11-22T12:00:00+00:00",
        "mails": [
            {
                "number": 1,
                "kind": "confirmation",
                "sentAt": "2026-11-22T12:00:00+00:00",
                "provider": "fake",
                "report": None,
                "reportedAt": None,
            }
        ],
        "confirmedAt": "2026-11-22T12:00:00+00:00",
        "promotedAt": "2026-11-22T12:00:00+00:00",
        "withdrawnAt": None,
        "failure": None,
        "erasedAt": None,
        "keptUntil": None,
        "waits": [],
        "advice": None,
    }
    note = WithdrawalNote(at=outside.now())
    record = stored(registration(ANNA, 1), outside)
    assert record is not None
    token = withdraw_link(record, outside).partition("?token=")[2]
    double_opt_in.withdraw(token, note, Deadline(10), outside)
    lines = doi("find", ANNA).stdout.splitlines()
    assert lines[:6] == [
        f"{FIRST} newsletter promoted",
        "  asked      2026-11-22 12:00 (UTC)",
        "  mail       1 confirmation 2026-11-22 12:00 (UTC) by fake",
        "  confirmed  2026-11-22 12:00 (UTC)",
        "  promoted   2026-11-22 12:00 (UTC)",
        "  withdrawn  2026-11-22 15:01 (UTC), in Dataverse 2026-11-22 15:01 (UTC)",
    ]
    assert "  →          the button was not pressed; forgotten on 2026-11-29" in lines


def test_what_failed_says_where_it_waits_and_what_to_do(doi: Doi, outside: FakeOutside) -> None:
    asked = registration("carl@example.com", 5)
    double_opt_in.register(asked, outside)
    outside.mailer.fail_next(PermanentFailure("the mailbox does not exist"))
    deliver("registrations", outside)
    [one] = printed(doi("find", "carl@example.com", "--json"))
    assert (one["status"], one["failure"]) == ("failed", "the mailbox does not exist")
    assert [(each["queue"], each["failure"]) for each in one["waits"]] == [
        ("registrations-poison", "the mailbox does not exist")
    ]
    assert one["advice"].endswith(f"doi poison replay registrations --id {asked.id}")
    assert printed(doi("find", asked.id, "--json")) == [one]


def test_what_is_still_in_the_queue(doi: Doi, outside: FakeOutside) -> None:
    asked = registration("carl@example.com", 5)
    double_opt_in.register(asked, outside)
    [one] = printed(doi("find", "carl@example.com", "--json"))
    assert (one["registration"], one["status"], one["form"]) == (asked.id, "queued", None)
    assert one["waits"][0]["queue"] == "registrations"


def test_finding_by_id_says_that_it_takes_long(doi: Doi) -> None:
    result = doi("find", BERTAS.upper())
    assert result.exit_code == DONE
    assert result.stdout.startswith(f"{BERTAS} newsletter pending\n")
    assert "whole table" in result.stderr
    assert BERTA not in result.output


@pytest.mark.parametrize("wanted", ["nobody@example.com", registration(number=99).id])
def test_finding_nothing(doi: Doi, wanted: str) -> None:
    result = doi("find", wanted)
    assert (result.exit_code, result.stdout) == (NOTHING_FOUND, "")
    assert "Nothing is stored" in result.stderr


def test_finding_who_was_erased(doi: Doi) -> None:
    assert doi("erase", BERTA, "--yes").exit_code == DONE
    for wanted in (BERTA, BERTAS):
        [one] = printed(doi("find", wanted, "--json"))
        assert (one["registration"], one["status"]) == (BERTAS, "erased")
        assert one["erasedAt"] == "2026-11-22T15:01:00+00:00"
        assert one["keptUntil"] == "2030-11-21T15:01:00+00:00"
    assert "hashes are kept until 2030-11-21" in doi("find", BERTA).stdout


@pytest.mark.parametrize("arguments", [[], ["nonsense"], [ANNA, BERTA], [ANNA, "--everything"]])
def test_wrong_usage(doi: Doi, arguments: list[str]) -> None:
    assert doi("find", *arguments).exit_code == WRONG_USAGE


@pytest.mark.parametrize("part", ["table", "queues"])
def test_storage_that_does_not_answer(doi: Doi, outside: FakeOutside, part: str) -> None:
    getattr(outside, part).down = True
    result = doi("find", ANNA)
    assert result.exit_code == NO_ANSWER
    assert "No answer: " in result.stderr
    assert ANNA not in result.output
