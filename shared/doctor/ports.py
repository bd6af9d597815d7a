"""What the doctor asks of the outside. No call leaves anything behind, and no mail is sent.

Each raises Refused, NoToken and, where no answer came, TemporaryFailure. Their texts have status
and code, never a secret or a person.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from shared.broken_form import BrokenForm
from shared.dataverse.ports import OutsideWithDataverse
from shared.doctor.groups import Examined, Group
from shared.linkedin.client import OutsideWithLinkedIn
from shared.ports import Deadline
from shared.values.mail_domain import MailDomain
from shared.values.mail_rate import MailRates
from shared.values.settings_found import SettingsFound


@dataclass(frozen=True, kw_only=True)
class AzureNames:
    """What stands in commands for Azure's command line; capitals where nobody knows.

    `assignee` is who asks, as `az role assignment create --assignee` takes it. `as_app`: it is
    the app's own identity, and not the person at the command line; outside Azure (`in_azure`)
    there is none to be had.
    """

    assignee: str
    as_app: bool
    in_azure: bool = False
    app: str = "APP"
    group: str = "GROUP"


class StorageTrial(Protocol):
    """Queues and tables, tried by a real write."""

    @property
    def account(self) -> str:
        """The storage account's name."""

    def try_queue(self, queue: str, deadline: Deadline) -> int:
        """Put a message that no function sees, and take it back; about how many others wait."""

    def try_table(self, table: str, deadline: Deadline) -> None:
        """Write a row that nobody reads, and delete it."""


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """`at` is who let us in. `roles` are the application permissions in the token, if it says."""

    at: str
    roles: frozenset[str] | None = None


class MailAccess(Protocol):
    """A mail provider's door."""

    def sign_in(self, deadline: Deadline) -> SignedIn:
        """Be let in, as before a mail is sent."""


class SenderTrial(Protocol):
    """A mail provider that can be asked about a sender without sending anything."""

    def try_sender(self, sender: str, deadline: Deadline) -> None:
        """Would it take a mail from this address? Raises Refused when it would not."""


class MailDomains(Protocol):
    """The mail domains of a Communication Services resource."""

    def find(self, deadline: Deadline) -> tuple[MailDomain, ...]:
        """Those that are linked with it, and those of the same email services that are not."""


@dataclass(frozen=True, kw_only=True)
class TriedProvider:
    """A mail provider of the settings. `senders` and `domains` are None where it has no such.

    `place` is where it is, as an operator knows it. `resource` is its name in Azure, `resource_id`
    its id there, where the settings have it.
    """

    name: str
    place: str
    access: MailAccess
    senders: SenderTrial | None = None
    domains: MailDomains | None = None
    resource: str = "NAME"
    resource_id: str | None = None


class OutsideOfDoctor(OutsideWithLinkedIn, OutsideWithDataverse, Protocol):
    """What the doctor works with: the app's outside, whatever is wrong with its settings."""

    @property
    def settings_found(self) -> SettingsFound: ...
    @property
    def broken_forms(self) -> tuple[BrokenForm, ...]: ...
    @property
    def azure_names(self) -> AzureNames: ...
    @property
    def storage_trial(self) -> StorageTrial: ...
    @property
    def mail_rates(self) -> MailRates: ...
    @property
    def mail_providers(self) -> tuple[TriedProvider, ...]:
        """The first, then the fallback, if there is one."""


class RemoteDoctor(Protocol):
    """The doctor of an app that runs elsewhere."""

    def examine(self, groups: Collection[Group]) -> tuple[Examined, ...]:
        """What it finds there. Raises Refused and TemporaryFailure."""
