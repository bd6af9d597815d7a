"""Reads the settings once, and says everything that is wrong with them before anything starts."""

from collections.abc import Iterator, Mapping
from typing import Final

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from shared.settings import MailProvider, OfflineSettings, Settings

# Not of the app: with it the command line asks a deployed app.
FUNCTION_KEY: Final = "DOI_FUNCTION_KEY"
# Any of these says that LinkedIn is wanted; the others have defaults.
_LINKEDIN = (
    "LINKEDIN_CLIENT_ID",
    "LINKEDIN_CLIENT_SECRET",
    "LINKEDIN_REFRESH_TOKEN",
    "LINKEDIN_ACCESS_TOKEN",
    "LINKEDIN_WEBHOOK_SECRET",
    "LINKEDIN_OWNERS",
)


class SettingsInvalid(ValueError):
    """The app cannot start; the text names each setting and what it should look like."""


def read_settings(environment: Mapping[str, str]) -> Settings:
    """The settings from the environment; an empty one counts as missing.

    Raises SettingsInvalid naming every mistake at once, and no value.
    """
    given = given_settings(environment)
    _refuse(mistakes_in(given))
    return Settings.model_validate(given)


def read_offline_settings(environment: Mapping[str, str]) -> OfflineSettings:
    """Those that it takes to show forms, mails and pages. Raises SettingsInvalid likewise."""
    given = given_settings(environment)
    needed = {field.alias for field in OfflineSettings.model_fields.values()}
    _refuse({name: mistake for name, mistake in mistakes_in(given).items() if name in needed})
    return OfflineSettings.model_validate(given)


def _refuse(mistakes: Mapping[str, str]) -> None:
    if mistakes:
        hints = _hints()
        lines = [
            f"{name}: {mistake}. It should be: {hints[name]}."
            for name, mistake in sorted(mistakes.items())
        ]
        raise SettingsInvalid("settings are wrong:\n" + "\n".join(lines))


def unknown_settings(environment: Mapping[str, str]) -> list[str]:
    """Names that look like settings of this app and are none: a slip of the keyboard, mostly."""
    known = {*fields_by_name(), FUNCTION_KEY}
    return sorted(
        name
        for name in environment
        if name.startswith(("DOI_", "LINKEDIN_"))
        and name not in known
        and not name.startswith("DOI_LOCAL_")
    )


def fields_by_name() -> dict[str, FieldInfo]:
    """Every setting, in the order of shared/settings.py."""
    return {field.alias: field for field in Settings.model_fields.values() if field.alias}


def _hints() -> dict[str, str]:
    return {name: field.description or "" for name, field in fields_by_name().items()}


def given_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """Those that are set, and not to nothing."""
    return {name: environment[name] for name in fields_by_name() if environment.get(name)}


def mistakes_in(given: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with each setting; never with its value."""
    mistakes = dict(_needed_together(given))
    try:
        Settings.model_validate(given)
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_input=False, include_context=False):
            mistakes[str(detail["loc"][0])] = detail["msg"].removeprefix("Value error, ")
    return mistakes | _unresolved(given)


def _needed_together(given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Settings that only others make wrong, with what is wrong."""
    if "AzureWebJobsStorage" not in given:
        for name in (
            "AzureWebJobsStorage__queueServiceUri",
            "AzureWebJobsStorage__tableServiceUri",
        ):
            if name not in given:
                yield name, "is needed (or, locally only, AzureWebJobsStorage)"
    yield from _needed_by_mail_providers(given)
    yield from _needed_by_linkedin(given)
    if given.get("SMTP_TLS") == "none" and ("SMTP_USER" in given or "SMTP_PASSWORD" in given):
        yield "SMTP_TLS", "must not be 'none' because the password would travel unencrypted"


def _needed_by_mail_providers(given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    first, fallback = given.get("DOI_MAIL_PROVIDER"), given.get("DOI_MAIL_FALLBACK_PROVIDER")
    if fallback and fallback == first:
        yield "DOI_MAIL_FALLBACK_PROVIDER", "must differ from DOI_MAIL_PROVIDER"
    for name, needed_by in (("ACS_ENDPOINT", MailProvider.ACS), ("SMTP_HOST", MailProvider.SMTP)):
        if needed_by not in (first, fallback) or name in given:
            continue
        asking = "DOI_MAIL_PROVIDER" if first == needed_by else "DOI_MAIL_FALLBACK_PROVIDER"
        yield name, f"is needed because {asking} is '{needed_by}'"


def _needed_by_linkedin(given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """All or none: with half of them leads would come in and never be fetched."""
    asking = next((name for name in _LINKEDIN if name in given), None)
    if asking is None:
        return
    for name in ("LINKEDIN_CLIENT_ID", "LINKEDIN_CLIENT_SECRET"):
        if name not in given:
            yield name, f"is needed because {asking} is there"
    if given.get("LINKEDIN_REQUIRE_SIGNATURE") == "no" and "LINKEDIN_WEBHOOK_SECRET" not in given:
        yield (
            "LINKEDIN_WEBHOOK_SECRET",
            "is needed because LINKEDIN_REQUIRE_SIGNATURE is 'no': anybody could notify",
        )


def _unresolved(given: Mapping[str, str]) -> dict[str, str]:
    """https://learn.microsoft.com/azure/app-service/app-service-key-vault-references."""
    mistake = "Key Vault did not resolve it (has the app's identity the role Secrets User?)"
    return {name: mistake for name, value in given.items() if is_reference(value)}


def is_reference(value: str) -> bool:
    """Whether it names a secret of a Key Vault, instead of being it."""
    return value.startswith("@Microsoft.KeyVault(")
