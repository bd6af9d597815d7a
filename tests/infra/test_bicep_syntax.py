"""Every file is Bicep."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from local.infrastructure.document import INFRASTRUCTURE
from local.infrastructure.syntax import mistakes_in, tree_of

if TYPE_CHECKING:
    from pathlib import Path

FILES = sorted([*INFRASTRUCTURE.rglob("*.bicep"), *INFRASTRUCTURE.rglob("*.bicepparam")])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_file_can_be_read(file: Path) -> None:
    assert [str(mistake) for mistake in mistakes_in(tree_of(file))] == []


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("a.bicep", "param x string\nvar y = {\n  a: 1\n", 2),
        ("b.bicep", "param x string\nresource y 'A/b@1' {\n  name: 'x'\n}\n", 2),
        ("c.bicep", "var x = 'open\n", 2),
        ("d.bicepparam", "using 'main.bicep'\nparam x = [\n", 2),
        ("e.bicepparam", "using 'main.bicep'\nparam x == 'y'\n", 2),
    ],
)
def test_what_is_no_bicep_is_found_with_its_line(
    tmp_path: Path, name: str, text: str, line: int
) -> None:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")

    assert line in [mistake.line for mistake in mistakes_in(tree_of(file))]
