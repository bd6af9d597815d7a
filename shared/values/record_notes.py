"""What a record notes on its way: each mail, the click, the hand-over."""

from datetime import datetime
from enum import StrEnum

from shared.values.base import Value

# After so many attempts without an answer a mail that cannot be asked about is not repeated.
MOST_UNKNOWN = 3


class MailKind(StrEnum):
    """Why a mail was sent. Each mail of a record has a number, counted from 1."""

    CONFIRMATION = "confirmation"
    RENEWAL = "renewal"
    REMINDER = "reminder"


class MailNote(Value):
    """One mail of this record: taken from the budget, claimed by one worker, then sent.

    `composed_at` is the time that its text and its links are of. An attempt whose outcome is
    unknown is repeated with the same text, so that the evidence is of the mail that left; one
    that was refused is written anew, so that no link has aged when it arrives. `unknown` counts
    the attempts without an answer.
    """

    number: int
    kind: MailKind
    taken_at: datetime
    composed_at: datetime | None
    unknown: int = 0
    busy_until: datetime | None = None
    sent_at: datetime | None = None
    provider: str | None = None
    message_id: str | None = None
    subject: str | None = None
    text_digest: str | None = None

    @property
    def text_of(self) -> datetime:
        """The time to write it with: set while it is claimed, and once it was sent."""
        return self.composed_at or self.taken_at


class Click(Value):
    """The confirmation: when, and from where."""

    at: datetime
    address: str | None
    user_agent: str | None


class Promotion(Value):
    """How far the hand-over came; each sub-step is noted so that no retry repeats it.

    `busy_until`: a worker is firing the trigger.
    """

    contact_id: str
    contact_created: bool
    consent_ids: tuple[str, ...]
    written_at: datetime
    busy_until: datetime | None = None
    triggered_at: datetime | None = None

    def claim(self, until: datetime) -> "Promotion":
        """A worker is about to fire the trigger; no other may try before `until`."""
        return self.model_copy(update={"busy_until": until})

    def release(self) -> "Promotion":
        """It did not work; the next worker may try."""
        return self.model_copy(update={"busy_until": None})
