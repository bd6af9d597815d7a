"""The app's settings from a file, for who has them in one."""

import json
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

from shared.read_settings import SettingsInvalid


def add_settings(file: Path, environment: MutableMapping[str, str]) -> None:
    """Adds the settings of a file to the environment, where what is set already wins.

    Either `Values` of a local.settings.json, or the list that `az functionapp config appsettings
    list` prints. Raises SettingsInvalid when the file is not as documented:
    https://learn.microsoft.com/azure/azure-functions/functions-develop-local#local-settings-file
    https://learn.microsoft.com/cli/azure/functionapp/config/appsettings
    """
    try:
        values = _values(file, json.loads(file.read_text(encoding="utf-8-sig")))
        for name, value in values.items():
            environment.setdefault(name, str(value))
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        if isinstance(error, SettingsInvalid):
            raise
        raise SettingsInvalid(
            f"{file} should be a JSON object with an object `Values`, like local.settings.json,"
            " or the list that `az functionapp config appsettings list` prints"
        ) from None


def _values(file: Path, document: Any) -> dict[str, Any]:
    if isinstance(document, list):
        return {setting["name"]: setting["value"] or "" for setting in document}
    if document.get("IsEncrypted"):
        raise SettingsInvalid(f"{file} is encrypted; run `func settings decrypt` first")
    values: dict[str, Any] = document["Values"]
    return values
