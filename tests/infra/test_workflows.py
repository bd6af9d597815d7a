"""The workflows: what GitHub accepts, what is safe, and what they call is there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.examples import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TOOLS = Path(sys.executable).parent
PINNED = re.compile(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+|uses: \./\.github/workflows/.+")
PIN = "uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1"


def valid(*files: Path) -> subprocess.CompletedProcess[str]:
    """GitHub's own schema, which check-jsonschema brings along."""
    schema = ["--builtin-schema", "vendor.github-workflows"]
    return run(str(TOOLS / "check-jsonschema"), *schema, *map(str, files))


def safe(*files: Path) -> subprocess.CompletedProcess[str]:
    return run(str(TOOLS / "zizmor"), "--offline", "--no-progress", *map(str, files))


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - tools of this environment
        command, capture_output=True, text=True, timeout=60, check=False
    )


def unpinned(text: str) -> list[str]:
    return [line for line in re.findall(r"uses: .*", text) if not PINNED.fullmatch(line)]


def load(name: str) -> Any:
    text = (ROOT / ".github" / "workflows" / name).read_text(encoding="utf-8")
    return yaml.safe_load(text)


def test_github_can_read_them() -> None:
    assert len(WORKFLOWS) == 2
    answer = valid(*WORKFLOWS)
    assert answer.returncode == 0, answer.stdout


def test_zizmor_finds_nothing() -> None:
    answer = safe(*WORKFLOWS)
    assert answer.returncode == 0, answer.stdout


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_every_action_is_pinned_to_a_commit(file: Path) -> None:
    assert unpinned(file.read_text(encoding="utf-8")) == []


def test_the_checks_run_on_every_python_that_the_project_supports() -> None:
    matrix = load("checks.yml")["jobs"]["test"]["strategy"]["matrix"]
    assert matrix["python"] == ["3.11", "3.12", "3.13"]


def test_a_deployment_has_its_environment_and_parameters() -> None:
    workflow = load("deploy.yml")
    inputs = workflow[True]["workflow_dispatch"]["inputs"]  # YAML 1.1 reads `on` as true
    for environment in inputs["environment"]["options"]:
        assert (ROOT / "infra" / f"main.{environment}.bicepparam").is_file()
    deploy = workflow["jobs"]["deploy"]
    assert deploy["environment"] == "${{ inputs.environment }}"
    assert deploy["needs"] == "checks"
    scripts = "\n".join(step.get("run", "") for step in deploy["steps"])
    order = ["az bicep build ", "az bicep lint", "what-if", "group create", "config-zip", "smoke_"]
    assert sorted(order, key=scripts.index) == order


def test_a_workflow_that_github_refuses_is_found(tmp_path: Path) -> None:
    text = WORKFLOWS[0].read_text(encoding="utf-8")
    wrong = tmp_path / "wrong.yml"
    wrong.write_text(text.replace("runs-on:", "run-on:"), encoding="utf-8")

    assert valid(wrong).returncode != 0


def test_an_unsafe_workflow_is_found(tmp_path: Path) -> None:
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    unsafe = folder / "unsafe.yml"
    text = (ROOT / ".github" / "workflows" / "deploy.yml").read_text(encoding="utf-8")
    unsafe.write_text(text.replace('"$APP"', "${{ github.head_ref }}"), encoding="utf-8")

    assert "template-injection" in safe(unsafe).stdout


@pytest.mark.parametrize("moving", [PIN.replace("@3d", "@main3d"), "uses: actions/checkout@v7"])
def test_an_action_that_can_move_is_found(moving: str) -> None:
    assert unpinned(f"      - {PIN}\n      - {moving}\n") == [moving]
