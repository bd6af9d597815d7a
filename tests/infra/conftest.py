"""The templates as they are, and copies with something broken."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Protocol

import pytest

from local.infrastructure.document import INFRASTRUCTURE
from local.infrastructure.templates import Templates, read_templates

if TYPE_CHECKING:
    from pathlib import Path


class Break(Protocol):
    """Replaces text in one file of a copy; the text has to be there."""

    def __call__(self, file: str, old: str, new: str) -> Templates: ...


@pytest.fixture(scope="session")
def templates() -> Templates:
    return read_templates(INFRASTRUCTURE)


@pytest.fixture
def broken(tmp_path: Path) -> Break:
    folder = tmp_path / "infra"
    shutil.copytree(INFRASTRUCTURE, folder)

    def break_it(file: str, old: str, new: str) -> Templates:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return read_templates(folder)

    return break_it
