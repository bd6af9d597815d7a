"""`doi links`, as an operator meets it."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli.app import app
from shared import double_opt_in
from shared.ports import Deadline
from shared.values.link_view import LinkState
from shared.values.record_notes import WithdrawalNote
from tests.examples import registration
from tests.fakes.outside import FakeOutside
from tests.story.journey import link, press, sign_up

ANNA, BERTA, TAGGED = "anna@example.com", "berta@example.com", "anna+x@example.com"
DONE, NOT_ALL_DONE, WRONG_USAGE, NOTHING_FOUND = 0, 1, 2, 3

Doi = Callable[..., Result]


@pytest.fixture
def outside() -> FakeOutside:
    """Anna has confirmed twice, once with a tag; Berta has not."""
    outside = FakeOutside()
    for number, address in enumerate((ANNA, ANNA, TAGGED), start=1):
        asked = registration(address, number=number)
        asked = asked.model_copy(update={"asked_at": outside.now()})
        press(link(sign_up(asked, outside)), outside)
        outside.pass_time(timedelta(hours=1))
    sign_up(registration(BERTA, number=4), outside)
    return outside


@pytest.fixture
def doi(outside: FakeOutside) -> Doi:
    def run(*arguments: str, stdin: str = "") -> Result:
        command = ["links", "withdraw", *arguments]
        return CliRunner().invoke(app, command, input=stdin, obj=lambda: outside)

    return run


def printed(result: Result) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


def withdraw(url: str, outside: FakeOutside) -> LinkState:
    note = WithdrawalNote(at=outside.now())
    token = url.partition("/api/withdraw?token=")[2]
    return double_opt_in.withdraw(token, note, Deadline(10), outside).state


def test_the_links_of_an_address_the_latest_first(doi: Doi, outside: FakeOutside) -> None:
    result = doi("--address", "Anna@Example.com", "--json")
    assert result.exit_code == DONE
    first, second = printed(result)
    assert first == {
        "address": "Anna@example.com",
        "registration": registration(number=2).id,
        "form": "newsletter",
        "confirmedAt": "2026-11-22T13:00:00+00:00",
        "withdrawnAt": None,
        "link": first["link"],
    }
    assert second["registration"] == registration(number=1).id
    assert withdraw(first["link"], outside) is LinkState.WITHDRAWN
    again, _ = printed(doi("--address", ANNA, "--json"))
    assert again["link"] == first["link"]
    assert again["withdrawnAt"] == "2026-11-22T15:00:00+00:00"


def test_the_link_of_a_registration(doi: Doi, outside: FakeOutside) -> None:
    [only] = printed(doi("--registration", registration(number=3).id.upper(), "--json"))
    assert "address" not in only
    assert withdraw(only["link"], outside) is LinkState.WITHDRAWN


def test_a_person_can_read_and_copy_it(doi: Doi) -> None:
    result = doi("--address", TAGGED)
    heading, url = result.stdout.splitlines()
    assert heading == (
        f"{TAGGED} {registration(number=3).id} newsletter, confirmed 2026-11-22T14:00 (UTC)"
    )
    assert url.startswith("  https://doi.contoso.example/api/withdraw?token=")
    assert " " not in url.strip()


@pytest.mark.parametrize("way", ["file", "stdin"])
def test_many_addresses_at_once(doi: Doi, tmp_path: Path, way: str) -> None:
    text = f"\ufeff{ANNA}\r\n\r\n  {TAGGED}  \r\n{BERTA}\r\n"
    file = tmp_path / "addresses.txt"
    file.write_text(text, encoding="utf-8", newline="")
    if way == "file":
        result = doi("--file", str(file), "--json")
    else:
        result = doi("--file", "-", "--json", stdin=text.lstrip("\ufeff"))
    assert result.exit_code == NOT_ALL_DONE
    assert [each["address"] for each in printed(result)] == [ANNA, ANNA, TAGGED]
    told = "1 of 3 have confirmed nothing that could be withdrawn: line 4 of the file."
    assert result.stderr.splitlines() == [told]


def test_an_address_that_is_none_is_found_in_the_file(doi: Doi) -> None:
    result = doi("--file", "-", stdin=f"{ANNA}\n\nanna(at)example.com\n")
    assert result.exit_code == WRONG_USAGE
    assert "line 3 of the file is no e-mail address" in " ".join(result.stderr.split())
    assert "anna(at)" not in result.stderr


def test_only_of_one_form(doi: Doi) -> None:
    assert doi("--address", ANNA, "--form", "whitepaper").exit_code == NOTHING_FOUND
    assert len(printed(doi("--address", ANNA, "--form", "newsletter", "--json"))) == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ["--address", BERTA],
        ["--address", "nobody@example.com"],
        ["--registration", registration(number=4).id],
        ["--registration", "nothing"],
    ],
)
def test_nothing_confirmed(doi: Doi, arguments: list[str]) -> None:
    result = doi(*arguments)
    assert (result.exit_code, result.stdout) == (NOTHING_FOUND, "")
    assert "1 of 1 have confirmed nothing" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [[], ["--address", "nonsense"], ["--file", "nowhere.txt"], ["--form", "newsletter"], ["more"]],
)
def test_wrong_usage(doi: Doi, arguments: list[str]) -> None:
    assert doi(*arguments).exit_code == WRONG_USAGE


def test_a_file_that_is_no_text(doi: Doi, tmp_path: Path) -> None:
    file = tmp_path / "addresses.bin"
    file.write_bytes(b"\xff\xfe\x00")
    assert doi("--file", str(file)).exit_code == WRONG_USAGE
