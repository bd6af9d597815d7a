"""The mail quota of all instances together, taken in small blocks."""

from collections import Counter, deque
from datetime import datetime, timedelta
from threading import RLock

from shared.ports import Limits
from shared.throttles.counted_row import CountedRow
from shared.values.mail_rate import MAILS_ROW, Lane, MailRates, MailsSent

# How long after it was taken a mail may leave: it counts in the minute it was taken in.
_LASTS = timedelta(seconds=5)
_NO_LONGER = timedelta(hours=1)  # then it counts in no window any more


class MailThrottle:
    """One per process; safe to call from several threads.

    What was taken and not sent stays here as a spare. While it is young another mail may have
    it; then the next write gives it back to the row.
    """

    def __init__(self, limits: Limits, rates: MailRates) -> None:
        self._rates = rates
        self._row = CountedRow(limits, MAILS_ROW, MailsSent())
        self._spare: deque[datetime] = deque()  # when each was taken, the oldest first
        self._lock = RLock()

    def take(self, lane: Lane, now: datetime) -> timedelta | None:
        """Take one mail: None when it may leave now, else how long to wait.

        Raises TemporaryFailure.
        """
        if not self._rates.are_limited:
            return None
        with self._lock:
            if lane is Lane.FRESH and self._spare and now - self._spare[-1] < _LASTS:
                self._spare.pop()
                return None
            return self._from_row(lane, now)

    def give_back(self, now: datetime) -> None:
        """The mail that was taken just now did not have to be sent, or could not be."""
        if self._rates.are_limited:
            with self._lock:
                self._spare.append(now)

    def _from_row(self, lane: Lane, now: datetime) -> timedelta | None:
        # A block was taken at one time: with a large quota it may be hundreds.
        unused = Counter(at for at in self._spare if _LASTS <= now - at < _NO_LONGER)
        got = 0

        def move(sent: MailsSent) -> MailsSent | None:
            nonlocal got
            for at, count in unused.items():
                sent = sent.give_back(count, at)
            wanted = self._rates.block if lane is Lane.FRESH else 1
            got = min(wanted, sent.free(self._rates, lane, now))
            return sent.take(got, now) if got or unused else None

        sent = self._row.change(move)
        self._spare = deque(at for at in self._spare if now - at < _LASTS)
        if not got:
            return sent.wait(self._rates, lane, now)
        self._spare.extend([now] * (got - 1))
        return None
