"""`dev.py test` runs all five, in order, and fails when any fails; scripts stand in for them."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import pytest

from local.stack.checks import run_checks
from local.stack.python_environment import PythonEnvironment
from local.stack.stop_request import StopRequest

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins are shell scripts")


def environment_with(folder: Path, *failing: str) -> PythonEnvironment:
    environment = PythonEnvironment(folder=folder)
    environment.scripts.mkdir()
    for name in ("ruff", "mypy", "lint-imports", "python"):
        script = environment.scripts / name
        exit_code = 1 if name in failing else 0
        script.write_text(f'#!/bin/sh\necho "{name} $*" >> {folder}/calls\nexit {exit_code}\n')
        script.chmod(0o755)
    return environment


def run(environment: PythonEnvironment, *arguments: str, only_tests: bool = False) -> int:
    return run_checks(
        environment, pytest_arguments=arguments, only_tests=only_tests, stop=StopRequest()
    )


def calls(environment: PythonEnvironment) -> list[str]:
    return [line.strip() for line in (environment.folder / "calls").read_text().splitlines()]


def test_the_five_run_in_order_and_pytest_gets_the_arguments(tmp_path: Path) -> None:
    environment = environment_with(tmp_path)

    assert run(environment, "-k", "token") == 0

    assert calls(environment) == [
        "ruff format --check .",
        "ruff check .",
        "mypy",
        "lint-imports --no-logo",
        "python -m pytest -k token",
    ]


@pytest.mark.parametrize("failing", ["ruff", "mypy", "lint-imports", "python"])
def test_all_run_even_though_one_fails_and_the_result_is_failure(
    tmp_path: Path, failing: str
) -> None:
    environment = environment_with(tmp_path, failing)

    assert run(environment) == 1

    assert len(calls(environment)) == 5


def test_a_failed_check_is_named_at_the_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(environment_with(tmp_path, "mypy", "python"))

    assert capsys.readouterr().err.splitlines()[-1] == "Failed: types, tests."


def test_the_checks_can_be_left_out(tmp_path: Path) -> None:
    environment = environment_with(tmp_path)

    assert run(environment, "-x", only_tests=True) == 0

    assert calls(environment) == ["python -m pytest -x"]


def test_all_tests_are_shared_by_processes_that_stop_when_one_of_them_crashes(
    tmp_path: Path,
) -> None:
    environment = environment_with(tmp_path)

    assert run(environment, only_tests=True) == 0

    [call] = calls(environment)
    assert re.match(r"python -m pytest -n [1-4] --dist loadfile ", call)
    assert call.endswith(" --max-worker-restart 0")


def test_the_many_pythons_of_the_tests_may_keep_their_bytecode(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    environment = environment_with(tmp_path)
    python = environment.scripts / "python"
    python.write_text(f'#!/bin/sh\necho "<$PYTHONDONTWRITEBYTECODE>" > {tmp_path}/calls\n')

    assert run(environment, only_tests=True) == 0

    assert calls(environment) == ["<>"]
