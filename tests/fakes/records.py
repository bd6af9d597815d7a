"""Records in memory, for the same test cases as the real table."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from shared.ports import Changed, TemporaryFailure, Versioned
from shared.values.mail_budget import Address
from shared.values.record import Record, RecordKey


@dataclass
class FakeRecords:
    """Implements ports.Records, ETags included."""

    records: dict[RecordKey, Versioned[Record]] = field(default_factory=dict)
    addresses: dict[str, Versioned[Address]] = field(default_factory=dict)
    down: bool = False
    _etags: Iterator[int] = field(default_factory=lambda: count(1))

    def find(self, key: RecordKey) -> Versioned[Record] | None:
        self.reach()
        return self.records.get(key)

    def find_address(self, mailbox_key: str) -> Versioned[Address]:
        self.reach()
        return self.addresses.get(mailbox_key, Versioned(value=Address(), etag=None))

    def save(
        self, record: Versioned[Record], address: Versioned[Address] | None = None
    ) -> Versioned[Record]:
        self.reach()
        key = record.value.key
        self._expect(self.records.get(key), record)
        if address is not None:
            self._write_address(key.mailbox_key, address)
        saved = record.saved_as(self._etag())
        self.records[key] = saved
        return saved

    def save_address(self, mailbox_key: str, address: Versioned[Address]) -> None:
        self.reach()
        self._write_address(mailbox_key, address)

    def forget(self, record: Versioned[Record], address: Versioned[Address] | None = None) -> None:
        self.reach()
        key = record.value.key
        self._expect(self.records.get(key), record)
        if address is not None:
            self._write_address(key.mailbox_key, address)
        del self.records[key]

    def reach(self) -> None:
        if self.down:
            raise TemporaryFailure("table registrations: down")

    def _write_address(self, mailbox_key: str, address: Versioned[Address]) -> None:
        self._expect(self.addresses.get(mailbox_key), address)
        if address.value == Address():
            del self.addresses[mailbox_key]
        else:
            self.addresses[mailbox_key] = address.saved_as(self._etag())

    def _etag(self) -> str:
        return f'W/"{next(self._etags)}"'

    @staticmethod
    def _expect(
        stored: Versioned[Record] | Versioned[Address] | None,
        given: Versioned[Record] | Versioned[Address],
    ) -> None:
        if (stored.etag if stored else None) != given.etag:
            raise Changed
