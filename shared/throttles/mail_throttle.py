"""The mail quota of all instances together, taken in small blocks."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import RLock

from shared.ports import Limits
from shared.throttles.counted_row import CountedRow
from shared.values.mail_rate import Lane, MailRates, MailsSent

# Mails of a block that were not sent by then are given up: they count in the slot they were
# taken in, and must not leave in a later minute.
_BLOCK_LASTS = timedelta(seconds=5)


@dataclass
class _Block:
    left: int = 0
    taken_at: datetime | None = None


class MailThrottle:
    """One per process; safe to call from several threads."""

    def __init__(self, limits: Limits, rates: MailRates) -> None:
        self._rates = rates
        self._row = CountedRow(limits, "mails", MailsSent())
        self._block = _Block()
        self._lock = RLock()

    def take(self, lane: Lane, now: datetime) -> timedelta | None:
        """Take one mail: None when it may leave now, else how long to wait.

        Raises TemporaryFailure.
        """
        if not self._rates.are_limited:
            return None
        with self._lock:
            if lane is Lane.FRESH and self._from_block(now):
                return None
            return self._from_row(lane, now)

    def give_back(self, now: datetime) -> None:
        """The mail that was taken just now did not have to be sent."""
        if not self._rates.are_limited:
            return
        with self._lock:
            left = self._block.left if self._lasts(now) else 0
            self._block = _Block(left=left + 1, taken_at=now)

    def _from_block(self, now: datetime) -> bool:
        if not self._block.left or not self._lasts(now):
            return False
        self._block.left -= 1
        return True

    def _lasts(self, now: datetime) -> bool:
        taken_at = self._block.taken_at
        return taken_at is not None and now - taken_at < _BLOCK_LASTS

    def _from_row(self, lane: Lane, now: datetime) -> timedelta | None:
        got = 0

        def move(sent: MailsSent) -> MailsSent | None:
            nonlocal got
            wanted = self._rates.block if lane is Lane.FRESH else 1
            got = min(wanted, sent.free(self._rates, lane, now))
            return sent.take(got, now) if got else None

        sent = self._row.change(move)
        if not got:
            return sent.wait(self._rates, lane, now)
        if lane is Lane.FRESH:
            self._block = _Block(left=got - 1, taken_at=now)
        return None
