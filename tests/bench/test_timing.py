"""The timing run: that it runs, and that its comparisons notice. Never how long anything takes."""

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import requests

from bench import timing
from bench.timing_answers import Answer, differences
from bench.timing_statistics import compare, holm, noticed_shift
from tests.running_stack import Stack

SEED = 7


def answer(body: str = '{"status": "accepted"}', status: int = 202, **headers: str) -> Answer:
    response = requests.Response()
    response.status_code = status
    response._content = body.encode()  # noqa: SLF001 - no other door
    response.headers.update({"Date": str(datetime.now(UTC)), "Content-Type": "application/json"})
    response.headers.update(headers)
    return Answer.of(response)


def durations(shift: float) -> list[float]:
    return list(np.random.default_rng(SEED).lognormal(2, 0.3, 300) + shift)


@pytest.mark.stack
def test_it_runs_and_reports(stack: Stack, tmp_path: Path) -> None:
    report = tmp_path / "timing.md"
    parts = {"functions": stack.functions, "mail": stack.mail, "dataverse": "", "azurite": ""}
    ready = json.dumps(parts)
    given = ["--ready", ready, "--calls", "3", "--people", "1", "--report", str(report)]
    timing.main(given)  # three durations say nothing: whatever it finds, it says so
    text = report.read_text(encoding="utf-8")
    assert "3 calls for each of 5 kinds of address" in text
    assert text.count("| unknown / ") == 4
    assert "the same for all." in text
    assert "Power: a shift of" in text


def test_id_and_date_may_differ() -> None:
    one = answer('{"registrationId": "00000000-0000-4000-8000-000000000001"}')
    other = answer('{"registrationId": "00000000-0000-4000-8000-000000000002"}')
    assert differences({"unknown": {one}, "pending": {other}}) == []


@pytest.mark.parametrize(
    "other",
    [
        answer(status=200),
        answer('{"status": "accepted", "known": true}'),
        answer('{"status": "known"}'),
        answer(X_Cache="hit"),
        answer(Content_Type="application/problem+json"),
    ],
)
def test_anything_else_is_told(other: Answer) -> None:
    usual = answer()
    (line,) = differences({"unknown": {usual}, "pending": {usual}, "confirmed": {other}})
    assert line.startswith("confirmed: ")
    assert differences({"unknown": {usual, other}})


def test_the_same_distribution_is_not_told_apart() -> None:
    random = np.random.default_rng(SEED)
    same = {kind: list(random.lognormal(2, 0.3, 300)) for kind in ("a", "b", "c")}
    assert not any(one.differs for one in compare(same, SEED))


def test_a_shift_is_found_where_the_power_says_so() -> None:
    same = {"a": durations(0), "b": durations(0)[::-1]}
    shift = noticed_shift(same, SEED)
    shifted = {"a": durations(0), "b": durations(2 * shift)}
    assert [one.differs for one in compare(shifted, SEED)] == [True, True]


def test_another_shape_with_the_same_median_is_found() -> None:
    random = np.random.default_rng(SEED)
    narrow, wide = random.normal(10, 1, 400), random.normal(10, 3, 400)
    centred = {"a": list(narrow - np.median(narrow)), "b": list(wide - np.median(wide))}
    by_median, by_shape = compare(centred, SEED)
    assert not by_median.differs
    assert by_shape.differs


def test_holm() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
