"""Each setting by name: is it there, is it right, is it wise."""

from collections.abc import Iterator
from difflib import get_close_matches

from shared.doctor.ports import OutsideOfDoctor
from shared.doctor.setting_risks import risk_of
from shared.values.check import Check, missing, ok, warning
from shared.values.request_seen import RequestSeen
from shared.values.settings_found import SettingFound, SettingsFound

FORWARDED_FOR = "X-Forwarded-For"
_OUR_SECRETS = frozenset({"DOI_TOKEN_KEYS", "DOI_PEPPER"})
_OF_THE_SAMPLE = "is the secret of the sample, which everybody knows"
_GENERATE = '; python3 -c "import secrets; print(secrets.token_urlsafe(48))" makes one'


def check_settings(outside: OutsideOfDoctor, seen: RequestSeen | None = None) -> Iterator[Check]:
    """In the order of shared/settings.py. `seen`: how the request that asks came in."""
    found = outside.settings_found
    for setting in found.settings.values():
        yield _check(setting, found)
    for name in found.unknown:
        near = get_close_matches(name, found.settings, n=1)
        mend = f"rename it to {near[0]}" if near else "remove it"
        yield warning(name, "is set, but the app has no such setting", mend)
    if seen:
        yield _count_proxies(seen, found)


def _check(setting: SettingFound, found: SettingsFound) -> Check:
    name, step = setting.name, f"set {setting.name}: {setting.wanted}"
    if setting.is_reference and not found.in_azure:
        return warning(
            name,
            "is a reference to a Key Vault, which only the deployed app resolves",
            "ask the app itself: doi doctor --app https://… says whether it does",
        )
    if setting.mistake:
        return missing(name, setting.mistake, step)
    if setting.is_for_local_use and found.is_public:
        makes_one = _GENERATE if name in _OUR_SECRETS else ""
        return missing(name, _OF_THE_SAMPLE, f"{step}{makes_one}")
    if risk := risk_of(setting, found):
        return warning(name, risk.found, risk.mend)
    return ok(name, _told(setting))


def _told(setting: SettingFound) -> str:
    if not setting.is_set:
        return f"not set: {setting.default}" if setting.default else "not set"
    if setting.value is not None:
        return setting.value
    if setting.name == "DOI_TOKEN_KEYS":
        return "set: one key" if setting.entries == 1 else f"set: {setting.entries} keys"
    return "set"


def _count_proxies(seen: RequestSeen, found: SettingsFound) -> Check:
    """Proxies append to X-Forwarded-For; what stands left of their entries the caller wrote."""
    said = found.value("DOI_TRUSTED_PROXIES") or "1"
    expected, came = int(said), f"this request came with {seen.proxies} entries"
    if seen.by_front_door and found.value("DOI_PUBLIC_URL").endswith(".azurewebsites.net"):
        return warning(
            FORWARDED_FOR,
            "the request came through Front Door, but the links in the mails go past it",
            "set DOI_PUBLIC_URL to the address that Front Door has",
        )
    if seen.by_front_door and expected == 1:
        return warning(
            FORWARDED_FOR,
            "Front Door is in front, and counts as every visitor's address",
            "set DOI_TRUSTED_PROXIES=2",
        )
    if seen.proxies == expected:
        return ok(FORWARDED_FOR, f"{came}, as DOI_TRUSTED_PROXIES={said} expects")
    if seen.proxies < expected:
        return warning(
            FORWARDED_FOR,
            f"{came}, DOI_TRUSTED_PROXIES expects {said}: callers on this way have no address",
            "ask under the address of DOI_PUBLIC_URL; if it says the same, set"
            f" DOI_TRUSTED_PROXIES={seen.proxies}; let nobody in past the proxy",
        )
    return warning(
        FORWARDED_FOR,
        f"{came}, DOI_TRUSTED_PROXIES expects {said}: one more proxy, or the caller's own entries",
        f"if a proxy of yours adds one, set DOI_TRUSTED_PROXIES={seen.proxies}",
    )
