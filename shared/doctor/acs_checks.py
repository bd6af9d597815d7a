"""Each form's sender with Azure Communication Services: its domain, the records, the name."""

from collections.abc import Iterator

from shared.doctor import acs_steps, azure_steps
from shared.doctor.failures import NoToken, Refused
from shared.doctor.mail_quota_checks import AZURE_MANAGED, above_azure_managed
from shared.doctor.ports import OutsideOfDoctor, TriedProvider
from shared.doctor.senders import domain_of, senders_of
from shared.failures import TemporaryFailure
from shared.ports import Deadline
from shared.values.check import Check, missing, ok, unknown, warning
from shared.values.mail_domain import VERIFIED, MailDomain

SECONDS = 60.0  # for all domains, a few calls each
_DOMAINS = "acs domains"


def check_acs_senders(provider: TriedProvider, outside: OutsideOfDoctor) -> Iterator[Check]:
    """What only the doctor may not read is no fault of the app: a warning."""
    if provider.domains is None:
        yield warning(
            _DOMAINS, "domains and senders were not looked at", acs_steps.name_resource(provider)
        )
        return
    try:
        domains = provider.domains.find(Deadline(SECONDS))
    except Refused as refused:
        mend = acs_steps.let_read(refused, outside.azure_names)
        yield warning(_DOMAINS, f"could not be read: {refused}", mend)
        return
    except NoToken as failure:
        yield unknown(_DOMAINS, str(failure), azure_steps.sign_in(outside.azure_names))
        return
    except TemporaryFailure as failure:
        yield unknown(_DOMAINS, str(failure), "try again later")
        return
    by_name = {domain.name: domain for domain in domains}
    senders = senders_of(outside.forms)
    used = dict.fromkeys(domain_of(sender) for sender in senders)
    for name in used:
        yield _check_domain(name, domains, provider, outside)
    for sender, forms in senders.items():
        domain = by_name.get(domain_of(sender))
        if domain is not None:
            yield _check_sender(sender, forms, domain)


def _check_domain(
    name: str,
    domains: tuple[MailDomain, ...],
    provider: TriedProvider,
    outside: OutsideOfDoctor,
) -> Check:
    label = f"acs domain {name}"
    domain = next((each for each in domains if each.name == name), None)
    if domain is None:
        known = ", ".join(each.name for each in domains) or "none"
        forms = [form for form, one in outside.forms.items() if domain_of(one.mail.sender) == name]
        return missing(
            label, f"no such domain; there is {known}", acs_steps.add_domain(name, forms)
        )
    if unverified := domain.unverified():
        states = ", ".join(f"{record} {domain.states.get(record, '?')}" for record in unverified)
        return missing(label, f"not verified: {states}", acs_steps.verify(domain))
    if not domain.is_linked:
        found = f"verified, but not linked with {provider.resource}"
        return missing(label, found, acs_steps.link(domain, domains, provider))
    if domain.is_azure_managed and above_azure_managed(outside.mail_rates):
        most = f"{AZURE_MANAGED.per_minute} a minute, {AZURE_MANAGED.per_hour} an hour"
        return warning(
            label,
            f"Azure's own domain: {most}, which nobody raises; the settings let more leave",
            f"set DOI_MAILS_PER_MINUTE={AZURE_MANAGED.per_minute} and"
            f" DOI_MAILS_PER_HOUR={AZURE_MANAGED.per_hour}, or use a domain of your own",
        )
    return ok(label, f"linked; {', '.join(domain.states)} {VERIFIED.lower()}")


def _check_sender(sender: str, forms: list[str], domain: MailDomain) -> Check:
    name = f"acs sender {sender}"
    username = sender.rpartition("@")[0]
    if domain.allows(username):
        return ok(name, f"{domain.name} has this name")
    known = ", ".join(domain.usernames) or "none"
    return missing(
        name,
        f"{domain.name} has no such name; it has {known}",
        acs_steps.add_username(username, domain, forms),
    )
