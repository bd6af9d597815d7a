"""How many mails a mailbox may get: the guard against bombing a stranger with sign-ups."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.values.base import Value
from shared.values.evidence.chain import Chain

DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class MailLimits:
    """The limits, for all forms together."""

    per_day: int
    cooldown: timedelta = timedelta(0)


class ErasedAddress(Value):
    """An address of the mailbox was erased at `at`; the note of it is kept until `until`."""

    at: datetime
    until: datetime


class MailboxRow(Value):
    """The row of a mailbox beside its records: mails of the last day, and suppression.

    It names nobody: its partition key is a keyed hash. `last_asked` is the hash of the entry
    `asked` of its latest registration, on which the chain of the next one builds. `erased` is by
    the keyed digests of addresses that were erased.
    """

    mailed_at: tuple[datetime, ...] = ()
    suppressed_until: datetime | None = None
    last_asked: str | None = None
    erased: Mapping[str, ErasedAddress] = {}

    def refusal(self, limits: MailLimits, now: datetime) -> str | None:
        """Why no mail may go out now ("suppressed", "daily_cap"); None when one may."""
        if self.is_suppressed(now):
            return "suppressed"
        if len(self._recent(now)) >= limits.per_day:
            return "daily_cap"
        return None

    def cools_until(self, limits: MailLimits, now: datetime) -> datetime | None:
        """When the next mail may go out, if the last one was only just now."""
        ends = max(self.mailed_at, default=now - limits.cooldown) + limits.cooldown
        return ends if ends > now else None

    def is_suppressed(self, now: datetime) -> bool:
        """The owner of the mailbox said "this was not me", and that still holds."""
        return self.suppressed_until is not None and self.suppressed_until > now

    def take_mail(self, now: datetime) -> "MailboxRow":
        """One mail less in the budget."""
        return self.model_copy(update={"mailed_at": (*self._recent(now), now)})

    def suppress(self, until: datetime) -> "MailboxRow":
        """No mail before `until`; an earlier, longer wish stands. The budget is not kept."""
        wished = max(until, self.suppressed_until or until)
        return self.model_copy(update={"mailed_at": (), "suppressed_until": wished})

    def without(self, chain: Chain) -> "MailboxRow":
        """A registration is forgotten; if it was the latest, the one before it is so again."""
        if chain.asked is None or chain.asked != self.last_asked:
            return self
        return self.model_copy(update={"last_asked": chain.previous or None})

    def at_rest(self) -> "MailboxRow":
        """What stays of it once it restricts no mail, while the mailbox has a record or a proof."""
        return MailboxRow(last_asked=self.last_asked, erased=self.erased)

    def without_past_erasures(self, now: datetime) -> "MailboxRow":
        """Without the notes whose time is over."""
        erased = {address: note for address, note in self.erased.items() if note.until > now}
        return self.model_copy(update={"erased": erased})

    def erase(self, address: str, at: datetime, until: datetime) -> "MailboxRow":
        """The address (its digest) was erased: what it asked for up to `at` is not taken in."""
        known = self.erased.get(address)
        note = ErasedAddress(at=at, until=max(until, known.until) if known else until)
        return self.model_copy(update={"erased": {**self.erased, address: note}})

    def was_erased_since(self, address: str, asked_at: datetime | None) -> bool:
        """Whether somebody erased the address (its digest) after it had asked, maybe long ago."""
        note = self.erased.get(address)
        return note is not None and (asked_at is None or asked_at <= note.at)

    def without_mails(self) -> "MailboxRow":
        """Without the times of mails: nobody is left whom they were sent to."""
        return self.model_copy(update={"mailed_at": ()})

    def spent_at(self) -> datetime:
        """When it restricts no mail any more. Needs at least one mail or a suppression."""
        ends = [at + DAY for at in self.mailed_at]
        return max([*ends, self.suppressed_until] if self.suppressed_until else ends)

    def is_spent(self, now: datetime) -> bool:
        """It restricts no mail any more."""
        return not self._recent(now) and not self.is_suppressed(now)

    def _recent(self, now: datetime) -> tuple[datetime, ...]:
        return tuple(at for at in self.mailed_at if at > now - DAY)
