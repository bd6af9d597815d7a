"""`doi erase`, as an operator meets it."""

import json
from datetime import timedelta

import pytest

from shared import double_opt_in
from shared.dataverse.failures import PrivilegeMissing
from shared.failures import TemporaryFailure
from shared.values.queue_name import QueueName
from tests.cli.people import (
    ANNA,
    BERTA,
    BERTAS,
    DONE,
    FIRST,
    NO_ANSWER,
    NOT_ALL_DONE,
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
from tests.examples import registration
from tests.fakes.outside import FakeOutside
from tests.story.erasing import places_with
from tests.story.journey import deliver, link, press, sign_up, stored


@pytest.fixture
def outside() -> FakeOutside:
    return people()


@pytest.fixture
def doi(outside: FakeOutside) -> Doi:
    return doi_on(outside)


def test_erasing_asks_first_and_shows_what_will_go(doi: Doi, outside: FakeOutside) -> None:
    result = doi("erase", ANNA, "--dataverse", stdin="n\n")
    assert result.exit_code == NOT_ALL_DONE
    assert "Erased" not in result.stdout
    assert f"{FIRST} newsletter promoted" in result.stderr
    assert "in Dataverse: contacts(" in result.stderr
    assert stored(registration(ANNA, 1), outside) is not None
    assert len(outside.table.records) == 4
    assert not outside.table.kept_proofs
    assert doi("erase", ANNA, "--dataverse", stdin="y\n").exit_code == DONE
    assert stored(registration(ANNA, 1), outside) is None


def test_erasing_names_what_stays(doi: Doi, outside: FakeOutside) -> None:
    result = doi("erase", ANNA, "--dataverse", "--yes")
    assert result.exit_code == DONE
    assert "Erased: 2 registrations, 0 messages." in result.stdout
    assert "In Dataverse: 1 contact, 1 consent, 0 journey rows." in result.stdout
    assert "Until 2030-11-21 a keyed digest of the address stays" in result.stdout
    assert f"  {TAGGED}" in result.stderr
    assert places_with(outside, ANNA) == []
    assert stored(registration(TAGGED, 3), outside) is not None


def test_the_second_run_says_that_there_is_nothing(doi: Doi) -> None:
    doi("erase", BERTA, "--dataverse", "--yes")
    result = doi("erase", BERTA, "--dataverse", "--yes")
    assert result.exit_code == NOTHING_FOUND
    assert "There is nothing to erase." in result.stdout
    assert f"{BERTAS} was erased before, on 2026-11-22." in result.stderr


def test_erasing_for_programs(doi: Doi, outside: FakeOutside) -> None:
    outside.queues.put(QueueName.PROMOTIONS.poison, "nobody can read this")
    outside.queues.put(QueueName.PROMOTIONS.poison, '{"version": 0, "who": "ANNA@example.com"}')
    told = printed(doi("erase", ANNA, "--dataverse", "--yes", "--json"))
    assert told["erased"] == [FIRST, SECOND]
    assert told["keptUntil"] == "2030-11-21T15:01:00+00:00"
    assert told["otherAddresses"] == [TAGGED]
    assert told["withdrawalsCarriedOut"] == 0
    assert [one["queue"] for one in told["messages"]] == ["promotions-poison"]
    assert [one["queue"] for one in told["unreadableMessages"]] == ["promotions-poison"]
    assert {name: len(rows) for name, rows in told["dataverse"].items()} == {
        "contacts": 1,
        "consents": 1,
        "journeyRows": 0,
    }
    assert (told["mayBeWritten"], told["failure"]) == (False, None)
    again = doi("erase", ANNA, "--dataverse", "--yes", "--json")
    assert again.exit_code == NOTHING_FOUND
    assert json.loads(again.stdout)["erased"] == []


def test_a_message_that_nobody_can_read_is_told(doi: Doi, outside: FakeOutside) -> None:
    outside.queues.put(QueueName.PROMOTIONS.poison, "nobody can read this")
    result = doi("erase", BERTA, "--yes")
    assert result.exit_code == DONE
    assert "promotions-poison can be read by no function" in result.stderr


def test_without_dataverse_it_says_so(doi: Doi, outside: FakeOutside) -> None:
    result = doi("erase", ANNA, "--yes")
    assert "Dataverse was not touched" in result.stdout
    assert outside.customer_insights.contact_of(ANNA)


def test_dataverse_away_before_anything_is_deleted(doi: Doi, outside: FakeOutside) -> None:
    outside.dataverse_people.failures.append(TemporaryFailure("Dataverse: 503"))
    result = doi("erase", ANNA, "--dataverse", "--yes")
    assert result.exit_code == NO_ANSWER
    assert "Nothing was deleted." in result.stderr
    assert len(outside.table.records) == 4


def test_dataverse_away_in_the_middle_is_said_and_resumed(doi: Doi, outside: FakeOutside) -> None:
    outside.dataverse_people.failures += [None, TemporaryFailure("Dataverse: 503")]
    result = doi("erase", ANNA, "--dataverse", "--yes")
    assert result.exit_code == NO_ANSWER
    assert "Erased: 2 registrations" in result.stdout
    assert "No answer: Dataverse: 503. The same command goes on" in result.stderr
    assert outside.customer_insights.contact_of(ANNA)
    again = doi("erase", ANNA, "--dataverse", "--yes")
    assert again.exit_code == DONE
    assert "In Dataverse: 1 contact, 1 consent" in again.stdout
    assert places_with(outside, ANNA) == []


def test_the_failure_in_json(doi: Doi, outside: FakeOutside) -> None:
    outside.dataverse_people.failures += [None, PrivilegeMissing("lacks prvDeleteContact")]
    result = doi("erase", ANNA, "--dataverse", "--yes", "--json")
    assert result.exit_code == REFUSED
    told = json.loads(result.stdout)
    assert told["failure"] == "lacks prvDeleteContact"
    assert told["erased"] == [FIRST, SECOND]
    assert told["dataverse"] is None


def test_a_worker_may_be_handing_it_over(doi: Doi, outside: FakeOutside) -> None:
    asked = registration("carl@example.com", 5)
    token = link(sign_up(asked, outside))
    outside.customer_insights.failures.append(TemporaryFailure("503"))
    press(token, outside)
    before = outside.now()
    result = doi("erase", "carl@example.com", "--dataverse", "--yes")
    assert result.exit_code == DONE
    assert "looking again in 120 s" in result.stderr
    assert outside.now() - before == timedelta(seconds=120)


def test_without_dataverse_it_says_that_a_worker_may_write(doi: Doi, outside: FakeOutside) -> None:
    token = link(sign_up(registration("carl@example.com", 5), outside))
    outside.customer_insights.failures.append(TemporaryFailure("503"))
    press(token, outside)
    result = doi("erase", "carl@example.com", "--yes")
    assert "may just have been handed over" in result.stderr


def test_an_interrupted_command_says_what_is_done(doi: Doi, outside: FakeOutside) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    outside.dataverse_people.meanwhile = interrupt
    result = doi("erase", ANNA, "--dataverse", "--yes")
    assert result.exit_code == NOT_ALL_DONE
    assert "Erased: 2 registrations" in result.stdout
    assert "The same command goes on" in result.stderr


def test_somebody_of_whom_nothing_is_stored(doi: Doi) -> None:
    result = doi("erase", "nobody@example.com", "--yes", "--dataverse")
    assert result.exit_code == NOTHING_FOUND
    assert "There is nothing to erase." in result.stdout
    assert "Until 2026-11-29 a keyed digest" in result.stdout


def test_an_erased_person_who_was_in_the_queue_is_not_mailed(
    doi: Doi, outside: FakeOutside
) -> None:
    double_opt_in.register(registration("carl@example.com", 5), outside)
    outside.pass_time(timedelta(minutes=1))
    result = doi("erase", "carl@example.com", stdin="y\n")
    assert "a message in registrations" in result.stderr
    assert result.exit_code == DONE
    assert "Still in a queue, and dropped when it comes out of it: 1 message." in result.stdout
    mails = len(outside.mailer.sent)
    deliver("registrations", outside)
    assert len(outside.mailer.sent) == mails
    assert places_with(outside, "carl@example.com") == []


@pytest.mark.parametrize("arguments", [[], ["nonsense"], [ANNA, BERTA], [ANNA, "--everything"]])
def test_wrong_usage(doi: Doi, arguments: list[str]) -> None:
    assert doi("erase", *arguments).exit_code == WRONG_USAGE


@pytest.mark.parametrize("part", ["table", "queues"])
def test_storage_that_does_not_answer(doi: Doi, outside: FakeOutside, part: str) -> None:
    getattr(outside, part).down = True
    result = doi("erase", ANNA, "--yes")
    assert result.exit_code == NO_ANSWER
    assert "No answer: " in result.stderr
    assert ANNA not in result.output
