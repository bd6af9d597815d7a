"""Everything outside, in memory, with a clock that tests can move."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared.mail.confirmation_mail import MailComposer
from shared.ports import ComposeMail, RetryDelays, Rules
from shared.values.confirmation_token import Tokens
from shared.values.form import Form
from shared.values.mail_budget import MailLimits
from tests.examples import NOON, PEPPER, TOKEN_KEYS, sample_forms
from tests.fakes.customer_insights import FakeCustomerInsights
from tests.fakes.mailer import FakeMailer
from tests.fakes.queues import FakeQueues
from tests.fakes.records import FakeRecords

CLAIM = timedelta(minutes=2)
PUBLIC_URL = "https://doi.contoso.example"


def rules() -> Rules:
    return Rules(
        public_url=PUBLIC_URL,
        pepper=PEPPER,
        mail_limits=MailLimits(per_day=3),
        suppression=timedelta(days=30),
        trusted_proxies=1,
        inline_seconds=5,
        claim=CLAIM,
        retries=RetryDelays(first=timedelta(seconds=15), longest=timedelta(hours=1)),
    )


@dataclass
class FakeOutside:
    """Implements ports.Outside."""

    forms: Mapping[str, Form] = field(default_factory=sample_forms)
    tokens: Tokens = field(default_factory=lambda: Tokens(TOKEN_KEYS))
    rules: Rules = field(default_factory=rules)
    queues: FakeQueues = field(default_factory=FakeQueues)
    records: FakeRecords = field(default_factory=FakeRecords)
    mailer: FakeMailer = field(default_factory=FakeMailer)
    compose_mail: ComposeMail = field(
        default_factory=lambda: MailComposer(PUBLIC_URL, Tokens(TOKEN_KEYS))
    )
    customer_insights: FakeCustomerInsights = field(default_factory=FakeCustomerInsights)
    clock: datetime = NOON

    def now(self) -> datetime:
        return self.clock

    def pass_time(self, by: timedelta) -> None:
        """Move the clock forward."""
        self.clock += by
