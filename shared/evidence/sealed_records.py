"""Records that are evidence: the chain is sealed and signed, origins are kept apart."""

import secrets
from collections.abc import Mapping

from shared.evidence.origin_keeping import OriginKeeping
from shared.ports import Records, Versioned
from shared.values.erased import ErasureProof
from shared.values.evidence.entry import Entry, Facts
from shared.values.evidence.facts import ORIGIN, SALT
from shared.values.evidence.origin import sealed_digest
from shared.values.evidence.record_origins import origin_name, without_origins
from shared.values.evidence.signing import SigningKey
from shared.values.mail_budget import MailboxRow
from shared.values.record import Record, RecordKey

_SALT_BYTES = 16


class SealedRecords:
    """Implements ports.Records on top of another, at no further operation for a record.

    Whoever reads gets the record as it was before it was saved, with the chain sealed.
    """

    def __init__(self, records: Records, origins: OriginKeeping, signing: SigningKey) -> None:
        self._records, self._origins, self._signing = records, origins, signing

    def find(self, key: RecordKey) -> Versioned[Record] | None:
        """See ports.Records."""
        stored = self._records.find(key)
        return None if stored is None else self._opened(stored)

    def find_mailbox(self, mailbox_key: str) -> Versioned[MailboxRow]:
        """See ports.Records."""
        return self._records.find_mailbox(mailbox_key)

    def in_mailbox(self, mailbox_key: str) -> list[Versioned[Record]]:
        """See ports.Records."""
        return [self._opened(stored) for stored in self._records.in_mailbox(mailbox_key)]

    def with_id(self, registration_id: str) -> list[Versioned[Record]]:
        """See ports.Records."""
        return [self._opened(stored) for stored in self._records.with_id(registration_id)]

    def save(
        self, record: Versioned[Record], mailbox: Versioned[MailboxRow] | None = None
    ) -> Versioned[Record]:
        """See ports.Records. The first entry of a new record builds on the mailbox's latest."""
        previous = (mailbox.value.last_asked if mailbox else None) or ""
        sealed = self._sealed(record.value, previous)
        if mailbox and sealed.chain.asked and record.value.chain.asked is None:
            asked = {"last_asked": sealed.chain.asked}
            mailbox = mailbox.moved_to(mailbox.value.model_copy(update=asked))
        saved = self._records.save(record.moved_to(without_origins(sealed)), mailbox)
        return saved.moved_to(sealed)

    def save_mailbox(self, mailbox_key: str, mailbox: Versioned[MailboxRow]) -> None:
        """See ports.Records."""
        self._records.save_mailbox(mailbox_key, mailbox)

    def forget(
        self,
        record: Versioned[Record],
        mailbox: Versioned[MailboxRow] | None = None,
        proof: ErasureProof | None = None,
    ) -> None:
        """See ports.Records."""
        self._records.forget(record, mailbox, proof)

    def proofs(self, mailbox_key: str) -> list[Versioned[ErasureProof]]:
        """See ports.Records."""
        return self._records.proofs(mailbox_key)

    def proofs_with_id(self, registration_id: str) -> list[Versioned[ErasureProof]]:
        """See ports.Records."""
        return self._records.proofs_with_id(registration_id)

    def find_proof(self, key: RecordKey) -> Versioned[ErasureProof] | None:
        """See ports.Records."""
        return self._records.find_proof(key)

    def drop_proof(self, proof: Versioned[ErasureProof]) -> None:
        """See ports.Records."""
        self._records.drop_proof(proof)

    def reach(self) -> None:
        """See ports.Records."""
        self._records.reach()

    def _opened(self, stored: Versioned[Record]) -> Versioned[Record]:
        return stored.moved_to(self._origins.opened(stored.value))

    def _sealed(self, record: Record, previous: str) -> Record:
        origins = self._origins.sealed(record)

        def complete(entry: Entry) -> Facts:
            return {**(entry.facts or {}), **_added(entry, origins)}

        chain = record.chain.sealed(complete, previous)
        signed = self._signing.signed(chain, record.registration_id)
        return record.model_copy(update={"origins": origins, "chain": signed})


def _added(entry: Entry, origins: Mapping[str, str]) -> Facts:
    salt = {SALT: secrets.token_urlsafe(_SALT_BYTES)}
    sealed = origins.get(origin_name(entry) or "")
    return salt | ({ORIGIN: sealed_digest(sealed)} if sealed else {})
