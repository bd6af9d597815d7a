"""Azure Resource Manager, as far as mail domains go.

https://github.com/Azure/azure-rest-api-specs (specification/communication/resource-manager,
Microsoft.Communication 2025-09-01: communicationServices, emailServices, domains, senderUsernames)
"""

from dataclasses import dataclass, field
from fnmatch import fnmatch
from typing import Any

from aiohttp import web

from tests.mailers.http_provider import HttpProvider, refusal

TOKEN = "token-for-https://management.azure.com/.default"
API_VERSIONS = {"2023-04-01", "2025-09-01"}
GROUP = "/subscriptions/11111111-0000-0000-0000-000000000000/resourceGroups/marketing"
PROVIDER = f"{GROUP}/providers/Microsoft.Communication"
RESOURCE = f"{PROVIDER}/communicationServices/contoso"
SERVICE = f"{PROVIDER}/emailServices/contoso-mails"
_PAGE = 2


def domain_id(name: str, service: str = SERVICE) -> str:
    return f"{service}/domains/{name}"


@dataclass
class ResourceManager(HttpProvider):
    """`linked` are ids of domains. `domains` by id, with their sender names.

    `forbidden`: ids that the caller has no role for, `*` stands for anything.
    """

    linked: list[str] = field(default_factory=list)
    domains: dict[str, dict[str, Any]] = field(default_factory=dict)
    senders: dict[str, list[str]] = field(default_factory=dict)
    services: list[str] = field(default_factory=lambda: [SERVICE])
    forbidden: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        app = web.Application()
        app.router.add_get("/{id:.+}", self._read)
        super().__init__(app)

    def add(
        self,
        name: str,
        *,
        is_linked: bool = True,
        managed: str = "CustomerManaged",
        senders: tuple[str, ...] = ("DoNotReply", "newsletter"),
        spf: str = "Verified",
    ) -> str:
        """A domain, verified but for the state of its SPF record; its id."""
        azure = managed == "AzureManaged"
        resource = domain_id("AzureManagedDomain" if azure else name)
        record = {"type": "TXT", "name": name, "value": "ms-domain-verification=1", "ttl": 3600}
        selector = {
            "type": "CNAME",
            "name": f"selector1-azurecomm-prod-net._domainkey.{name}",
            "value": "selector1-azurecomm-prod-net._domainkey.azurecomm.net",
            "ttl": 3600,
        }
        records = {"Domain": record, "SPF": record, "DKIM": selector, "DKIM2": selector}
        verified = {"status": "Verified", "errorCode": ""}
        states = dict.fromkeys(("Domain", "SPF", "DKIM", "DKIM2"), verified)
        states |= {"SPF": {"status": spf, "errorCode": ""}, "DMARC": {"status": "NotStarted"}}
        self.domains[resource] = {
            "dataLocation": "Europe",
            "provisioningState": "Succeeded",
            "domainManagement": managed,
            "fromSenderDomain": name,
            "mailFromSenderDomain": name,
            "userEngagementTracking": "Disabled",
            "verificationStates": states,
            "verificationRecords": records,
        }
        self.senders[resource] = list(senders)
        if is_linked:
            # Azure gives ids back in whichever case they were written.
            self.linked.append(resource.replace("resourceGroups", "resourcegroups"))
        return resource

    async def _read(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return refusal(401, "InvalidAuthenticationToken", "The access token is invalid.")
        if request.query.get("api-version") not in API_VERSIONS:
            return refusal(400, "InvalidApiVersionParameter", "The api-version is invalid.")
        resource = f"/{request.match_info['id']}"
        if any(fnmatch(resource.lower(), each.lower()) for each in self.forbidden):
            return refusal(403, "AuthorizationFailed", "The client does not have authorization.")
        found = self._found(resource.lower(), int(request.query.get("skip", "0")))
        if found is None:
            return refusal(404, "ResourceNotFound", "The Resource was not found.")
        return web.json_response(found)

    def _found(self, asked: str, skip: int) -> dict[str, Any] | None:
        if asked == RESOURCE.lower():
            host = "contoso.communication.azure.com"
            return _resource(RESOURCE, {"hostName": host, "linkedDomains": self.linked})
        if asked == f"{PROVIDER}/emailServices".lower():
            return self._page(asked, [_resource(each, {}) for each in self.services], skip)
        for service in self.services:
            if asked == f"{service}/domains".lower():
                known = [
                    _resource(each, properties)
                    for each, properties in self.domains.items()
                    if each.startswith(service)
                ]
                return self._page(asked, known, skip)
        for resource, names in self.senders.items():
            if asked == f"{resource}/senderUsernames".lower():
                known = [_resource(f"{resource}/{name}", {"username": name}) for name in names]
                return self._page(asked, known, skip)
        return None

    def _page(self, asked: str, all_of_them: list[dict[str, Any]], skip: int) -> dict[str, Any]:
        page: dict[str, Any] = {"value": all_of_them[skip : skip + _PAGE]}
        if len(all_of_them) > skip + _PAGE:
            url = f"{self.url}{asked}?api-version=2025-09-01&skip={skip + _PAGE}"
            page["nextLink"] = url
        return page


def _resource(resource: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {"id": resource, "name": resource.rpartition("/")[2], "properties": properties}
