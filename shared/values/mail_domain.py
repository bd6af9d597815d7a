"""A domain that mails may come from, as Azure Communication Services knows it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

# What has to be "Verified" before a domain can be linked and mails leave from it.
# https://learn.microsoft.com/azure/communication-services/quickstarts/email/add-custom-verified-domains
DNS_RECORDS = ("Domain", "SPF", "DKIM", "DKIM2")
VERIFIED = "Verified"


@dataclass(frozen=True, kw_only=True)
class DnsRecord:
    """What has to stand in the domain's DNS."""

    type: str
    name: str
    value: str


@dataclass(frozen=True, kw_only=True)
class MailDomain:
    """`resource` is its id; `name` what stands behind the @ in its addresses.

    `states` is the verification state of each record, `records` what has to be in the DNS.
    `usernames` are the sender names that it allows.
    """

    resource: str
    name: str
    is_linked: bool
    is_azure_managed: bool = False
    states: Mapping[str, str] = field(default_factory=dict)
    records: Mapping[str, DnsRecord] = field(default_factory=dict)
    usernames: tuple[str, ...] = ()

    def unverified(self) -> list[str]:
        """Which records Azure has not found yet."""
        return [record for record in DNS_RECORDS if self.states.get(record) != VERIFIED]

    def allows(self, username: str) -> bool:
        """Whether a mail may come from this name; upper and lower case are the same."""
        return username.casefold() in {known.casefold() for known in self.usernames}
