"""The templates as they are, and copies with something broken."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from local.infrastructure.document import INFRASTRUCTURE
from local.infrastructure.files import read_bicep
from local.infrastructure.templates import Templates, read_templates
from tests.infra.deployment import Deployed, deploy

if TYPE_CHECKING:
    from pathlib import Path


class Break(Protocol):
    """Replaces text in one file of a copy; the text has to be there."""

    def __call__(self, file: str, old: str, new: str) -> Templates: ...


class Deploy(Protocol):
    """Deploys the test sample with some of its parameters changed."""

    def __call__(self, **changed: Any) -> Deployed: ...


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


@pytest.fixture
def deployed(templates: Templates) -> Deploy:
    given = read_bicep(INFRASTRUCTURE / "main.test.bicepparam").variables
    sample = {name: parameter.value for name, parameter in given.items()}

    def deploy_it(**changed: Any) -> Deployed:
        return deploy(templates, {**sample, **changed})

    return deploy_it
