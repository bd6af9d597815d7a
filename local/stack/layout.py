"""Where things lie in the repository."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VIRTUAL_ENVIRONMENT = ROOT / ".venv"
CHECKOV_ENVIRONMENT = ROOT / ".venv-checkov"
NODE_FOLDER = ROOT / "local" / "node"
DEFAULT_DATA_FOLDER = ROOT / ".local"
SETTINGS = ROOT / "local.settings.json"
SETTINGS_SAMPLE = ROOT / "local.settings.sample.json"
