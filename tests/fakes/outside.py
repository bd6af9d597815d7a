"""Everything outside, in memory, with a clock that tests can move."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from ipaddress import ip_network

from shared.adapters.altcha_challenges import AltchaChallenges
from shared.adapters.spent_proofs import SpentProofs
from shared.evidence.origin_keeping import OriginKeeping
from shared.evidence.sealed_records import SealedRecords
from shared.kept_mails.kept_mails import FramedMails
from shared.mail.confirmation_mail import MailComposer
from shared.ports import Challenges, ComposeMail
from shared.rules import RetryDelays, Rules
from shared.tally import EventTally
from shared.throttles.throttles import SharedThrottles
from shared.values.confirmation_token import Tokens, lasting_key
from shared.values.evidence.signing import SigningKey
from shared.values.form import Form
from shared.values.mail_budget import MailLimits
from shared.values.mail_rate import MailRates
from tests.examples import NOON, PEPPER, TOKEN_KEYS, sample_forms
from tests.fakes.customer_insights import FakeCustomerInsights
from tests.fakes.funnel import FakeFunnel
from tests.fakes.leads import FakeLeadRows, FakeLeads
from tests.fakes.limits import FakeLimits
from tests.fakes.mail_frames import FakeMailFrames
from tests.fakes.mailer import FakeMailer
from tests.fakes.origin_keys import FakeOriginKeys
from tests.fakes.people import FakePeople
from tests.fakes.queues import FakeQueues
from tests.fakes.records import FakeRecords

CLAIM = timedelta(minutes=2)
SOURCE_BUDGET = 20
SIGNING_KEY = SigningKey(PEPPER)
PUBLIC_URL = "https://doi.contoso.example"


def rules() -> Rules:
    return Rules(
        public_url=PUBLIC_URL,
        pepper=PEPPER,
        mail_limits=MailLimits(per_day=3),
        form_ceiling=1000,
        unlimited_sources=(ip_network("192.0.2.0/24"),),
        suppression=timedelta(days=30),
        proof=timedelta(days=1460),
        trusted_proxies=1,
        inline_seconds=5,
        code_window=timedelta(minutes=5),
        origins_kept=timedelta(days=90),
        claim=CLAIM,
        retries=RetryDelays(first=timedelta(seconds=15), longest=timedelta(hours=1)),
    )


@dataclass
class FakeOutside:
    """Implements ports.Outside. `records` are sealed, and `table` is what they are kept in."""

    forms: Mapping[str, Form] = field(default_factory=sample_forms)
    tokens: Tokens = field(default_factory=lambda: Tokens(TOKEN_KEYS, lasting_key(PEPPER)))
    rules: Rules = field(default_factory=rules)
    challenges: Challenges = field(default_factory=lambda: AltchaChallenges(PEPPER, SpentProofs()))
    queues: FakeQueues = field(default_factory=FakeQueues)
    table: FakeRecords = field(default_factory=FakeRecords)
    origin_keys: FakeOriginKeys = field(default_factory=FakeOriginKeys)
    limits: FakeLimits = field(default_factory=FakeLimits)
    rates: MailRates = field(default_factory=MailRates)
    mailer: FakeMailer = field(default_factory=FakeMailer)
    compose_mail: ComposeMail = field(
        default_factory=lambda: MailComposer(PUBLIC_URL, Tokens(TOKEN_KEYS), PEPPER)
    )
    mail_frames: FakeMailFrames = field(default_factory=FakeMailFrames)
    customer_insights: FakeCustomerInsights = field(default_factory=FakeCustomerInsights)
    leads: FakeLeads = field(default_factory=FakeLeads)
    lead_rows: FakeLeadRows = field(default_factory=FakeLeadRows)
    funnel: FakeFunnel = field(default_factory=FakeFunnel)
    clock: datetime = NOON

    @cached_property
    def kept_mails(self) -> FramedMails:
        return FramedMails(self.mail_frames, PEPPER)

    @cached_property
    def records(self) -> SealedRecords:
        origins = OriginKeeping(self.origin_keys, self.now, self.rules.origins_kept)
        return SealedRecords(self.table, origins, SIGNING_KEY)

    @cached_property
    def dataverse_people(self) -> FakePeople:
        return FakePeople(self.customer_insights)

    @cached_property
    def throttles(self) -> SharedThrottles:
        return SharedThrottles(self.limits, rates=self.rates, per_source_and_hour=SOURCE_BUDGET)

    @cached_property
    def tally(self) -> EventTally:
        """Writes when it is told to, and by no thread."""
        return EventTally(lambda: self.funnel, self.now, by="process-1", later=lambda _: None)

    def now(self) -> datetime:
        return self.clock

    def pause(self, by: timedelta) -> None:
        self.pass_time(by)

    def pass_time(self, by: timedelta) -> None:
        """Move the clock forward."""
        self.clock += by
