"""What the documents say that commands print is what they print."""

import re

import pytest

from tests.docs.documents import ALL
from tests.docs.shown import SHOWN, with_shown

TEXTS = {name: each.text for name, each in ALL.items() if "<!-- shown: " in each.text}


@pytest.mark.parametrize("name", TEXTS)
def test_outputs_are_those_of_the_commands(name: str) -> None:
    assert with_shown(TEXTS[name]) == TEXTS[name], "run python -m tests.docs.shown"


def test_every_output_is_shown_once() -> None:
    marks = [f"<!-- shown: {name} -->" for name in SHOWN]
    together = "".join(TEXTS.values())
    assert [together.count(mark) for mark in marks] == [1] * len(marks)
    assert together.count("<!-- shown: ") == len(marks)


def test_a_stale_output_is_noticed() -> None:
    text = TEXTS["docs/first-day.md"]
    for line in ("  ok      form newsletter: consents: Commercial", '"type": "String"'):
        assert line in text
        assert with_shown(text.replace(line, "stale")) == text


def test_the_story_ends_well() -> None:
    assert re.fullmatch(r"\d+ ok", SHOWN["doctor in the end"]().splitlines()[-1])
    assert SHOWN["doctor before the user"]().splitlines()[-1] == "1 ok, 1 missing"
