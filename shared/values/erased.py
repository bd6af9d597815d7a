"""What is left of somebody who was erased: a keyed digest, and for each record a minimal proof."""

from typing import Self

from pydantic import AwareDatetime

from shared.values.base import Value
from shared.values.evidence.chain import Chain
from shared.values.keyed_digest import keyed_digest
from shared.values.mailbox import canonical
from shared.values.record import Record, RecordKey


class ErasureProof(Value):
    """That a registration was, and what happened when: hashes, and nothing that names the person.

    `address` is the keyed digest of the exact address: who claims to be the person, or not to be,
    has to name the address, and only the holder of the pepper can compare. `chain` is without
    facts; it is empty for a record that is older than the evidence.
    """

    mailbox_key: str
    registration_id: str
    form: str
    address: str
    asked_at: AwareDatetime
    confirmed_at: AwareDatetime | None
    promoted_at: AwareDatetime | None
    erased_at: AwareDatetime
    until: AwareDatetime
    chain: Chain = Chain()

    @classmethod
    def of(
        cls, record: Record, address: str, erased_at: AwareDatetime, until: AwareDatetime
    ) -> Self:
        """Of a record that is about to be erased."""
        chain = record.chain
        return cls(
            mailbox_key=record.mailbox_key,
            registration_id=record.registration_id,
            form=record.form,
            address=address,
            asked_at=record.asked_at,
            confirmed_at=record.click.at if record.click else None,
            promoted_at=record.promotion.triggered_at if record.promotion else None,
            erased_at=erased_at,
            until=until,
            # Facts that nobody has sealed have nothing random: they could be guessed.
            chain=chain.without_facts() if chain.is_sealed else Chain(),
        )

    @property
    def was_under_way(self) -> bool:
        """A worker may have been handing it over to Dataverse when it was erased."""
        return self.confirmed_at is not None and self.promoted_at is None

    @property
    def key(self) -> RecordKey:
        """Where the record was."""
        return RecordKey(mailbox_key=self.mailbox_key, registration_id=self.registration_id)


def address_digest(address: str, pepper: str) -> str:
    """HMAC-SHA256 (64 hex digits) of the exact address in canonical form."""
    return keyed_digest(pepper, "erased address", canonical(address)).hex()
