"""Dataverse and CIJ in memory, for the same test cases as the real ones."""

import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid5

from shared.failures import PermanentFailure, TemporaryFailure
from shared.ports import Deadline, WrittenContact
from shared.values.column_value import ColumnValue
from shared.values.contact import ConsentRow, ContactWithConsents, TriggerCall
from shared.values.journey_row import NewJourneyRow
from shared.values.mailbox import canonical

ConsentKey = tuple[str, str, str | None]


@dataclass
class StoredContact:
    """A contact; `modified` rises with every change to any contact."""

    id: str
    email: str
    columns: dict[str, ColumnValue]
    modified: int
    active: bool = True


@dataclass
class StoredConsent:
    """A consent row for e-mail."""

    id: str
    opted_in: bool
    reason: str


@dataclass(frozen=True, kw_only=True)
class FiredTrigger:
    """A trigger call as CIJ received it."""

    name: str
    contact_id: str
    binding_id: str
    attributes: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class StoredJourneyRow:
    """A row whose creation started a journey."""

    contact_id: str
    columns: Mapping[str, ColumnValue]


@dataclass(frozen=True, kw_only=True)
class KnownTable:
    """A table for journey rows: its alternate key, its lookup to contacts, its columns."""

    key_column: str
    contact: str
    columns: Collection[str]


@dataclass
class FakeCustomerInsights:
    """Implements ports.CustomerInsights.

    `failures` are raised by the next calls, one each; so many of the following calls as
    `lost_answers` says do their work and fail all the same. What the environment knows is
    checked where it is given; `known_triggers` maps names to attributes, `known_tables` entity
    sets to tables. `journey_rows` are by address; `journey_starts` has the contact of each start.
    """

    contacts: dict[str, StoredContact] = field(default_factory=dict)
    consents: dict[ConsentKey, StoredConsent] = field(default_factory=dict)
    triggers: list[FiredTrigger] = field(default_factory=list)
    journey_rows: dict[str, StoredJourneyRow] = field(default_factory=dict)
    journey_starts: list[str] = field(default_factory=list)
    failures: list[TemporaryFailure | PermanentFailure] = field(default_factory=list)
    lost_answers: int = 0
    known_columns: Collection[str] | None = None
    known_purposes: Collection[str] | None = None
    known_triggers: Mapping[str, Collection[str]] | None = None
    known_tables: Mapping[str, KnownTable] | None = None
    _modified: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def write(self, contact: ContactWithConsents, deadline: Deadline) -> WrittenContact:
        """See ports.CustomerInsights."""
        with self._lock:
            self._begin(deadline)
            self._check(contact)
            written = self._written(contact)
            self._end()
            return written

    def fire(self, trigger: TriggerCall, contact_id: str, deadline: Deadline) -> None:
        """See ports.CustomerInsights."""
        with self._lock:
            self._begin(deadline)
            if self.known_triggers is not None:
                if trigger.name not in self.known_triggers:
                    raise PermanentFailure(f"no trigger {trigger.name}")
                if set(trigger.attributes) != set(self.known_triggers[trigger.name]):
                    raise PermanentFailure(f"trigger {trigger.name} has other attributes")
            self.triggers.append(
                FiredTrigger(
                    name=trigger.name,
                    contact_id=contact_id,
                    binding_id=trigger.binding_id,
                    attributes=dict(trigger.attributes),
                )
            )
            self._end()

    def add_contact(
        self,
        contact_id: str,
        email: str,
        columns: Mapping[str, ColumnValue],
        *,
        active: bool = True,
    ) -> None:
        """A contact that somebody else made."""
        self._modified += 1
        self.contacts[contact_id] = StoredContact(
            id=contact_id,
            email=email,
            columns=dict(columns),
            modified=self._modified,
            active=active,
        )

    def contact_of(self, email: str) -> StoredContact | None:
        """The active contact with this address that was modified last."""
        matching = [
            contact
            for contact in self.contacts.values()
            if contact.active and canonical(contact.email) == canonical(email)
        ]
        return max(matching, key=lambda contact: contact.modified, default=None)

    def _begin(self, deadline: Deadline) -> None:
        if deadline.remaining() <= 0:
            raise TemporaryFailure("no time left")
        if self.failures:
            raise self.failures.pop(0)

    def _end(self) -> None:
        if self.lost_answers:
            self.lost_answers -= 1
            raise TemporaryFailure("no answer")

    def _check(self, contact: ContactWithConsents) -> None:
        if self.known_columns is not None and set(contact.columns) - set(self.known_columns):
            raise PermanentFailure("the environment has no such column")
        for consent in contact.consents:
            if self.known_purposes is not None and consent.purpose_id not in self.known_purposes:
                raise PermanentFailure("the environment has no such purpose")
        if self.known_tables is not None and contact.journey_row:
            _check_row(contact.journey_row, self.known_tables.get(contact.journey_row.entity_set))

    def _written(self, contact: ContactWithConsents) -> WrittenContact:
        row = contact.journey_row
        if row and row.address in self.journey_rows:
            return self._written_before(contact, self.journey_rows[row.address])
        stored = self.contact_of(contact.email)
        consent_ids = tuple(self._opted_in(contact, consent) for consent in contact.consents)
        if stored is None:
            taken = contact.new_id in self.contacts
            new_id = str(uuid5(UUID(contact.new_id), "1")) if taken else contact.new_id
            self.add_contact(new_id, contact.email, contact.columns)
        else:
            new_id = stored.id
            self._modified += 1
            stored.modified = self._modified
            stored.columns.update(contact.columns)
        if row:
            self.journey_rows[row.address] = StoredJourneyRow(
                contact_id=new_id, columns=dict(row.columns)
            )
            self.journey_starts.append(new_id)
        return WrittenContact(contact_id=new_id, created=stored is None, consent_ids=consent_ids)

    def _written_before(
        self, contact: ContactWithConsents, row: StoredJourneyRow
    ) -> WrittenContact:
        keys = [_key(contact, consent) for consent in contact.consents]
        ids = tuple(self.consents[key].id for key in keys if key in self.consents)
        return WrittenContact(contact_id=row.contact_id, created=False, consent_ids=ids)

    def _opted_in(self, contact: ContactWithConsents, consent: ConsentRow) -> str:
        row = self.consents.setdefault(
            _key(contact, consent),
            StoredConsent(id=consent.new_id, opted_in=True, reason=consent.reason),
        )
        if row.reason != consent.reason:  # else an earlier attempt wrote it
            row.opted_in, row.reason = True, consent.reason
        return row.id


def _key(contact: ContactWithConsents, consent: ConsentRow) -> ConsentKey:
    return (canonical(contact.email), consent.purpose_id, consent.topic_id)


def _check_row(row: NewJourneyRow, table: KnownTable | None) -> None:
    if table is None:
        raise PermanentFailure(f"the environment has no table {row.entity_set}")
    if (row.key_column, row.contact) != (table.key_column, table.contact):
        raise PermanentFailure(f"table {row.entity_set}: another key or lookup")
    if set(row.columns) - set(table.columns):
        raise PermanentFailure(f"table {row.entity_set} has no such column")
