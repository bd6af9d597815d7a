"""`proofOfWork` in a form's definition."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.values.form_definitions import Change, changed, mistakes


def asks_for(work: Any) -> Change:
    def change(definition: dict[str, Any]) -> None:
        definition["proofOfWork"] = work

    return change


def test_an_ordinary_form_asks_for_none(tmp_path: Path) -> None:
    assert changed(tmp_path).proof_of_work is None
    assert changed(tmp_path, asks_for(None)).proof_of_work is None


def test_the_usual_amount(tmp_path: Path) -> None:
    work = changed(tmp_path, asks_for({})).proof_of_work
    assert work is not None
    assert (work.difficulty, work.lifetime) == (5000, timedelta(minutes=20))


def test_another_amount(tmp_path: Path) -> None:
    work = changed(tmp_path, asks_for({"difficulty": 50_000, "lifetime": "PT10M"})).proof_of_work
    assert work is not None
    assert (work.difficulty, work.lifetime) == (50_000, timedelta(minutes=10))


@pytest.mark.parametrize(
    ("work", "pointer"),
    [
        ({"difficulty": 9}, "/proofOfWork/difficulty"),
        ({"difficulty": 100_001}, "/proofOfWork/difficulty"),
        ({"difficulty": "much"}, "/proofOfWork/difficulty"),
        ({"lifetime": "PT59S"}, "/proofOfWork/lifetime"),
        ({"lifetime": "P1DT1S"}, "/proofOfWork/lifetime"),
        ({"lifetime": 600}, "/proofOfWork/lifetime"),
        ({"effort": 1}, "/proofOfWork/effort"),
        (True, "/proofOfWork"),
    ],
)
def test_what_is_out_of_bounds_is_named(tmp_path: Path, work: Any, pointer: str) -> None:
    assert [place for place, _ in mistakes(tmp_path, asks_for(work))] == [pointer]
