"""What Azure installs is what pyproject.toml pins, and nothing of the local stack."""

import tomllib

from packaging.requirements import Requirement

from tests.examples import ROOT

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
GROUPS = PYPROJECT["dependency-groups"]


def pins(lines: list[str]) -> set[tuple[str, str, str]]:
    """Name, version and Python version of each pin."""
    found = set()
    for line in lines:
        requirement = Requirement(line)
        marker = str(requirement.marker or "").replace("python_full_version", "python_version")
        found.add((requirement.name, str(requirement.specifier), marker))
    return found


def locked(name: str) -> set[tuple[str, str, str]]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return pins([line for line in lines if line and not line.lstrip().startswith("#")])


def test_every_direct_dependency_is_pinned_alike() -> None:
    assert pins(PROJECT["dependencies"]) <= locked("requirements.txt")
    extras = PROJECT["optional-dependencies"]
    assert pins(extras["local"]) | pins(extras["cli"]) <= locked("requirements-local.txt")
    assert pins(extras["dev"]) <= locked("requirements-dev.txt")
    assert pins(GROUPS["checkov"]) <= locked("requirements-checkov.txt")


def test_everything_is_pinned_to_one_version() -> None:
    for specifier in [pin[1] for pin in locked("requirements.txt")]:
        assert specifier.startswith("==")
        assert "*" not in specifier


def test_azure_gets_nothing_of_the_local_stack() -> None:
    names = {name for name, _, _ in locked("requirements.txt")}
    extras = PROJECT["optional-dependencies"]
    local = {name for name, _, _ in pins(extras["local"]) | pins(extras["cli"])}
    assert not names & (local | {"aiohttp", "pytest", "playwright"})
