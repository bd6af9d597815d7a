"""How many mails a mailbox may get: the guard against bombing a stranger with sign-ups."""

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


class MailboxRow(Value):
    """The row of a mailbox beside its records: mails of the last day, and suppression.

    It names nobody: its partition key is a keyed hash. `last_asked` is the hash of the entry
    `asked` of its latest registration, on which the chain of the next one builds.
    """

    mailed_at: tuple[datetime, ...] = ()
    suppressed_until: datetime | None = None
    last_asked: str | None = None

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
        suppressed_until = max(until, self.suppressed_until or until)
        return MailboxRow(suppressed_until=suppressed_until, last_asked=self.last_asked)

    def without(self, chain: Chain) -> "MailboxRow":
        """A registration is forgotten; if it was the latest, the one before it is so again."""
        if chain.asked is None or chain.asked != self.last_asked:
            return self
        return self.model_copy(update={"last_asked": chain.previous or None})

    def at_rest(self) -> "MailboxRow":
        """What stays of it once it restricts nothing, while the mailbox has a record."""
        return MailboxRow(last_asked=self.last_asked)

    def spent_at(self) -> datetime:
        """When it restricts nothing any more. Needs at least one mail or a suppression."""
        ends = [at + DAY for at in self.mailed_at]
        return max([*ends, self.suppressed_until] if self.suppressed_until else ends)

    def is_spent(self, now: datetime) -> bool:
        """It restricts nothing any more, so the row can go."""
        return not self._recent(now) and not self.is_suppressed(now)

    def _recent(self, now: datetime) -> tuple[datetime, ...]:
        return tuple(at for at in self.mailed_at if at > now - DAY)
