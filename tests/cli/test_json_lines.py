"""Lines of JSON files, for people who have to mend them."""

import json
from pathlib import Path
from typing import Any

import pytest

from cli.json_lines import line_of, lines_of
from tests.examples import ROOT

TEXT = """{
  "a": [
    {"b": "x: [1, {2}", "c/d": null},
    7, "y"
  ],
  "ä~": {"\\u00e9": true}
}
"""


def every_value(tree: Any, pointer: str = "") -> dict[str, Any]:
    found = {pointer: tree} if pointer else {}
    if not isinstance(tree, dict | list):
        return found
    items = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, inner in items:
        escaped = str(key).replace("~", "~0").replace("/", "~1")
        found |= every_value(inner, f"{pointer}/{escaped}")
    return found


def test_keys_and_entries_have_lines(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text(TEXT, encoding="utf-8")
    assert lines_of(file) == {
        "/a": 2,
        "/a/0": 3,
        "/a/0/b": 3,
        "/a/0/c~1d": 3,
        "/a/1": 4,
        "/a/2": 4,
        "/ä~0": 6,
        "/ä~0/é": 6,
    }


@pytest.mark.parametrize("name", ["newsletter", "whitepaper", "webinar", "form.schema"])
def test_every_value_of_a_shipped_file_is_found_where_it_is(name: str) -> None:
    file = ROOT / "forms" / f"{name}.json"
    lines, text = lines_of(file), file.read_text(encoding="utf-8").splitlines()
    values = every_value(json.loads(file.read_bytes()))
    assert set(lines) == set(values)
    for pointer, value in values.items():
        if isinstance(value, str):
            assert json.dumps(value, ensure_ascii=False) in text[lines[pointer] - 1]


def test_the_nearest_thing_around_a_place_has_a_line() -> None:
    lines = {"/mail": 4, "/mail/text": 5}
    assert line_of("/mail/text/de", lines) == 5
    assert line_of("/mail/subject/de", lines) == 4
    assert line_of("/nothing", lines) is None
    assert line_of("", lines) is None


@pytest.mark.parametrize("content", [b"", b"{", b'{"a": [1, }', b"\xff\xfe", b'"x"', b"]]}}"])
def test_what_is_no_json_does_no_harm(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.json"
    file.write_bytes(content)
    assert set(lines_of(file)) <= {"/a", "/a/0"}
    assert lines_of(tmp_path / "none.json") == {}
