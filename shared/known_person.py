"""What table `registrations` has about one address, for who looks after people."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.ports import Outside, Versioned
from shared.values.dataverse.person_rows import SoughtPerson, journey_tables_of
from shared.values.erased import ErasureProof, address_digest
from shared.values.mail_budget import MailboxRow
from shared.values.mailbox import canonical, mailbox_key
from shared.values.record import Record


@dataclass(frozen=True, kw_only=True)
class KnownPerson:
    """Of exactly one address; `digest` is the keyed one of it.

    `others` are records of other addresses that land in the same mailbox: who has one of them
    need not be who has the other.
    """

    address: str
    mailbox_key: str
    digest: str
    records: tuple[Versioned[Record], ...]
    proofs: tuple[ErasureProof, ...]
    mailbox: Versioned[MailboxRow]
    others: tuple[Record, ...]

    @property
    def registrations(self) -> tuple[str, ...]:
        """The ids of all that are known, erased ones included."""
        ids = [stored.value.registration_id for stored in self.records]
        return tuple(dict.fromkeys([*ids, *(proof.registration_id for proof in self.proofs)]))

    @property
    def other_addresses(self) -> tuple[str, ...]:
        """Each once, as it was given first."""
        given = {canonical(record.email): record.email for record in reversed(self.others)}
        return tuple(sorted(given.values()))


def known_person(address: str, outside: Outside) -> KnownPerson:
    """Three reads of one partition. `address` is normalised.

    Raises TemporaryFailure, and PermanentFailure where a row of the mailbox is damaged.
    """
    key = mailbox_key(address, outside.rules.pepper)
    digest = address_digest(address, outside.rules.pepper)
    stored = sorted(outside.records.in_mailbox(key), key=lambda one: one.value.asked_at)
    own, others = _divided(stored, address)
    return KnownPerson(
        address=address,
        mailbox_key=key,
        digest=digest,
        records=tuple(own),
        proofs=tuple(
            one.value for one in outside.records.proofs(key) if one.value.address == digest
        ),
        mailbox=outside.records.find_mailbox(key),
        others=tuple(one.value for one in others),
    )


def sought(person: KnownPerson, outside: Outside) -> SoughtPerson:
    """What Dataverse is asked for."""
    return SoughtPerson(
        address=person.address,
        registrations=person.registrations,
        journey_tables=journey_tables_of(outside.forms.values()),
    )


def _divided(
    stored: Sequence[Versioned[Record]], address: str
) -> tuple[list[Versioned[Record]], list[Versioned[Record]]]:
    wanted = canonical(address)
    own = [one for one in stored if canonical(one.value.email) == wanted]
    return own, [one for one in stored if one not in own]
