"""The app in memory with a host around it: a clock, queues that hide messages, and trouble."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

from functions import follow_up, promote, send_confirmation
from local.event_lines import event_in
from shared.failures import TemporaryFailure
from shared.mail.confirmation_mail import MailComposer
from shared.ports import Outside
from shared.values.confirmation_token import Tokens
from tests.examples import NOON, PEPPER, TOKEN_KEYS, sample_forms
from tests.fakes.customer_insights import FakeCustomerInsights
from tests.fakes.limits import FakeLimits
from tests.fakes.mail_frames import FakeMailFrames
from tests.fakes.mailer import FakeMailer
from tests.fakes.outside import PUBLIC_URL, FakeOutside
from tests.fakes.queues import FakeQueues, Waiting
from tests.fakes.records import FakeRecords
from tests.properties.flaky import Died, Faults, Flaky

# The host hides a message that it has fetched; it returns when nobody deletes it.
HIDDEN = timedelta(minutes=10)
SETTLE: dict[str, Callable[[bytes, Outside], None]] = {
    "registrations": send_confirmation.settle,
    "promotions": promote.settle,
    "follow-ups": follow_up.settle,
}
# Reading forms and templates takes long, and neither changes.
_FORMS = sample_forms()
_FORMS["newsletter"] = _FORMS["newsletter"].model_copy(update={"reminder_after": timedelta(days=1)})
_TOKENS = Tokens(TOKEN_KEYS)
_COMPOSER = MailComposer(PUBLIC_URL, _TOKENS, PEPPER)


class EventLog(logging.Handler):
    """`ended` collects the ids of registrations of which the app said that nothing follows."""

    def __init__(self) -> None:
        super().__init__()
        self.ended: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep what ends a registration without a record."""
        event = event_in(record.getMessage())
        if event and event["event"] in {"mail_withheld", "never_mailed"}:
            self.ended.add(event["registration"])


@dataclass
class Hosted:
    """`mailer`, `records`, `queues`, `insights` are the fakes; `outside` reaches them by faults."""

    mailer: FakeMailer = field(default_factory=FakeMailer)
    records: FakeRecords = field(default_factory=FakeRecords)
    queues: FakeQueues = field(default_factory=FakeQueues)
    frames: FakeMailFrames = field(default_factory=FakeMailFrames)
    limits: FakeLimits = field(default_factory=FakeLimits)
    insights: FakeCustomerInsights = field(default_factory=FakeCustomerInsights)
    faults: Faults = field(default_factory=Faults)
    log: EventLog = field(default_factory=EventLog)
    delivered: list[tuple[str, str]] = field(default_factory=list)
    _due: dict[str, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.outside = FakeOutside(
            forms=_FORMS,
            tokens=_TOKENS,
            compose_mail=_COMPOSER,
            mailer=cast("FakeMailer", Flaky(self.mailer, self.faults)),
            table=cast("FakeRecords", Flaky(self.records, self.faults)),
            queues=cast("FakeQueues", Flaky(self.queues, self.faults)),
            mail_frames=cast("FakeMailFrames", Flaky(self.frames, self.faults)),
            limits=cast("FakeLimits", Flaky(self.limits, self.faults, locked=True)),
            customer_insights=cast("FakeCustomerInsights", Flaky(self.insights, self.faults)),
            clock=NOON,
        )

    def start(self) -> None:
        """Listen to the app's events."""
        logger = logging.getLogger("doi")
        self._level = logger.level
        logger.setLevel(logging.INFO)
        logger.addHandler(self.log)

    def stop(self) -> None:
        """Listen no more."""
        logger = logging.getLogger("doi")
        logger.setLevel(self._level)
        logger.removeHandler(self.log)

    def note_due_times(self) -> None:
        """When each new message becomes visible. To be called before the clock moves."""
        for queue in SETTLE:
            for waiting in self.queues.messages.get(queue, []):
                self._due.setdefault(waiting.id, self.outside.now() + waiting.visible_in)

    def visible(self) -> list[tuple[str, Waiting]]:
        """Messages that a worker may fetch now, oldest first."""
        self.note_due_times()
        now = self.outside.now()
        return [(queue, waiting) for at, queue, waiting in self._by_time() if at <= now]

    def next_due(self) -> datetime | None:
        """When the next message becomes visible."""
        self.note_due_times()
        return next((at for at, _, _ in self._by_time()), None)

    def deliver(self, queue: str, waiting: Waiting) -> None:
        """Hand a message to its function; it stays when the function fails or the process dies."""
        # Hidden, not gone: a nested worker must not fetch it, and a dead one leaves it behind.
        self._due[waiting.id] = self.outside.now() + HIDDEN
        self.delivered.append((queue, waiting.body))
        try:
            SETTLE[queue](waiting.body.encode(), self.outside)
        except (TemporaryFailure, Died):
            return
        stays = self.queues.messages[queue]
        stays[:] = [other for other in stays if other.id != waiting.id]

    def deliver_again(self, queue: str, body: str) -> None:
        """A second delivery of a message."""
        try:
            SETTLE[queue](body.encode(), self.outside)
        except (TemporaryFailure, Died):
            self.queues.put(queue, body, visible_in=HIDDEN)

    def replay_poison(self) -> None:
        """As an operator does once the cause is mended."""
        for queue in SETTLE:
            for body in self.queues.take_all(f"{queue}-poison"):
                self.queues.put(queue, body)

    def is_waiting(self, registration_id: str, *queues: str) -> bool:
        """Whether a message in one of the queues (in any, where none is named) names it."""
        return any(
            registration_id in body
            for queue in queues or tuple(self.queues.messages)
            for body in self.queues.bodies(queue)
        )

    def _by_time(self) -> list[tuple[datetime, str, Waiting]]:
        found = [
            (self._due[waiting.id], queue, waiting)
            for queue in SETTLE
            for waiting in self.queues.messages.get(queue, [])
        ]
        return sorted(found, key=lambda entry: (entry[0], int(entry[2].id)))
