"""How many mails may leave: as the settings have it, as the provider has it, and what is used."""

from collections.abc import Iterator

from shared.doctor.ports import OutsideOfDoctor
from shared.failures import TemporaryFailure
from shared.values.check import Check, ok, unknown, warning
from shared.values.mail_rate import MAILS_ROW, MailRates, MailsSent

# https://learn.microsoft.com/azure/communication-services/concepts/service-limits
AZURE_MANAGED = MailRates(per_minute=5, per_hour=10)
_NEARLY_ALL = 0.8
_RAISE = (
    "before the first campaign: Azure portal, the Communication Services resource, Help, Create a"
    " support request, quota (up to 72 hours); then set DOI_MAILS_PER_MINUTE and"
    " DOI_MAILS_PER_HOUR to what you were given"
)


def check_quota(outside: OutsideOfDoctor) -> Iterator[Check]:
    """The quota of all providers together, and how much of this hour's is used."""
    rates, found = outside.mail_rates, outside.settings_found
    told = _told(rates)
    by_acs = any(provider.name == "acs" for provider in outside.mail_providers)
    if by_acs and not found.settings["DOI_MAILS_PER_HOUR"].is_set and rates.per_hour:
        yield warning("mail quota", f"{told}: what a new subscription has", _RAISE)
    else:
        yield ok("mail quota", told)
    if rates.per_hour is not None:
        yield _used(rates.per_hour, outside)


def above_azure_managed(rates: MailRates) -> bool:
    """Whether the app would send faster than a domain of Azure's own allows."""
    pairs = (
        (rates.per_minute, AZURE_MANAGED.per_minute),
        (rates.per_hour, AZURE_MANAGED.per_hour),
    )
    return any(ours is None or (most is not None and ours > most) for ours, most in pairs)


def _used(per_hour: int, outside: OutsideOfDoctor) -> Check:
    name = "mails this hour"
    try:
        sent = outside.limits.find(MAILS_ROW, MailsSent()).value.within_hour(outside.now())
    except TemporaryFailure as failure:
        return unknown(name, str(failure), "group storage says what is wrong with table limits")
    told = f"{sent} of {per_hour} used"
    if sent < _NEARLY_ALL * per_hour:
        return ok(name, told)
    return warning(name, f"{told}: mails begin to wait", _RAISE)


def _told(rates: MailRates) -> str:
    quotas = [
        f"{quota} {period}"
        for quota, period in ((rates.per_minute, "a minute"), (rates.per_hour, "an hour"))
        if quota is not None
    ]
    return ", ".join(quotas) or "no limit"
