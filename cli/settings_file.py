"""The app's settings from a file, for who has them in one."""

import json
from collections.abc import MutableMapping
from pathlib import Path

from shared.read_settings import SettingsInvalid


def add_settings(file: Path, environment: MutableMapping[str, str]) -> None:
    """Adds `Values` of a local.settings.json to the environment, where what is set already wins.

    Raises SettingsInvalid when the file is not as documented:
    https://learn.microsoft.com/azure/azure-functions/functions-develop-local#local-settings-file
    """
    try:
        document = json.loads(file.read_text(encoding="utf-8-sig"))
        values = document["Values"]
        if document.get("IsEncrypted"):
            raise SettingsInvalid(f"{file} is encrypted; run `func settings decrypt` first")
        for name, value in values.items():
            environment.setdefault(name, str(value))
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        if isinstance(error, SettingsInvalid):
            raise
        raise SettingsInvalid(
            f"{file} should be a JSON object with an object `Values`, like local.settings.json"
        ) from None
