"""`dev.py lock`: pin every package, direct and indirect, for all systems and Python versions."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from local.stack.console import say
from local.stack.layout import ROOT, VIRTUAL_ENVIRONMENT
from local.stack.python_environment import PythonEnvironment
from local.stack.run_command import run_command

if TYPE_CHECKING:
    from local.stack.stop_request import StopRequest

UV = "uv==0.13.9"
LISTS: dict[str, tuple[str, ...]] = {
    "requirements.txt": (),
    "requirements-local.txt": ("local", "cli"),
    "requirements-dev.txt": ("local", "cli", "dev"),
}
# Without the project's own packages, which they contradict.
GROUPS: dict[str, str] = {"requirements-checkov.txt": "checkov"}
# Where packages come from is a machine's own business and must not end in the repository.
INDEX_OPTIONS = ("-i ", "-f ", "--index-url", "--extra-index-url", "--find-links", "--trusted-host")


def lock(stop: StopRequest) -> None:
    """Writes the files from pyproject.toml. Raises CommandFailed and Stopped."""
    environment = PythonEnvironment(folder=VIRTUAL_ENVIRONMENT)
    if not environment.python.exists():
        _run(stop, sys.executable, "-m", "venv", str(environment.folder))
    _run(stop, str(environment.python), "-m", "pip", "install", "--no-input", UV)
    sources: dict[str, list[str]] = {
        name: ["pyproject.toml", *(option for extra in extras for option in ("--extra", extra))]
        for name, extras in LISTS.items()
    } | {name: ["--group", group] for name, group in GROUPS.items()}
    for name, source in sources.items():
        path = ROOT / name
        say(f"Writing {name} …")
        uv = [str(environment.scripts / "uv"), "pip", "compile", *source]
        _run(stop, *uv, "--universal", "--python-version", "3.11", "--no-header", "-o", name)
        path.write_text(without_index_options(path.read_text(encoding="utf-8")), encoding="utf-8")


def without_index_options(requirements: str) -> str:
    lines = requirements.splitlines(keepends=True)
    return "".join(line for line in lines if not line.lstrip("# ").startswith(INDEX_OPTIONS))


def _run(stop: StopRequest, *command: str) -> None:
    run_command(command, folder=ROOT, environment=os.environ, stop=stop)
