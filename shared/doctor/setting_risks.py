"""Settings that are allowed and rarely wise, each with what follows and what to do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from urllib.parse import urlsplit

from shared.values.settings_found import SettingFound, SettingsFound

THREADS = "PYTHON_THREADPOOL_THREAD_COUNT"
_FEWEST_THREADS = 16
# Longer than any call to a mail provider or to Dataverse lasts (docs/settings.md).
_SHORTEST_CLAIM = 100
# More addresses than any organisation's own servers have.
_VAST_PREFIX = {4: 8, 6: 32}
_SMTP_RELAY_PORT = 25
_THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, kw_only=True)
class Risk:
    """What was found, and the step to take."""

    found: str
    mend: str


def risk_of(setting: SettingFound, found: SettingsFound) -> Risk | None:
    """None where there is nothing to say against it."""
    rule = _RULES.get(setting.name)
    return rule(setting, found) if rule else None


def _public_url(setting: SettingFound, found: SettingsFound) -> Risk | None:
    if not found.is_public:
        return Risk(
            found=f"{setting.value}: only this machine reaches it",
            mend="in Azure, set DOI_PUBLIC_URL to the app's https address",
        )
    proxies = found.value("DOI_TRUSTED_PROXIES")
    if (setting.value or "").endswith(".azurewebsites.net") and proxies not in {"", "0", "1"}:
        return Risk(
            found=f"{setting.value}: the links in the mails go past the {proxies} proxies in front",
            mend="set DOI_PUBLIC_URL to the address that Front Door has",
        )
    return None


def _no_proxy(setting: SettingFound, found: SettingsFound) -> Risk | None:
    if found.value(setting.name) != "0":
        return None
    return Risk(
        found="0: no visitor's address is known, so no network has a budget and no code is asked",
        mend="set DOI_TRUSTED_PROXIES=1, or 2 behind Front Door",
    )


def _connection_string(setting: SettingFound, found: SettingsFound) -> Risk | None:
    if not (setting.is_set and found.is_public):
        return None
    return Risk(
        found="a connection string, which has a key of the whole account in it",
        mend=f"remove {setting.name}; set {setting.name}__queueServiceUri and"
        f" {setting.name}__tableServiceUri, and give the identity its roles",
    )


def _credential(setting: SettingFound, found: SettingsFound) -> Risk | None:
    if found.value(setting.name) != "azure-cli":
        if found.in_azure or not found.is_public:
            return None
        return Risk(
            found="managed-identity: there is none outside Azure",
            mend="DOI_CREDENTIAL=azure-cli asks as you; doi doctor --app https://… asks the app",
        )
    if found.in_azure:
        return Risk(
            found="azure-cli: nobody has signed in to it in Azure",
            mend="remove DOI_CREDENTIAL, and set AZURE_CLIENT_ID to the identity's client id",
        )
    return Risk(
        found="azure-cli: what follows is what you may do, not what the app may do",
        mend="doi doctor --app https://… asks the app itself",
    )


def _short_claim(setting: SettingFound, found: SettingsFound) -> Risk | None:
    value = found.value(setting.name)
    if not value or int(value) >= _SHORTEST_CLAIM:
        return None
    return Risk(
        found=f"{value}: mails and triggers come twice when a call takes longer",
        mend=f"remove DOI_CLAIM_SECONDS, or set it to {_SHORTEST_CLAIM} or more",
    )


def _no_code(setting: SettingFound, found: SettingsFound) -> Risk | None:
    if found.value(setting.name) != "0":
        return None
    return Risk(
        found="0: a mail scanner that presses buttons confirms in the person's place",
        mend="remove DOI_CODE_WINDOW_SECONDS",
    )


def _vast_networks(setting: SettingFound, found: SettingsFound) -> Risk | None:
    networks = [ip_network(text.strip()) for text in (setting.value or "").split(",") if text]
    vast = [str(each) for each in networks if each.prefixlen < _VAST_PREFIX[each.version]]
    if not vast or not found.is_public:
        return None
    return Risk(
        found=f"{', '.join(vast)}: floods from there are mailed without limit",
        mend="name only the addresses of your own web servers in DOI_UNLIMITED_SOURCES",
    )


def _retries(setting: SettingFound, found: SettingsFound) -> Risk | None:
    first, longest = found.value(setting.name), found.value("DOI_RETRY_LONGEST_SECONDS")
    if not first or not longest or int(first) <= int(longest):
        return None
    return Risk(
        found=f"{first}: longer than DOI_RETRY_LONGEST_SECONDS={longest}, which counts",
        mend="set DOI_RETRY_FIRST_SECONDS to less",
    )


def _plain_smtp(setting: SettingFound, found: SettingsFound) -> Risk | None:
    if found.value(setting.name) != "none" or _is_here(found.value("SMTP_HOST")):
        return None
    return Risk(
        found="none: mails with their links travel unencrypted",
        mend="set SMTP_TLS=starttls with SMTP_PORT=587, or implicit with 465",
    )


def _blocked_port(setting: SettingFound, found: SettingsFound) -> Risk | None:
    """https://learn.microsoft.com/azure/virtual-network/troubleshoot-outbound-smtp-connectivity."""
    port = found.value(setting.name)
    if port != str(_SMTP_RELAY_PORT) or _is_here(found.value("SMTP_HOST")):
        return None
    return Risk(
        found="25: Azure lets it out only through a virtual network, and not in every subscription",
        mend="set SMTP_PORT=587 (SMTP_TLS=starttls) or 465 (SMTP_TLS=implicit)",
    )


def _simulator(setting: SettingFound, found: SettingsFound) -> Risk | None:
    if not found.is_public or not _is_here(urlsplit(found.value(setting.name)).hostname or ""):
        return None
    return Risk(
        found=f"{setting.value}: that is this machine, where only a simulator can be",
        mend=f"remove {setting.name}"
        if setting.default
        else f"set {setting.name}: {setting.wanted}",
    )


def _is_here(host: str) -> bool:
    """On this machine, or nowhere."""
    return host in {"", *_THIS_MACHINE}


def _unsigned(setting: SettingFound, found: SettingsFound) -> Risk | None:
    if found.value(setting.name) != "no":
        return None
    return Risk(
        found="no: who knows the webhook's address, which logs have, can notify",
        mend="remove LINKEDIN_REQUIRE_SIGNATURE",
    )


def _threads(setting: SettingFound, found: SettingsFound) -> Risk | None:
    value = found.value(setting.name)
    if value.isdecimal() and int(value) >= _FEWEST_THREADS:
        return None
    return Risk(
        found=f"{value or 'not set'}: one silent Dataverse or mail server holds up all visitors",
        mend=f"set {setting.name}=32",
    )


_RULES: Mapping[str, Callable[[SettingFound, SettingsFound], Risk | None]] = {
    "DOI_PUBLIC_URL": _public_url,
    "DOI_TRUSTED_PROXIES": _no_proxy,
    "DOI_UNLIMITED_SOURCES": _vast_networks,
    "DOI_CODE_WINDOW_SECONDS": _no_code,
    "DOI_CLAIM_SECONDS": _short_claim,
    "DOI_RETRY_FIRST_SECONDS": _retries,
    "DOI_CREDENTIAL": _credential,
    "AzureWebJobsStorage": _connection_string,
    "SMTP_PORT": _blocked_port,
    "SMTP_TLS": _plain_smtp,
    "DATAVERSE_URL": _simulator,
    "LINKEDIN_REQUIRE_SIGNATURE": _unsigned,
    "LINKEDIN_API_URL": _simulator,
    "LINKEDIN_OAUTH_URL": _simulator,
    THREADS: _threads,
}
