"""What is deployed: the files that .funcignore leaves."""

from __future__ import annotations

import os
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

from tests.examples import ROOT


def files_here() -> list[str]:
    """Of the repository, with forward slashes: all but git's own, and what .gitignore names."""
    left_out = [".git", *patterns_in((ROOT / ".gitignore").read_text(encoding="utf-8"))]
    found = []
    for folder, folders, files in os.walk(ROOT):
        below = Path(folder).relative_to(ROOT)
        folders[:] = [name for name in folders if not ignored((below / name).as_posix(), left_out)]
        paths = [(below / name).as_posix() for name in files]
        found += [path for path in paths if not ignored(path, left_out)]
    return found


def ignored(path: str, patterns: list[str]) -> bool:
    """As .gitignore has it, for the patterns that we use: a name anywhere, or a path."""
    parts = PurePosixPath(path).parts
    names = [*parts, *("/".join(parts[: end + 1]) for end in range(len(parts)))]
    return any(fnmatch(name, pattern) for name in names for pattern in patterns)


def patterns_in(text: str) -> list[str]:
    """The lines that are no comment."""
    lines = [line.rstrip("/") for line in text.splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def deployed_files() -> set[str]:
    """What of the repository a deployment takes along."""
    patterns = patterns_in((ROOT / ".funcignore").read_text(encoding="utf-8"))
    return {
        path
        for path in files_here()
        if not ignored(path, patterns) and path != ".funcignore"  # which azd leaves out by itself
    }
