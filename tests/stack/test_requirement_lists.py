"""What is pinned stays pinned, and says nothing about where packages were fetched from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from local.stack.requirement_lists import GROUPS, LISTS, without_index_options

ROOT = Path(__file__).resolve().parents[2]
NODE_FOLDER = ROOT / "local" / "node"


def test_lines_that_name_an_index_are_dropped() -> None:
    resolved = (
        "--index-url https://packages.example/simple\n"
        "# --extra-index-url https://packages.example/simple\n"
        "--find-links /somewhere\n"
        "idna==3.11\n    # via requests\n"
    )

    assert without_index_options(resolved) == "idna==3.11\n    # via requests\n"


@pytest.mark.parametrize("name", [*LISTS, *GROUPS])
def test_the_lists_name_no_index(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")

    assert without_index_options(text) == text
    assert "://" not in text


def test_the_development_list_holds_everything_of_the_other_lists() -> None:
    pins = {
        name: {
            line
            for line in (ROOT / name).read_text(encoding="utf-8").splitlines()
            if "==" in line and not line.lstrip().startswith("#")
        }
        for name in LISTS
    }

    assert pins["requirements.txt"] <= pins["requirements-local.txt"]
    assert pins["requirements-local.txt"] <= pins["requirements-dev.txt"]


def test_npm_packages_are_pinned_without_addresses() -> None:
    package = json.loads((NODE_FOLDER / "package.json").read_text(encoding="utf-8"))
    lock = json.loads((NODE_FOLDER / "package-lock.json").read_text(encoding="utf-8"))

    assert lock["packages"][""]["dependencies"] == package["dependencies"]
    for name, version in package["dependencies"].items():
        assert lock["packages"][f"node_modules/{name}"]["version"] == version
    assert not [name for name, entry in lock["packages"].items() if "resolved" in entry]
