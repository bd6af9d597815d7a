"""What is deployed: the files that .funcignore leaves."""

from __future__ import annotations

import subprocess
from fnmatch import fnmatch
from pathlib import PurePosixPath

from tests.examples import ROOT


def tracked_files() -> list[str]:
    """Of the repository, with forward slashes."""
    listed = subprocess.run(
        ["git", "ls-files"],  # noqa: S607 - the tests run in a clone
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return listed.stdout.splitlines()


def ignored(path: str, patterns: list[str]) -> bool:
    """As .gitignore has it, for the patterns that we use: a name anywhere, or a path."""
    parts = PurePosixPath(path).parts
    names = [*parts, *("/".join(parts[: end + 1]) for end in range(len(parts)))]
    return any(fnmatch(name, pattern) for name in names for pattern in patterns)


def patterns_in(text: str) -> list[str]:
    """The lines that are no comment."""
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def deployed_files() -> set[str]:
    """What of the repository a deployment takes along."""
    patterns = patterns_in((ROOT / ".funcignore").read_text(encoding="utf-8"))
    return {
        path
        for path in tracked_files()
        if not ignored(path, patterns) and path != ".funcignore"  # which azd leaves out by itself
    }
