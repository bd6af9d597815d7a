"""The npm packages of the local stack, installed exactly as package-lock.json says."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from local.stack.prerequisites import Node

STAMP = ".set-up"


def node_packages_are_installed(node: Node, folder: Path) -> bool:
    try:
        return _stamp(folder).read_text() == _digest(node, folder)
    except OSError:
        return False


def install_node_packages(node: Node, folder: Path, run: Callable[[Sequence[str]], None]) -> None:
    """`npm ci` begins by deleting node_modules and the stamp in it, so that an interrupted run
    leaves none. Its options stand in the folder's .npmrc. What `run` raises passes through.
    """
    run([node.npm, "ci"])
    _stamp(folder).write_text(_digest(node, folder))


def _stamp(folder: Path) -> Path:
    return folder / "node_modules" / STAMP


def _digest(node: Node, folder: Path) -> str:
    digest = hashlib.sha256(node.version.encode())
    for name in ("package.json", "package-lock.json", ".npmrc"):
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()
