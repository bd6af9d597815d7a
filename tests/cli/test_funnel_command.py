"""`doi funnel`, as an operator meets it."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from typer.testing import CliRunner, Result

from cli.app import app
from shared.failures import TemporaryFailure
from shared.values.funnel import FunnelRow, Step
from tests.examples import NOON
from tests.fakes.outside import FakeOutside

DONE, WRONG_USAGE, NOTHING_FOUND = 0, 2, 3
TODAY = NOON.date()

Doi = Callable[..., Result]


@pytest.fixture
def outside() -> FakeOutside:
    """A busy form, one whose file is gone, and two quiet ones."""
    outside = FakeOutside()
    for ago, accepted in ((0, 8), (1, 2), (40, 100)):
        day = TODAY - timedelta(days=ago)
        counts = {Step.ACCEPTED: accepted, Step.MAILED: accepted, Step.CONFIRMED: accepted // 2}
        outside.funnel.save([FunnelRow(day=day, form="newsletter", by="a", counts=counts)])
    gone = FunnelRow(day=TODAY, form="old", by="a", counts={Step.ACCEPTED: 1, Step.DECLINED: 1})
    outside.funnel.save([gone])
    return outside


@pytest.fixture
def doi(outside: FakeOutside, monkeypatch: pytest.MonkeyPatch) -> Doi:
    monkeypatch.setenv("COLUMNS", "100")

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(app, ["funnel", *arguments], obj=lambda: outside)

    return run


def lines(result: Result) -> list[str]:
    assert result.exit_code == DONE, result.output
    return [line.strip() for line in result.stdout.splitlines()]


def test_bars_and_numbers(doi: Doi) -> None:
    shown = lines(doi())
    assert "2026-10-23 to 2026-11-22, days of UTC" in shown
    full, half = "█" * 40, "█" * 20
    newsletter = shown.index("newsletter")
    assert shown[newsletter + 1] == f"accepted  {full} 10 100%"
    assert shown[newsletter + 3].split() == ["confirmed", half, "5", "50%"]
    assert shown[newsletter + 5].endswith("▂█")
    assert shown[newsletter + 7] == "by day, 8 at most"
    assert "1 declined" in shown
    assert "webinar: nothing in this time" in shown


def test_the_terminal_s_width_is_enough_for_a_long_time(doi: Doi) -> None:
    shown = lines(doi("--since", "400d", "--form", "newsletter"))
    assert "by 7 days, 100 at most" in shown
    assert max(map(len, shown)) < 80


def test_json_has_every_count_and_busy_day(doi: Doi) -> None:
    result = doi("--json", "--since", "2026-11-21", "--form", "newsletter")
    told: Any = json.loads(result.stdout)
    [newsletter] = told.pop("forms")
    assert told == {"since": "2026-11-21", "until": "2026-11-22"}
    assert list(newsletter["counts"]) == [step.value for step in Step]
    assert newsletter["counts"]["accepted"] == 10
    assert newsletter["counts"]["withdrawn"] == 0
    assert newsletter["days"] == [
        {"day": "2026-11-21", "counts": {"accepted": 2, "mailed": 2, "confirmed": 1}},
        {"day": "2026-11-22", "counts": {"accepted": 8, "mailed": 8, "confirmed": 4}},
    ]


def test_several_forms_and_one_that_is_gone(doi: Doi) -> None:
    told = json.loads(doi("--json", "--form", "old", "--form", "webinar").stdout)
    assert [one["form"] for one in told["forms"]] == ["old", "webinar"]


def test_a_page_is_written(doi: Doi, tmp_path: Path) -> None:
    file = tmp_path / "funnel.html"
    assert f"Written: {file}" in lines(doi("--html", str(file)))
    page = BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")
    assert [h.get_text() for h in page.select("h2")] == [
        "newsletter",
        "old",
        "webinar",
        "whitepaper",
    ]
    assert len(page.select("article svg.bar")) == 4 * 4
    result = doi("--html", str(file), "--json")
    json.loads(result.stdout)  # nothing but JSON


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--since", "yesterday"], "a date"),
        (["--since", "2026-11-23"], "in the future"),
        (["--html", "/nowhere/at/all.html"], "cannot be written"),
        (["more"], ""),
    ],
)
def test_wrong_usage(doi: Doi, arguments: list[str], told: str) -> None:
    result = doi(*arguments)
    assert result.exit_code == WRONG_USAGE
    assert told in " ".join(result.stderr.replace("│", " ").split())


def test_no_such_form(doi: Doi) -> None:
    result = doi("--form", "newslettre")
    assert result.exit_code == NOTHING_FOUND
    assert "Forms: newsletter, webinar, whitepaper" in result.stderr
    assert result.stdout == ""


def test_storage_that_is_down_is_no_empty_funnel(doi: Doi, outside: FakeOutside) -> None:
    outside.funnel.down = True
    assert isinstance(doi().exception, TemporaryFailure)
