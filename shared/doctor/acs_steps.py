"""What to do about mail domains of Azure Communication Services.

https://learn.microsoft.com/azure/communication-services/quickstarts/email/add-custom-verified-domains
"""

import itertools

from shared.doctor import azure_steps
from shared.doctor.failures import Refused, Why
from shared.doctor.ports import AzureNames, TriedProvider
from shared.doctor.senders import files_of
from shared.values.mail_domain import MailDomain


def name_resource(provider: TriedProvider) -> str:
    """So that the doctor can look at domains at all."""
    return (
        "set DOI_ACS_RESOURCE_ID to what this prints: az communication show --name"
        f" {provider.resource} --resource-group GROUP --query id --output tsv"
    )


def let_read(refused: Refused, names: AzureNames) -> str:
    """Reading is all that the doctor needs, and only the doctor."""
    if refused.why in (Why.ROLE, Why.CREDENTIALS):
        scope = refused.resource or "RESOURCE_ID"
        return azure_steps.give(azure_steps.READER, scope, names)
    return "set DOI_ACS_RESOURCE_ID to the resource id that the portal shows under Properties"


def add_domain(name: str, forms: list[str]) -> str:
    """For a sender whose domain Azure does not know."""
    return (
        f"deploy infra/ with {name} as the mail domain and set the DNS records that it prints; or"
        f" change mail.sender in {files_of(forms)}"
    )


def verify(domain: MailDomain) -> str:
    """The records that are missing, and how Azure is told to look for them."""
    unverified = domain.unverified()
    records = [
        f"{known.type} {known.name} = {known.value}"
        for record in unverified
        if (known := domain.records.get(record))
    ]
    service, group = _service(domain)
    return (
        f"set in the DNS of {domain.name}: {'; '.join(records) or ', '.join(unverified)}. Then: for"
        f" record in {' '.join(unverified)}; do az communication email domain initiate-verification"
        f" --domain-name {_own_name(domain)} --email-service-name {service} --resource-group"
        f" {group} --verification-type $record; done. When all are verified, deploy infra/ with"
        " mailDomainVerified=true"
    )


def link(domain: MailDomain, domains: tuple[MailDomain, ...], provider: TriedProvider) -> str:
    """Linking replaces the whole list: those that are linked already go along."""
    linked = [each.resource for each in domains if each.is_linked]
    ids = " ".join([*linked, domain.resource])
    return (
        "deploy infra/ with mailDomainVerified=true, or: az communication update --name"
        f" {provider.resource} --resource-group {_service(domain)[1]} --linked-domains {ids}"
    )


def add_username(username: str, domain: MailDomain, forms: list[str]) -> str:
    """Azure's own domains have one name only; others after their quota was raised."""
    other = f"change mail.sender in {files_of(forms)} to a name that it has"
    if domain.is_azure_managed:
        return f"{other}, at {domain.name}"
    service, group = _service(domain)
    return (
        "az communication email domain sender-username create --domain-name"
        f" {_own_name(domain)} --email-service-name {service} --resource-group {group}"
        f" --sender-username {username} --username {username} (Azure takes further names once the"
        f" quota was raised); or {other}"
    )


def _own_name(domain: MailDomain) -> str:
    return domain.resource.rpartition("/")[2]


def _service(domain: MailDomain) -> tuple[str, str]:
    """Its email service, and the resource group."""
    parts = domain.resource.split("/")
    names = {part.lower(): value for part, value in itertools.pairwise(parts)}
    return names.get("emailservices", "EMAIL_SERVICE"), names.get("resourcegroups", "GROUP")
