"""Erasing a person on request (GDPR Art. 17): everything of exactly one address.

Safe to repeat: whatever ends it half-way, the same call goes on. The order makes it so. First the
mailbox's row notes the address (a keyed digest): from then on nothing that was asked for before is
taken in, wherever it waits. Then the records go, each with its proof in one transaction; a worker
that was at one of them finds it gone. What is left in poison and in Dataverse comes last, since it
is found by the address and by the proofs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.dataverse.ports import OutsideWithPeople
from shared.erasure_mark import drop_mail_times, mark_erased
from shared.erasure_outcome import Erasure
from shared.known_person import KnownPerson, known_person, sought
from shared.person_messages import sweep_poison
from shared.ports import Deadline, Outside
from shared.promotion import LONGEST_HAND_OVER
from shared.record_erasure import erase_record

# A worker that was handing a record over has ended by then, and Dataverse what it was asked for.
SETTLES_AFTER = LONGEST_HAND_OVER + timedelta(seconds=30)
_DATAVERSE_SECONDS = 90


@dataclass(frozen=True, kw_only=True)
class InDataverse:
    """Erase there, too. `pause` is called where workers may be under way, with how long."""

    outside: OutsideWithPeople
    pause: Callable[[timedelta], None]


def erase(
    address: str, outside: Outside, done: Erasure, in_dataverse: InDataverse | None = None
) -> None:
    """Erase everything of this normalised address.

    Raises TemporaryFailure and PermanentFailure: `done` tells what is gone, the same call goes on.
    """
    person = known_person(address, outside)
    done.until = mark_erased(person, outside)
    found = known_person(address, outside)  # what came in before the mark is among it
    if found.records and not person.records:
        done.until = mark_erased(found, outside)
    for stored in found.records:
        erase_record(stored, found.digest, outside, done, everywhere=in_dataverse is not None)
    left = known_person(address, outside)
    done.others = left.other_addresses
    if not left.others:
        drop_mail_times(left.mailbox_key, outside)
    done.poison = sweep_poison(found, outside)
    settled_in = _settled_in(left, outside.now())
    done.may_be_written = settled_in > timedelta(0)
    if in_dataverse:
        _erase_in_dataverse(left, settled_in, in_dataverse, done)


def _settled_in(person: KnownPerson, now: datetime) -> timedelta:
    """How long a worker may still be writing what was erased; an earlier attempt's included."""
    ends = [proof.erased_at + SETTLES_AFTER for proof in person.proofs if proof.was_under_way]
    return max([timedelta(0), *(end - now for end in ends)])


def _erase_in_dataverse(
    person: KnownPerson, settled_in: timedelta, where: InDataverse, done: Erasure
) -> None:
    """Twice, where a worker may have been writing: what it wrote after the first time goes then."""
    wanted = sought(person, where.outside)
    people = where.outside.dataverse_people
    done.dataverse = people.delete(wanted, Deadline(_DATAVERSE_SECONDS))
    if settled_in:
        where.pause(settled_in)
        done.dataverse += people.delete(wanted, Deadline(_DATAVERSE_SECONDS))
        done.may_be_written = False
