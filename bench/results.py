"""Raw numbers as JSON, one file for each benchmark, and where and when they were taken."""

import json
import os
import platform
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from local.stack.layout import ROOT


def taken_now() -> dict[str, Any]:
    """When, on what, and from which state of the code."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="minutes"),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "commit": _git("rev-parse", "--short=12", "HEAD") + ("+" if _is_changed() else ""),
        "loadBefore": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
    }


def write_result(folder: Path, name: str, result: Mapping[str, Any]) -> None:
    """Into `NAME.json` of the folder, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(_rounded(result), separators=(",", ":"))
    (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def read_result(folder: Path, name: str) -> dict[str, Any] | None:
    """None where it was never measured."""
    file = folder / f"{name}.json"
    if not file.exists():
        return None
    result: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return result


def _rounded(value: Any) -> Any:
    """No clock here is better than that, and files stay small."""
    if isinstance(value, float):
        return round(value, 2) if value >= 1 else round(value, 5)
    if isinstance(value, Mapping):
        return {str(name): _rounded(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(part) for part in value]
    return value


def _is_changed() -> bool:
    """Beside what a run itself writes."""
    written = (":!bench/results", ":!bench/report.md", ":!README.md")
    return bool(_git("diff", "HEAD", "--stat", "--", ".", *written))


def _git(*arguments: str) -> str:
    command = ["git", *arguments]
    try:
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - a fixed command
    except OSError:
        return ""
    return ended.stdout.strip()
