"""Records in memory, for the same test cases as the real table."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from shared.failures import Changed, TemporaryFailure
from shared.ports import Versioned
from shared.values.erased import ErasureProof
from shared.values.mail_budget import MailboxRow
from shared.values.record import Record, RecordKey


@dataclass
class FakeRecords:
    """Implements ports.Records, ETags included."""

    records: dict[RecordKey, Versioned[Record]] = field(default_factory=dict)
    mailboxes: dict[str, Versioned[MailboxRow]] = field(default_factory=dict)
    kept_proofs: dict[RecordKey, Versioned[ErasureProof]] = field(default_factory=dict)
    down: bool = False
    _etags: Iterator[int] = field(default_factory=lambda: count(1))

    def find(self, key: RecordKey) -> Versioned[Record] | None:
        self.reach()
        return self.records.get(key)

    def find_mailbox(self, mailbox_key: str) -> Versioned[MailboxRow]:
        self.reach()
        return self.mailboxes.get(mailbox_key, Versioned(value=MailboxRow(), etag=None))

    def in_mailbox(self, mailbox_key: str) -> list[Versioned[Record]]:
        self.reach()
        return [stored for key, stored in self.records.items() if key.mailbox_key == mailbox_key]

    def with_id(self, registration_id: str) -> list[Versioned[Record]]:
        self.reach()
        return [
            stored for key, stored in self.records.items() if key.registration_id == registration_id
        ]

    def save(
        self, record: Versioned[Record], mailbox: Versioned[MailboxRow] | None = None
    ) -> Versioned[Record]:
        self.reach()
        key = record.value.key
        self._expect(self.records.get(key), record)
        if mailbox is not None:
            self._write_mailbox(key.mailbox_key, mailbox)
        saved = record.saved_as(self._etag())
        self.records[key] = saved
        return saved

    def save_mailbox(self, mailbox_key: str, mailbox: Versioned[MailboxRow]) -> None:
        self.reach()
        self._write_mailbox(mailbox_key, mailbox)

    def forget(
        self,
        record: Versioned[Record],
        mailbox: Versioned[MailboxRow] | None = None,
        proof: ErasureProof | None = None,
    ) -> None:
        self.reach()
        key = record.value.key
        self._expect(self.records.get(key), record)
        if mailbox is not None:
            self._write_mailbox(key.mailbox_key, mailbox)
        if proof is not None:
            self.kept_proofs[proof.key] = Versioned(value=proof, etag=self._etag())
        del self.records[key]

    def proofs(self, mailbox_key: str) -> list[Versioned[ErasureProof]]:
        self.reach()
        return [one for key, one in self.kept_proofs.items() if key.mailbox_key == mailbox_key]

    def proofs_with_id(self, registration_id: str) -> list[Versioned[ErasureProof]]:
        self.reach()
        return [
            one for key, one in self.kept_proofs.items() if key.registration_id == registration_id
        ]

    def find_proof(self, key: RecordKey) -> Versioned[ErasureProof] | None:
        self.reach()
        return self.kept_proofs.get(key)

    def drop_proof(self, proof: Versioned[ErasureProof]) -> None:
        self.reach()
        self._expect(self.kept_proofs.get(proof.value.key), proof)
        del self.kept_proofs[proof.value.key]

    def reach(self) -> None:
        if self.down:
            raise TemporaryFailure("table registrations: down")

    def _write_mailbox(self, mailbox_key: str, mailbox: Versioned[MailboxRow]) -> None:
        self._expect(self.mailboxes.get(mailbox_key), mailbox)
        if mailbox.value == MailboxRow():
            del self.mailboxes[mailbox_key]
        else:
            self.mailboxes[mailbox_key] = mailbox.saved_as(self._etag())

    def _etag(self) -> str:
        return f'W/"{next(self._etags)}"'

    @staticmethod
    def _expect(
        stored: Versioned[Record] | Versioned[MailboxRow] | Versioned[ErasureProof] | None,
        given: Versioned[Record] | Versioned[MailboxRow] | Versioned[ErasureProof],
    ) -> None:
        if (stored.etag if stored else None) != given.etag:
            raise Changed
