"""What must be on the machine before dev.py can set up the rest: Node, and a whole Python."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass

from local.stack.problem import Problem

OLDEST_NODE = 20
INSTALL_NODE = f"install Node.js {OLDEST_NODE} or newer (https://nodejs.org)"


@dataclass(frozen=True, kw_only=True)
class Node:
    node: str  # full paths: on Windows npm is a .cmd file, which only its path finds
    npm: str
    version: str


def find_node(search_path: str | None = None) -> Node:
    """Raises Problem where node or npm is missing or too old."""
    node, npm = (shutil.which(name, path=search_path) for name in ("node", "npm"))
    if node is None:
        raise Problem(f"Node.js is missing (no `node` on the PATH): {INSTALL_NODE}.")
    answer = subprocess.run(  # noqa: S603 - the node found above
        [node, "--version"], capture_output=True, text=True, check=False
    )
    version = answer.stdout.strip()
    major = re.match(r"v(\d+)\.", version)
    if major is None or int(major[1]) < OLDEST_NODE:
        raise Problem(f"Node.js {version or 'of an unknown version'} is too old: {INSTALL_NODE}.")
    if npm is None:
        raise Problem(f"npm is missing (no `npm` on the PATH): {INSTALL_NODE}, which brings it.")
    return Node(node=node, npm=npm, version=version)


def require_venv_support() -> None:
    """Raises Problem where `python -m venv` could not work: Debian packs its half apart."""
    if importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise Problem(
            f"This Python ({sys.executable}) cannot make virtual environments because its "
            "`ensurepip` module is missing; on Debian and Ubuntu install it with "
            f"`apt install python3-venv` (or python{version}-venv)."
        )
