"""The settings for the doctor: it works with what is right, and tells what is wrong."""

import secrets
from collections.abc import Mapping
from typing import Final

from pydantic.fields import FieldInfo

from shared.read_settings import (
    fields_by_name,
    given_settings,
    is_reference,
    mistakes_in,
    unknown_settings,
)
from shared.settings import SHORTEST_SECRET, MailProvider, Settings
from shared.values.settings_found import SettingFound, SettingsFound

# Not of the app: Azure Functions reads it.
THREADS: Final = "PYTHON_THREADPOOL_THREAD_COUNT"
# Azure sets it for the deployed app: its name.
APP_NAME: Final = "WEBSITE_SITE_NAME"
# What the sample's secrets begin with.
_FOR_LOCAL_USE = "for-local-use-only"
_MAY_NAME_SOMEBODY = frozenset({"SMTP_USER"})


def usable_settings(environment: Mapping[str, str]) -> Settings:
    """For the doctor: what is right, defaults for what is wrong, and stand-ins that reach nobody.

    Who works with them has to look first at what is wrong (`find_settings`).
    """
    given = given_settings(environment)
    mistakes = mistakes_in(given)
    right = {name: value for name, value in given.items() if name not in mistakes}
    stand_ins = {
        "DOI_PUBLIC_URL": "https://unknown.invalid",
        "DOI_TOKEN_KEYS": secrets.token_urlsafe(SHORTEST_SECRET),
        "DOI_PEPPER": secrets.token_urlsafe(SHORTEST_SECRET),
        "DOI_MAIL_PROVIDER": MailProvider.SMTP.value,
        "DATAVERSE_URL": "https://unknown.invalid",
    }
    return Settings.model_validate(stand_ins | right)


def find_settings(environment: Mapping[str, str]) -> SettingsFound:
    """Every setting, for the doctor: what stands there, what should, and what is wrong."""
    given = given_settings(environment)
    mistakes = mistakes_in(given)
    found = [
        _found(name, field, given.get(name), mistakes.get(name))
        for name, field in fields_by_name().items()
    ]
    threads = environment.get(THREADS) or None
    found.append(
        SettingFound(
            name=THREADS,
            wanted="how many functions of an instance work at once, read by Azure Functions: 32",
            is_set=threads is not None,
            value=threads,
        )
    )
    return SettingsFound(
        settings={setting.name: setting for setting in found},
        unknown=tuple(unknown_settings(environment)),
        in_azure=bool(environment.get(APP_NAME)),
    )


def _found(name: str, field: FieldInfo, value: str | None, mistake: str | None) -> SettingFound:
    is_hidden = "SecretStr" in str(field.annotation) or name in _MAY_NAME_SOMEBODY
    default = None if field.is_required() or field.default is None else str(field.default)
    return SettingFound(
        name=name,
        wanted=field.description or "",
        is_set=value is not None,
        value=None if is_hidden or mistake else value,
        default=default,
        mistake=mistake,
        entries=value.count(",") + 1 if value else 0,
        is_reference=is_reference(value or ""),
        is_for_local_use=_FOR_LOCAL_USE in (value or ""),
    )
