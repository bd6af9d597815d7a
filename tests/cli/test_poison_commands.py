"""`doi poison`, as an operator meets it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli.app import app
from shared.failures import TemporaryFailure
from shared.values.messages import PromotionMessage
from tests.examples import key_of, registration
from tests.fakes.outside import FakeOutside

KEY = key_of(registration())
OTHER = registration(number=2).id
PROMOTION = PromotionMessage(mailbox_key=KEY.mailbox_key, registration_id=KEY.registration_id)
POISON = "promotions-poison"
DONE, NOT_ALL_DONE, WRONG_USAGE, NOTHING_FOUND = 0, 1, 2, 3

Doi = Callable[..., Result]


@pytest.fixture
def outside() -> FakeOutside:
    """Two promotions and something strange have failed."""
    outside = FakeOutside()
    outside.queues.put(POISON, PROMOTION.failed("no such trigger: [publish] it").to_json())
    other = PROMOTION.model_copy(update={"registration_id": OTHER})
    outside.queues.put(POISON, other.failed("no such column").to_json())
    outside.queues.put(POISON, "anna.unmistakable@example.com")
    return outside


@pytest.fixture
def doi(outside: FakeOutside) -> Doi:
    def run(*arguments: str, answer: str = "") -> Result:
        return CliRunner().invoke(app, ["poison", *arguments], input=answer, obj=lambda: outside)

    return run


def printed(result: Result) -> Any:
    return json.loads(result.stdout)


def test_the_list_shows_ids_and_causes_and_no_person(doi: Doi) -> None:
    result = doi("list")
    assert result.exit_code == DONE
    assert "promotions-poison: 3" in result.stdout
    for shown in (KEY.registration_id, OTHER, "[publish]", "2026-11-22 12:00", "unknown"):
        assert shown in result.stdout
    assert "unmistakable" not in result.output


def test_the_list_for_programs(doi: Doi, outside: FakeOutside) -> None:
    queues = printed(doi("list", "--json"))
    assert [each["queue"] for each in queues] == [
        "registrations",
        "promotions",
        "follow-ups",
        "linkedin-leads",
        "mail-reports",
    ]
    assert [each["count"] for each in queues] == [0, 3, 0, 0, 0]
    assert queues[1]["messages"][0] == {
        "id": outside.queues.messages[POISON][0].id,
        "registration": KEY.registration_id,
        "failure": "no such trigger: [publish] it",
        "putAt": "2026-11-22T12:00:00+00:00",
    }
    assert queues[1]["messages"][2]["registration"] is None


def test_the_list_of_one_queue(doi: Doi) -> None:
    [only] = printed(doi("list", "--queue", "promotions", "--json"))
    assert only["count"] == 3
    result = doi("list", "--queue", "registrations")
    assert (result.exit_code, result.stdout) == (DONE, "Nothing waits.\n")


def test_the_list_says_when_there_is_more_than_it_shows(doi: Doi, outside: FakeOutside) -> None:
    for _ in range(30):
        outside.queues.put(POISON, PROMOTION.failed("again").to_json())
    result = doi("list")
    assert "promotions-poison: 33" in result.stdout
    assert "A queue shows 32 messages" in result.stdout


@pytest.mark.parametrize("by", ["registration", "message"])
def test_one_is_replayed(doi: Doi, outside: FakeOutside, by: str) -> None:
    chosen = OTHER if by == "registration" else outside.queues.messages[POISON][1].id
    result = doi("replay", "promotions", "--id", chosen, "--json")
    assert result.exit_code == DONE
    assert [each["registration"] for each in printed(result)["replayed"]] == [OTHER]
    [body] = outside.queues.bodies("promotions")
    assert OTHER in body
    assert len(outside.queues.look(POISON)) == 2


def test_all_are_replayed_after_a_question(doi: Doi, outside: FakeOutside) -> None:
    refused = doi("replay", "promotions", "--all", answer="n\n")
    assert refused.exit_code == NOT_ALL_DONE
    assert len(outside.queues.look(POISON)) == 3
    result = doi("replay", "promotions", "--all", answer="y\n")
    assert result.exit_code == NOT_ALL_DONE  # the strange one stays
    assert "replayed: 2" in result.stdout
    assert "left in promotions-poison" in result.stdout
    assert len(outside.queues.bodies("promotions")) == 2
    assert outside.queues.bodies(POISON) == ["anna.unmistakable@example.com"]
    assert "unmistakable" not in result.output


def test_yes_asks_nothing(doi: Doi, outside: FakeOutside) -> None:
    outside.queues.take_all(POISON)
    outside.queues.put(POISON, PROMOTION.failed("no such trigger").to_json())
    result = doi("replay", "promotions", "--all", "--yes", "--json")
    assert result.exit_code == DONE
    assert len(printed(result)["replayed"]) == 1
    assert printed(result)["left"] == []


def test_the_strange_one_can_be_dropped(doi: Doi, outside: FakeOutside) -> None:
    strange = outside.queues.messages[POISON][2].id
    assert doi("drop", "promotions", "--id", strange, answer="n\n").exit_code == NOT_ALL_DONE
    assert len(outside.queues.look(POISON)) == 3
    result = doi("drop", "promotions", "--id", strange, "--yes", "--json")
    assert result.exit_code == DONE
    assert [each["id"] for each in printed(result)["dropped"]] == [strange]
    assert len(outside.queues.look(POISON)) == 2


@pytest.mark.parametrize("command", ["replay", "drop"])
def test_what_is_not_there_is_said(doi: Doi, outside: FakeOutside, command: str) -> None:
    result = doi(command, "promotions", "--id", "nothing", *["--yes"])
    assert result.exit_code == NOTHING_FOUND
    assert result.stdout == "promotions-poison has no such message.\n"
    assert len(outside.queues.look(POISON)) == 3


@pytest.mark.parametrize(
    "arguments",
    [
        ["replay", "promotions"],
        ["replay", "promotions", "--all", "--id", "x", "--yes"],
        ["replay", "nowhere", "--all"],
        ["replay"],
        ["drop", "promotions"],
        ["list", "--queue", "promotions-poison"],
        ["list", "more"],
    ],
)
def test_wrong_usage_does_nothing(doi: Doi, outside: FakeOutside, arguments: list[str]) -> None:
    assert doi(*arguments).exit_code == WRONG_USAGE
    assert len(outside.queues.look(POISON)) == 3
    assert "promotions" not in outside.queues.messages


def test_storage_that_is_down_is_no_empty_queue(doi: Doi, outside: FakeOutside) -> None:
    outside.queues.down = True
    result = doi("list")
    assert isinstance(result.exception, TemporaryFailure)
