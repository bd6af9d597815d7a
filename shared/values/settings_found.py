"""The settings as the doctor sees them: what was found, and never a secret."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class SettingFound:
    """`value` is None for secrets, for what may name a person, and for what is wrong or not set.

    `wanted` says what it should look like, `mistake` what is wrong with it. `entries` counts what
    is separated by commas. `is_reference`: a reference to a Key Vault stands there instead.
    """

    name: str
    wanted: str
    is_set: bool = False
    value: str | None = None
    default: str | None = None
    mistake: str | None = None
    entries: int = 0
    is_reference: bool = False
    is_for_local_use: bool = False


@dataclass(frozen=True, kw_only=True)
class SettingsFound:
    """All settings by name, in the order of shared/settings.py.

    `unknown` has names that look like settings and are none. `in_azure`: read by the deployed
    app, not by somebody who has its settings in a file.
    """

    settings: Mapping[str, SettingFound]
    unknown: tuple[str, ...] = ()
    in_azure: bool = False

    def value(self, name: str) -> str:
        """What counts: the value or the default; empty where neither is there to be told."""
        setting = self.settings[name]
        return (setting.value if setting.is_set else setting.default) or ""

    @property
    def is_public(self) -> bool:
        """Whether people on the internet are to reach the app."""
        return self.value("DOI_PUBLIC_URL").startswith("https://")

    def wrong(self, *beginnings: str) -> list[str]:
        """Names of the settings that begin so and have a mistake."""
        return [
            name
            for name, setting in self.settings.items()
            if setting.mistake and name.startswith(beginnings)
        ]
