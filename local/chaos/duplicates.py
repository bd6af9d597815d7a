"""How often mails and triggers came twice: at-least-once by nature, so they are counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from local.chaos.aftermath import Aftermath


@dataclass(frozen=True, kw_only=True)
class Duplicates:
    """What came beyond the first. `mails_unanswered`: of these, the mail server kept its answer."""

    mails: int
    mails_unanswered: int
    triggers: int


def duplicates_in(aftermath: Aftermath) -> Duplicates:
    mails = beyond_the_first(mail.registration_id for mail in aftermath.mails)
    unanswered = Counter(mail.registration_id for mail in aftermath.mails if not mail.answered)
    return Duplicates(
        mails=sum(mails.values()),
        mails_unanswered=sum(min(count, unanswered[key]) for key, count in mails.items()),
        triggers=sum(
            beyond_the_first(fired.registration_id for fired in aftermath.stored.triggers).values()
        ),
    )


def beyond_the_first(things: Iterable[str]) -> dict[str, int]:
    """How many more than one of each there are, where there are more."""
    return {thing: count - 1 for thing, count in Counter(things).items() if count > 1}
