"""The limits that need a memory; each keeps its own, and shares what matters in table `limits`."""

from datetime import datetime, timedelta

from shared.ports import Limits
from shared.throttles.form_throttle import FormThrottle
from shared.throttles.mail_throttle import MailThrottle
from shared.throttles.source_throttle import SourceThrottle
from shared.values.mail_rate import Lane, MailRates


class SharedThrottles:
    """Implements ports.Throttles. One per process; safe to call from several threads."""

    def __init__(self, limits: Limits, *, rates: MailRates, per_source_and_hour: int) -> None:
        self._sources = SourceThrottle(limits, per_source_and_hour)
        self._mails = MailThrottle(limits, rates)
        self._forms = FormThrottle(limits)

    def source_slot(self, source: str, now: datetime) -> datetime | None:
        """See ports.Throttles."""
        return self._sources.slot(source, now)

    def complain(self, source: str, now: datetime) -> None:
        """See ports.Throttles."""
        self._sources.complain(source, now)

    def take_mail(self, lane: Lane, now: datetime) -> timedelta | None:
        """See ports.Throttles."""
        return self._mails.take(lane, now)

    def give_mail_back(self, now: datetime) -> None:
        """See ports.Throttles."""
        self._mails.give_back(now)

    def count_registration(self, form: str, ceiling: int, now: datetime) -> int | None:
        """See ports.Throttles."""
        return self._forms.count(form, ceiling, now)
