"""What an installation has, and what may be raised. The defaults are those of the templates."""

from dataclasses import dataclass, field, replace

from bench.burst import published
from bench.burst.assumed import Calls, People, Starts
from bench.burst.service_times import ServiceTimes
from shared.values.mail_rate import MailRates


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """Parameters of infra/main.bicep and host.json, quotas, and what scale.md would add."""

    instance_mb: int = 2048
    maximum_instances: int = 10  # of each scale group
    always_ready_http: int = 1
    http_concurrency: int = 8
    batch_size: int = 4
    new_batch_threshold: int = 2
    polling_seconds: float = 2.0
    mails_per_minute: int = published.FIRST_MAILS_A_MINUTE
    mails_per_hour: int = published.FIRST_MAILS_AN_HOUR
    web_servers: int = 1  # of the Dataverse environment: at least one, and nobody is told how many
    # Not in the app today: docs/scale.md.
    application_users: int = 1
    queues: int = 1  # of registrations, and of promotions: each a scale group of its own
    storage_accounts: int = 1
    mail_providers: int = 1
    lines: bool = False  # a turn of its own for whoever has to wait

    @property
    def rates(self) -> MailRates:
        return MailRates(
            per_minute=self.mails_per_minute * self.mail_providers,
            per_hour=self.mails_per_hour * self.mail_providers,
        )

    @property
    def most_instances(self) -> int:
        """Of a scale group, as the region's memory allows: two kinds are large at once."""
        return published.REGION_MB // self.instance_mb // 2

    @property
    def queue_instances(self) -> int:
        """At most, of all queues of one kind."""
        many = self.maximum_instances * self.queues
        return max(self.maximum_instances, min(many, self.most_instances))

    @property
    def cores(self) -> float:
        return published.CORES[self.instance_mb]

    @property
    def queue_slots(self) -> float:
        """Messages that an instance works on at once, on average.

        The host fetches `batch_size` when no more than `new_batch_threshold` are left, so their
        number falls from the sum of both, one by one, and jumps back.
        """
        counts = range(self.new_batch_threshold + 1, self.new_batch_threshold + self.batch_size + 1)
        return self.batch_size / sum(1 / count for count in counts)


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """`registrations` within `seconds`, evenly; `grain` of them are simulated as one."""

    registrations: int
    deployment: Deployment
    times: ServiceTimes
    seconds: float = 600.0
    grain: int = 1
    seed: int = 1
    people: People = field(default_factory=People)
    calls: Calls = field(default_factory=Calls)
    starts: Starts = field(default_factory=Starts)

    def with_deployment(self, deployment: Deployment) -> "Scenario":
        return replace(self, deployment=deployment)
