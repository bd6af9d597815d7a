"""The folder in which a stack keeps what it stores and logs."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from local.stack.exclusive_file import ExclusiveFile
from local.stack.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Says that the folder is ours to empty, and is held by the one stack that uses it.
MARKER = ".dev-stack"
CONTENTS = ("azurite", "mail", "dataverse", "linkedin", "logs")


@contextmanager
def data_folder(folder: Path, *, fresh: bool) -> Iterator[Path]:
    """Hold the folder for the time of the `with` block; `fresh` empties it first.

    Raises Problem where another stack uses it, or where it holds things that are not ours.
    """
    _require_ours(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Problem(f"The folder {folder} cannot be made: {error.strerror}.") from error
    marker = ExclusiveFile(folder / MARKER)
    if not marker.take():
        raise Problem(
            f"Another stack (process {marker.holder()}) uses the folder {folder}: end it with "
            "Ctrl-C, or start this one beside it with --data FOLDER and --port-base N."
        )
    try:
        if fresh:
            _empty(folder)
        for name in CONTENTS:
            (folder / name).mkdir(exist_ok=True)
        yield folder
    finally:
        marker.release()


def _require_ours(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise Problem(f"--data must name a folder, but {folder} is a file.")
    if folder.exists() and any(folder.iterdir()) and not (folder / MARKER).exists():
        raise Problem(
            f"The folder {folder} holds things that this stack did not put there; "
            "name a new or empty folder with --data."
        )


def _empty(folder: Path) -> None:
    for entry in folder.iterdir():
        if entry.name == MARKER:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
