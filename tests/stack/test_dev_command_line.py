"""dev.py as a person meets it. Nothing here may install or start anything."""

from __future__ import annotations

import ast
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def dev(*arguments: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - the project's own command
        [sys.executable, str(ROOT / "dev.py"), *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_help_names_the_commands_from_any_folder(tmp_path: Path) -> None:
    answer = dev("--help", folder=tmp_path)

    assert answer.returncode == 0
    for command in ("up", "test", "chaos", "bench", "doi", "diagram", "lock"):
        assert f"\n    {command} " in answer.stdout


def test_help_of_up_names_its_options() -> None:
    answer = dev("up", "--help")

    for option in ("--port-base", "--data", "--host", "--fresh", "--verbose"):
        assert option in answer.stdout


def test_doi_gets_its_arguments_and_the_stack_its_ports() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # and does not listen
        base = nobody.getsockname()[1] - 3  # Azurite's queues

        answer = dev("doi", "--this-python", "--port-base", str(base), "poison", "list", "--json")

    assert answer.returncode == 5
    assert answer.stderr.startswith("Storage does not answer: queue registrations-poison")
    assert f"No stack runs here (nothing listens on port {base + 4})" in answer.stderr


def test_doi_has_its_own_help() -> None:
    answer = dev("doi", "--this-python", "poison", "--help")

    assert answer.returncode == 0
    assert "replay" in answer.stdout


@pytest.mark.parametrize("arguments", [[], ["dance"], ["up", "--dance"], ["up", "extra"]])
def test_what_it_does_not_know_is_refused(arguments: list[str]) -> None:
    answer = dev(*arguments)

    assert answer.returncode == 2
    assert "usage: dev.py" in answer.stderr


def test_an_older_python_gets_as_far_as_the_sentence_about_its_age() -> None:
    source = (ROOT / "dev.py").read_text(encoding="utf-8")

    ast.parse(source, feature_version=(3, 7))  # newer syntax would hide the sentence

    statements = ast.parse(source).body
    tells_the_version = next(i for i, node in enumerate(statements) if isinstance(node, ast.If))
    imports = [ast.unparse(node) for node in statements[:tells_the_version]][1:]
    assert imports == ["import sys"]


def test_a_port_in_use_ends_it_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as other_program:
        other_program.bind(("127.0.0.1", 0))
        other_program.listen()
        port = other_program.getsockname()[1]
        arguments = ["up", "--this-python", "--host", "local", "--port-base", str(port)]

        answer = dev(*arguments, "--data", str(tmp_path / "data"))

    assert answer.returncode == 1
    assert answer.stdout == ""
    assert answer.stderr.startswith(f"Port {port}, which the demo website needs, is in use")
    assert len(answer.stderr.splitlines()) == 1
    assert list((tmp_path / "data" / "logs").iterdir()) == []


def test_fresh_refuses_a_folder_that_is_not_its_own(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")

    answer = dev("up", "--this-python", "--host", "local", "--fresh", "--data", str(tmp_path))

    assert answer.returncode == 1
    assert "did not put there" in answer.stderr
    assert (tmp_path / "thesis.txt").exists()
