"""checkov on a copy of the templates, in the Python environment that it has to itself."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from local.stack.layout import CHECKOV_ENVIRONMENT
from local.stack.python_environment import PythonEnvironment

# checkov's parser, pycep 0.5.1, does not know these two. Neither says anything about a resource:
# the first is about whether there is one already, the second about what people are told.
_DIALECT = {
    re.compile(r"^@onlyIfNotExists\(\)\n", re.MULTILINE): "",
    re.compile(r"\bfail\("): "string(",
}
_SETS_UP = "checkov is not installed here; `python3 dev.py test` sets it up in .venv-checkov"


@dataclass(frozen=True, kw_only=True)
class Report:
    """What checkov says; files are relative to the folder, findings `file: id resource`."""

    unreadable: list[str]
    findings: list[str]
    excused: Counter[str]  # ids of checks that a comment turned off
    resources: Counter[str]  # `type.symbol`


def in_checkovs_dialect(text: str) -> str:
    for pattern, replacement in _DIALECT.items():
        text = pattern.sub(replacement, text)
    return text


def checkov_program() -> Path:
    """Skips the test where checkov is missing, and fails it under CI=true."""
    program = PythonEnvironment(folder=CHECKOV_ENVIRONMENT).scripts / "checkov"
    if not program.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(_SETS_UP)
        pytest.skip(_SETS_UP)
    return program


def run_checkov(folder: Path, results: Path) -> Report:
    """Offline. checkov ends with 0 even where it could not read a file: the report says so."""
    program = checkov_program()
    command = [str(program.with_name("python")), str(program)]
    what = ["--directory", str(folder), "--framework", "bicep", "--skip-download", "--soft-fail"]
    how = ["--compact", "--output", "json", "--output", "cyclonedx_json"]
    ended = subprocess.run(  # noqa: S603 - the program installed for this
        [*command, *what, *how, "--output-file-path", str(results)],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    said = json.loads((results / "results_json.json").read_bytes())["results"]
    counted = json.loads((results / "results_cyclonedx.json").read_bytes())["components"]
    return Report(
        unreadable=[Path(path).relative_to(folder).as_posix() for path in said["parsing_errors"]],
        findings=[
            f"{check['file_path'].lstrip('/')}: {check['check_id']} {check['resource']}"
            for check in said["failed_checks"]
        ],
        excused=Counter(check["check_id"] for check in said["skipped_checks"]),
        resources=Counter(
            component["name"] for component in counted if component["name"].startswith("Microsoft.")
        ),
    )
