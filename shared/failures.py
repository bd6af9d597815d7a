"""How the outside can fail. Two failures are all that the story has to tell apart:

    TemporaryFailure   it may work later: wait, then try again
    PermanentFailure   it will fail again until somebody mends the cause

Neither carries personal data: their texts end in logs and in poison queues.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import timedelta

    from shared.values.about import About
    from shared.values.messages import Message


class TemporaryFailure(Exception):
    """It may work later; `retry_after` (seconds) is what the other side asked for, if it did.

    `may_have_happened`: the answer is missing, so what was asked for may have been done; `by`
    names who may have done it, where there are several. `of_this_one`: it says nothing about
    others (a full mailbox, our own connection that is busy). `throttled`: the other side said
    that it was asked too often.
    """

    def __init__(
        self,
        reason: str,
        retry_after: float | None = None,
        *,
        may_have_happened: bool = False,
        by: str | None = None,
        of_this_one: bool = False,
    ) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
        self.may_have_happened = may_have_happened
        self.by = by
        self.of_this_one = of_this_one
        self.throttled = False


class TooSoon(TemporaryFailure):
    """Nothing failed: it is not its turn before `wait` is over.

    `instead` is the message to come back with, if not the one that was delivered.
    """

    def __init__(self, reason: str, wait: timedelta, instead: Message | None = None) -> None:
        super().__init__(reason, retry_after=wait.total_seconds())
        self.wait = wait
        self.instead = instead


class PermanentFailure(Exception):
    """It will fail again until somebody mends the cause, which the text names.

    `replay` is the message to keep for the replay instead of the one that failed; `about` is
    set by whoever knows more of the registration than the message does.
    """

    def __init__(self, reason: str, replay: Message | None = None) -> None:
        super().__init__(reason)
        self.replay = replay
        self.about: About | None = None


class Changed(Exception):
    """Somebody else moved the row first. Read it again and decide anew."""


# Lost races end after one more look; more than this means that something is wrong.
RACES = 5
