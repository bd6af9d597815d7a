"""What the doctor tries, in memory, for the same test cases as the real ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.broken_form import BrokenForm
from shared.doctor.failures import Refused, Why
from shared.doctor.ports import AzureNames, SignedIn, TriedProvider
from shared.failures import TemporaryFailure
from shared.linkedin.client import LinkedInClient
from shared.ports import Deadline
from shared.values.mail_domain import DNS_RECORDS, VERIFIED, DnsRecord, MailDomain
from shared.values.mail_rate import MailRates
from shared.values.settings_found import SettingsFound
from tests.fakes.dataverse import FakeDataverse
from tests.fakes.outside import FakeOutside

THE_APP = AzureNames(assignee="CLIENT-ID", as_app=True, in_azure=True, app="doi", group="marketing")
RATES = MailRates(per_minute=30, per_hour=100)


@dataclass
class FakeStorageTrial:
    """Implements doctor.ports.StorageTrial. `waiting`: how many messages a queue has.

    `failures` by what is tried, such as "queue promotions"; `tried` has all of it, in order.
    """

    account: str = "contoso"
    waiting: dict[str, int] = field(default_factory=dict)
    failures: dict[str, Refused | TemporaryFailure] = field(default_factory=dict)
    tried: list[str] = field(default_factory=list)

    def try_queue(self, queue: str, deadline: Deadline) -> int:
        self._try(f"queue {queue}", deadline)
        return self.waiting.get(queue, 0)

    def try_table(self, table: str, deadline: Deadline) -> None:
        self._try(f"table {table}", deadline)

    def _try(self, what: str, deadline: Deadline) -> None:
        if deadline.remaining() <= 0:
            raise TemporaryFailure("no time left")
        self.tried.append(what)
        if failure := self.failures.get(what):
            raise failure


@dataclass
class FakeMailTrial:
    """Implements doctor.ports.MailAccess and SenderTrial. It takes mails from `senders` alone."""

    at: str = "mail.contoso.example"
    roles: frozenset[str] | None = None
    senders: set[str] = field(default_factory=set)
    failure: Refused | TemporaryFailure | None = None
    sender_failure: Refused | TemporaryFailure | None = None

    def sign_in(self, deadline: Deadline) -> SignedIn:
        self._answer(deadline)
        return SignedIn(at=self.at, roles=self.roles)

    def try_sender(self, sender: str, deadline: Deadline) -> None:
        self._answer(deadline)
        if sender not in self.senders:
            raise self.sender_failure or Refused(Why.SENDER, "550 5.7.1")

    def _answer(self, deadline: Deadline) -> None:
        if deadline.remaining() <= 0:
            raise TemporaryFailure("no time left")
        if self.failure:
            raise self.failure


@dataclass
class FakeMailDomains:
    """Implements doctor.ports.MailDomains."""

    domains: tuple[MailDomain, ...] = ()
    failure: Refused | TemporaryFailure | None = None

    def find(self, deadline: Deadline) -> tuple[MailDomain, ...]:
        if deadline.remaining() <= 0:
            raise TemporaryFailure("no time left")
        if self.failure:
            raise self.failure
        return self.domains


@dataclass(kw_only=True)
class DoctorOutside(FakeOutside):
    """Implements doctor.ports.OutsideOfDoctor; `linkedin` has to be given where it is used.

    `dataverse` has what the sample forms need.
    """

    settings_found: SettingsFound
    broken_forms: tuple[BrokenForm, ...] = ()
    azure_names: AzureNames = THE_APP
    storage_trial: FakeStorageTrial = field(default_factory=FakeStorageTrial)
    mail_rates: MailRates = RATES
    mail_providers: tuple[TriedProvider, ...] = ()
    dataverse: FakeDataverse = field(default_factory=FakeDataverse)
    form_settings: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)

    @property
    def linkedin(self) -> LinkedInClient:
        raise NotImplementedError


def smtp(trial: FakeMailTrial) -> TriedProvider:
    """As the settings name it."""
    place = "SMTP_HOST, SMTP_PORT and SMTP_TLS"
    return TriedProvider(name="smtp", place=place, access=trial, senders=trial)


def graph(trial: FakeMailTrial) -> TriedProvider:
    return TriedProvider(name="graph", place="graph.microsoft.com", access=trial, senders=trial)


def acs(trial: FakeMailTrial, domains: FakeMailDomains | None) -> TriedProvider:
    return TriedProvider(
        name="acs", place="ACS_ENDPOINT", access=trial, domains=domains, resource="contoso"
    )


def verified(
    name: str,
    *,
    is_linked: bool = True,
    is_azure_managed: bool = False,
    states: dict[str, str] | None = None,
    usernames: tuple[str, ...] = ("DoNotReply", "newsletter"),
) -> MailDomain:
    """A domain from which mails may leave; `states` are those of single records."""
    return MailDomain(
        resource="/subscriptions/s/resourceGroups/marketing/providers/Microsoft.Communication"
        f"/emailServices/mails/domains/{name}",
        name=name,
        is_linked=is_linked,
        is_azure_managed=is_azure_managed,
        states=dict.fromkeys(DNS_RECORDS, VERIFIED) | (states or {}),
        records={
            record: DnsRecord(type="TXT", name=f"{record.lower()}.{name}", value=f"ms-{record}")
            for record in DNS_RECORDS
        },
        usernames=usernames,
    )
