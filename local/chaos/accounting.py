"""Accounts for every registration, one by one: how did it end, and what does not add up?"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from local.chaos.broken import Broken, Promise
from local.chaos.effects import broken_effects
from local.chaos.sign_ups import Behaviour
from shared.values.link_view import LinkState

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from local.chaos.aftermath import Aftermath, FoundRecord
    from local.chaos.experience import Experience
    from local.chaos.queues import PoisonMessage
    from local.chaos.sign_ups import SignUp


class End(StrEnum):
    """How a registration ended."""

    PROMOTED = "promoted"
    PENDING = "pending (the person never reacted)"
    DECLINED = "declined"
    POISONED = "in a poison queue with its cause"
    NOT_ACCEPTED = "never acknowledged"
    NOWHERE = "NOWHERE"


@dataclass(frozen=True, kw_only=True)
class Account:
    """`broken` is empty when every promise was kept."""

    ends: Counter[End]
    broken: tuple[Broken, ...]


def account(experiences: Mapping[SignUp, Experience], aftermath: Aftermath) -> Account:
    """Compares what people and website saw with what was found."""
    poison: defaultdict[str, list[PoisonMessage]] = defaultdict(list)
    for message in aftermath.poison:
        poison[message.registration_id or "unknown"].append(message)
    ends: Counter[End] = Counter()
    broken: list[Broken] = []
    for sign_up, seen in experiences.items():
        registration_id = seen.registration_id
        if registration_id is None:
            ends[End.NOT_ACCEPTED] += 1
            broken.append(_not_accepted(sign_up, seen))
            continue
        record = aftermath.records.get(registration_id)
        end, why = _end_of(sign_up, seen, record, poison[registration_id])
        ends[end] += 1
        if why:
            broken.append(Broken(promise=Promise.KEPT, about=registration_id, reason=why))
    broken += _unexplained_poison(aftermath, experiences)
    broken += broken_effects(experiences, aftermath)
    return Account(ends=ends, broken=tuple(broken))


def _not_accepted(sign_up: SignUp, seen: Experience) -> Broken:
    answers = ", ".join(map(str, seen.statuses[-5:])) or "none"
    return Broken(
        promise=Promise.KEPT,
        about=f"sign-up {sign_up.number}",
        reason=f"was never acknowledged; the last answers: {answers}",
    )


def _end_of(
    sign_up: SignUp,
    seen: Experience,
    record: FoundRecord | None,
    poison: Sequence[PoisonMessage],
) -> tuple[End, str | None]:
    """The end, and what is wrong with it."""
    status = record.status if record else "gone"
    has_cause = any(message.failure for message in poison)
    if LinkState.CONFIRMED in seen.pages and status != "promoted":
        return End.NOWHERE, f"was shown as confirmed, but its record is {status}"
    match status:
        case "promoted":
            wrong = None if sign_up.behaviour.confirms else f"promoted, but {sign_up.behaviour}"
            end = End.PROMOTED, wrong
        case "gone" if LinkState.DECLINED in seen.pages:
            end = End.DECLINED, None
        case "gone" | "failed" if has_cause:
            end = End.POISONED, None
        case "pending" if sign_up.behaviour is Behaviour.IGNORE:
            end = End.PENDING, None
        case _:
            person = f"the person {sign_up.behaviour} and {_pages(seen)}"
            end = End.NOWHERE, f"its record is {status}, nothing is left to move it; {person}"
    return end


def _unexplained_poison(
    aftermath: Aftermath, experiences: Mapping[SignUp, Experience]
) -> Iterator[Broken]:
    """Only the people without a mailbox may remain there, and each message says why."""
    allowed = {
        seen.registration_id
        for sign_up, seen in experiences.items()
        if sign_up.behaviour is Behaviour.UNREACHABLE
    }
    for message in aftermath.poison:
        about = message.registration_id or "unknown"
        if message.failure is None:
            reason = f"lies in {message.queue}-poison without a cause"
        elif about not in allowed:
            reason = f"lies in {message.queue}-poison after its replay: {message.failure}"
        else:
            continue
        yield Broken(promise=Promise.WAITS, about=about, reason=reason)


def _pages(seen: Experience) -> str:
    shown = ", ".join(page.value if page else "an unknown page" for page in seen.pages)
    return f"saw {shown}" if shown else "saw no page"
