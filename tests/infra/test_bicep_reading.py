"""What the reader makes of Bicep: the checks rest on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from local.infrastructure.files import read_bicep
from local.infrastructure.origins import Origin, origin_of
from local.infrastructure.templates import read_templates
from local.infrastructure.values import Expression

if TYPE_CHECKING:
    from pathlib import Path

MAIN = """\
@description('What isn\\'t plain')
@allowed([
  'a'
  'b'
])
param kind string = 'a' // a comment
param place string
var ids = {
  reader: 'r-1'
}
var outer = inner.outputs.id
resource box 'A.B/boxes@2025-01-01' = if (kind == 'a') {
  name: 'x${place}'
  'odd-name': [
    1
    true
    null
    place
  ]
}
resource old 'A.B/boxes@2025-01-01' existing = {
  name: 'old'
}
module inner 'inner/part.bicep' = [for (item, index) in [
  'p'
]: {
  name: item
  params: {
    role: ids.reader
    owner: box.properties.owner
  }
}]
output id string = outer
"""
PART = """\
param role string
param owner string
resource box 'A.B/boxes@2025-01-01' = {
  name: role
  tags: union(owner, {
    k: 'v'
  })
}
output id string = box.id
output owner string = owner
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "inner").mkdir()
    (tmp_path / "main.bicep").write_text(MAIN, encoding="utf-8")
    (tmp_path / "inner" / "part.bicep").write_text(PART, encoding="utf-8")
    return tmp_path


def test_parameters_have_type_default_and_decorators(folder: Path) -> None:
    parameters = read_bicep(folder / "main.bicep").parameters

    assert parameters["kind"].type == "string"
    assert parameters["kind"].value == "a"
    assert parameters["kind"].description == "What isn't plain"
    assert parameters["kind"].decorators["allowed"].arguments == (["a", "b"],)
    assert not parameters["place"].has_value
    assert parameters["place"].description == ""


def test_resources_have_type_condition_and_values(folder: Path) -> None:
    resources = read_bicep(folder / "main.bicep").resources

    box = resources["box"]
    assert (box.of, box.condition, box.existing) == ("A.B/boxes@2025-01-01", "kind == 'a'", False)
    place = Expression(text="place", names=frozenset({"place"}))
    assert box.body["odd-name"] == [1, True, None, place]
    assert box.body["name"] == Expression(text="'x${place}'", names=frozenset({"place"}))
    assert box.names == {"kind", "place"}
    assert resources["old"].existing


def test_modules_have_loop_and_parameters_and_no_loop_variables_among_their_names(
    folder: Path,
) -> None:
    inner = read_bicep(folder / "main.bicep").modules["inner"]

    assert inner.of == "inner/part.bicep"
    assert (inner.loop, inner.item) == ("[\n  'p'\n]", "item")
    assert set(inner.body["params"]) == {"role", "owner"}
    assert inner.names == {"ids", "box"}


def test_names_used_are_symbols_only(folder: Path) -> None:
    assert read_bicep(folder / "inner" / "part.bicep").names_used() == {"role", "owner", "box"}


@pytest.mark.parametrize(
    ("path", "text", "origin"),
    [
        ("inner/part.bicep", "role", ("main.bicep", "", "r-1")),
        ("inner/part.bicep", "owner", ("main.bicep", "box", ".properties.owner")),
        ("main.bicep", "outer", ("inner/part.bicep", "box", ".id")),
        ("main.bicep", "inner!.outputs.owner", ("main.bicep", "box", ".properties.owner")),
        ("main.bicep", "kind", ("main.bicep", "kind", "")),
    ],
)
def test_values_are_followed_to_where_they_come_from(
    folder: Path, path: str, text: str, origin: tuple[str, str, str]
) -> None:
    found = origin_of(read_templates(folder), path, Expression(text=text, names=frozenset()))

    assert found == Origin(path=origin[0], symbol=origin[1], rest=origin[2])


def test_what_is_worked_out_cannot_be_followed(folder: Path) -> None:
    value = Expression(text="concat(a, b)", names=frozenset())

    with pytest.raises(ValueError, match="no plain name"):
        origin_of(read_templates(folder), "main.bicep", value)
