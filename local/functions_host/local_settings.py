"""local.settings.json: settings for the app, and `Host`, which is about the host itself."""

import json
from collections.abc import MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.functions_host.load_failure import LoadFailure


@dataclass(frozen=True, kw_only=True)
class HostSection:
    """`Host` of local.settings.json. `cors` is a comma-separated list of origins, or empty."""

    cors: str = ""
    cors_credentials: bool = False


def read_local_settings(path: Path, environment: MutableMapping[str, str]) -> HostSection:
    """Adds `Values` to the environment, where what is already set wins; returns `Host`.

    A missing file adds nothing. Raises LoadFailure for a file that is not as documented:
    https://learn.microsoft.com/azure/azure-functions/functions-develop-local#local-settings-file
    """
    if not path.exists():
        return HostSection()
    document = _parsed(path)
    if document.get("IsEncrypted"):
        raise LoadFailure(f"{path} is encrypted; run `func settings decrypt` first")
    for name, value in _object(document, "Values", path).items():
        if not isinstance(value, str):
            raise LoadFailure(f"{path}: Values.{name} should be a string, not {value!r}")
        environment.setdefault(name, value)
    host = _object(document, "Host", path)
    return HostSection(
        cors=host.get("CORS", ""), cors_credentials=host.get("CORSCredentials") is True
    )


def _parsed(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise LoadFailure(f"{path} is not valid JSON: {error}") from error
    if not isinstance(document, dict):
        raise LoadFailure(f"{path} should be a JSON object")
    return document


def _object(document: dict[str, Any], name: str, path: Path) -> dict[str, Any]:
    section = document.get(name, {})
    if not isinstance(section, dict):
        raise LoadFailure(f"{path}: {name} should be an object")
    return section
