"""The Pythons that dev.py sets up: .venv for the project, .venv-checkov for a tool alone."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from local.stack.prerequisites import require_venv_support
from local.stack.run_command import CommandFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SCRIPTS = "Scripts" if os.name == "nt" else "bin"
STAMP = ".set-up.json"  # requirement file -> digest of what was installed
UNFINISHED = ".set-up-unfinished"  # stands while pip works: an interrupted pip leaves half packages
LOCK = ".set-up-lock"

LOCAL_PACKAGES = "requirements-local.txt"
DEV_PACKAGES = "requirements-dev.txt"
CHECKOV_PACKAGES = "requirements-checkov.txt"
# The development list is made from the local one and more, so installing it installs both.
CONTAINED_IN = {
    LOCAL_PACKAGES: (LOCAL_PACKAGES, DEV_PACKAGES),
    DEV_PACKAGES: (DEV_PACKAGES,),
    CHECKOV_PACKAGES: (CHECKOV_PACKAGES,),
}

IS_NEW_ENOUGH = "import sys; print(sys.version); sys.exit(sys.version_info < (3, 11))"


@dataclass(frozen=True, kw_only=True)
class PythonEnvironment:
    folder: Path

    @property
    def scripts(self) -> Path:
        return self.folder / SCRIPTS

    @property
    def python(self) -> Path:
        return self.scripts / ("python.exe" if os.name == "nt" else "python")


def running_environment() -> PythonEnvironment:
    """The environment of the Python that runs dev.py, taken as it is."""
    return PythonEnvironment(folder=Path(sys.prefix))


def packages_are_installed(environment: PythonEnvironment, root: Path, packages: str) -> bool:
    version = _version(environment)
    if version is None or (environment.folder / UNFINISHED).exists():
        return False
    digest = _digest(root, version, packages)
    stamp = _read_stamp(environment)
    return any(stamp.get(name) == digest for name in CONTAINED_IN[packages])


def install_packages(
    environment: PythonEnvironment,
    root: Path,
    packages: str,
    run: Callable[[Sequence[str]], None],
) -> None:
    """Make the environment where it is missing or broken, then install a requirement file.

    `run` runs a command to its end and raises CommandFailed or Stopped, which pass through.
    """
    unfinished = environment.folder / UNFINISHED
    if unfinished.exists() or _version(environment) is None:
        _empty(environment.folder)
    environment.folder.mkdir(exist_ok=True)
    (environment.folder / STAMP).unlink(missing_ok=True)
    unfinished.touch()
    python = str(environment.python)
    if not environment.python.exists():
        require_venv_support()
        run([sys.executable, "-m", "venv", str(environment.folder)])
    elif not _has_pip(environment):
        run([python, "-m", "ensurepip"])
    pip = [python, "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
    try:
        run([*pip, "--progress-bar", "off", "--requirement", packages])
    except CommandFailed:
        unfinished.unlink()  # pip gave up in good order, so what is there is whole
        raise
    digest = _digest(root, _version(environment) or "", packages)
    (environment.folder / STAMP).write_text(json.dumps({packages: digest}))
    unfinished.unlink()


def _version(environment: PythonEnvironment) -> str | None:
    """None where there is no Python that works and is new enough."""
    if not environment.python.exists():
        return None
    answer = subprocess.run(  # noqa: S603 - the environment's own Python
        [environment.python, "-c", IS_NEW_ENOUGH], capture_output=True, text=True, check=False
    )
    return answer.stdout if answer.returncode == 0 else None


def _has_pip(environment: PythonEnvironment) -> bool:
    answer = subprocess.run(  # noqa: S603 - the environment's own Python
        [environment.python, "-c", "import pip"], capture_output=True, check=False
    )
    return answer.returncode == 0


def _digest(root: Path, version: str, packages: str) -> str:
    """Of all lists of one environment: one installed after another may change its packages."""
    digest = hashlib.sha256(version.encode())
    alone = root / CHECKOV_PACKAGES
    lists = {alone} if packages == CHECKOV_PACKAGES else {*root.glob("requirements*.txt")} - {alone}
    for path in sorted(lists):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _read_stamp(environment: PythonEnvironment) -> dict[str, str]:
    try:
        stamp: dict[str, str] = json.loads((environment.folder / STAMP).read_text())
    except (OSError, ValueError):
        return {}
    return stamp


def _empty(folder: Path) -> None:
    if not folder.exists():
        return
    for entry in folder.iterdir():
        if entry.name == LOCK:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
