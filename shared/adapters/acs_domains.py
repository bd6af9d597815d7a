"""Mail domains of Communication Services, as Azure Resource Manager has them.

https://learn.microsoft.com/rest/api/communication/resourcemanager/domains (2025-09-01)
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import requests

from shared.adapters.access_token import AccessTokens
from shared.adapters.mail_api import json_of
from shared.adapters.trial_calls import TrialCalls
from shared.doctor.failures import Refused
from shared.ports import Deadline
from shared.values.mail_domain import DNS_RECORDS, DnsRecord, MailDomain

RESOURCE_MANAGER = "https://management.azure.com"
SCOPE = "https://management.azure.com/.default"
API_VERSION = "2025-09-01"
_MOST_PAGES = 10
_DOMAIN = re.compile(
    r"(/subscriptions/[^/?#]+/resourceGroups/[^/?#]+"
    r"/providers/Microsoft\.Communication/emailServices/[^/?#]+)/domains/[^/?#]+",
    re.IGNORECASE,
)


class AcsDomains:
    """Implements doctor.ports.MailDomains."""

    def __init__(
        self,
        *,
        resource_id: str,
        tokens: AccessTokens,
        session: requests.Session,
        base_url: str = RESOURCE_MANAGER,
    ) -> None:
        """`resource_id` is that of the Communication Services resource."""
        self._resource_id = resource_id
        self._base_url = base_url.rstrip("/")
        self._calls = TrialCalls("azure", SCOPE, tokens, session)

    def find(self, deadline: Deadline) -> tuple[MailDomain, ...]:
        """See doctor.ports.MailDomains. The Refused names the resource that may not be read."""
        linked = self._linked(deadline)
        found = []
        for service in self._services(linked, deadline):
            for domain in self._list(f"{service}/domains", deadline, refused=service):
                resource = str(domain.get("id"))
                senders = self._list(f"{resource}/senderUsernames", deadline, refused=service)
                found.append(_domain(resource, domain, senders, linked=linked))
        return tuple(found)

    def _linked(self, deadline: Deadline) -> dict[str, str]:
        """Ids of domains by their lower case: Azure is not particular about it."""
        resource = self._get(self._resource_id, deadline, refused=self._resource_id)
        given = _properties(resource).get("linkedDomains") or []
        return {str(each).lower(): str(each) for each in given if _DOMAIN.fullmatch(str(each))}

    def _services(self, linked: Mapping[str, str], deadline: Deadline) -> list[str]:
        """Email services of the linked domains, and those beside the resource, if we may look."""
        services = {}
        for domain in linked.values():
            if match := _DOMAIN.fullmatch(domain):
                services[match[1].lower()] = match[1]
        group = self._resource_id.rpartition("/providers/")[0]
        beside = f"{group}/providers/Microsoft.Communication/emailServices"
        try:
            for service in self._list(beside, deadline, refused=group):
                services.setdefault(str(service.get("id")).lower(), str(service.get("id")))
        except Refused:
            if not services:
                raise
        return list(services.values())

    def _list(self, path: str, deadline: Deadline, *, refused: str) -> Iterator[dict[str, Any]]:
        url: Any = f"{self._base_url}{path}?api-version={API_VERSION}"
        for _ in range(_MOST_PAGES):
            page = self._read(url, deadline, refused)
            for value in page.get("value") or []:
                if isinstance(value, dict) and str(value.get("id", "")).startswith("/"):
                    yield value
            url = page.get("nextLink")
            if not isinstance(url, str) or not url.startswith(f"{self._base_url}/"):
                return

    def _get(self, path: str, deadline: Deadline, *, refused: str) -> dict[str, Any]:
        return self._read(f"{self._base_url}{path}?api-version={API_VERSION}", deadline, refused)

    def _read(self, url: str, deadline: Deadline, refused: str) -> dict[str, Any]:
        answer = self._calls.call("GET", url, deadline)
        if answer.status_code != requests.codes.ok:
            raise self._calls.refusal(answer, refused)
        return json_of(answer)


def _domain(
    resource: str,
    domain: Mapping[str, Any],
    senders: Iterator[dict[str, Any]],
    *,
    linked: Mapping[str, str],
) -> MailDomain:
    known = _properties(domain)
    states, records = known.get("verificationStates"), known.get("verificationRecords")
    return MailDomain(
        resource=resource,
        name=str(known.get("fromSenderDomain") or domain.get("name")).lower(),
        is_linked=resource.lower() in linked,
        is_azure_managed=known.get("domainManagement") == "AzureManaged",
        states={name: str(_part(states, name).get("status")) for name in DNS_RECORDS},
        records={
            name: DnsRecord(
                type=str(record.get("type")),
                name=str(record.get("name")),
                value=str(record.get("value")),
            )
            for name in DNS_RECORDS
            if (record := _part(records, name))
        },
        usernames=tuple(str(_properties(sender).get("username")) for sender in senders),
    )


def _properties(resource: Mapping[str, Any]) -> Mapping[str, Any]:
    return _part(resource, "properties")


def _part(whole: Any, name: str) -> Mapping[str, Any]:
    part = whole.get(name) if isinstance(whole, Mapping) else None
    return part if isinstance(part, Mapping) else {}
